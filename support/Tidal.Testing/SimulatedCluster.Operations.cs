using Tidal.Replication;
using Tidal.Schema;
using Tidal.Testing.Faults;
using Tidal.Testing.History;

namespace Tidal.Testing;

// What an operator orders; a cluster never does it by itself.
public sealed partial class SimulatedCluster
{
    /// <summary>
    /// Founds the group of a shard anew on empty disks, because more of its stores were lost than it can lose (PROTOCOL 6). It
    /// gets back from the other regions what they hold of its origin log; what it had acknowledged and not yet shipped is lost.
    /// </summary>
    /// <param name="region">The region.</param>
    /// <param name="shard">The shard.</param>
    /// <exception cref="InvalidOperationException">
    /// Another region's shard has no primary, so that the epoch cannot be known to be above every one that was seen.
    /// </exception>
    public void FoundAnew(RegionId region, ShardId shard)
    {
        var epoch = EpochsSeen(region, shard).Append(0UL).Max() + 1;
        WriteFault(HistoryKind.Returned, default, $"an operator founds {Topology.NameOf(region)}/{shard.Number} anew in epoch {epoch}");
        foreach (var replica in Topology.Replicas)
            ReplicaAt(new Address(region, shard, replica)).Crash(DiskFate.Lost, _world.Random);
        FoundGroup(region, shard, epoch);
    }

    /// <summary>
    /// Starts a region's gateway again: it forgets the routing table, where the primaries are, and the calls that are under way,
    /// which are never answered.
    /// </summary>
    /// <param name="region">The region.</param>
    public void RestartGateway(RegionId region)
    {
        WriteFault(HistoryKind.Returned, Address.OfGateway(region), $"the gateway of {Topology.NameOf(region)} is started again");
        _gateways[region.Ordinal].Restart();
    }

    private IEnumerable<ulong> EpochsSeen(RegionId region, ShardId shard)
    {
        foreach (var member in Topology.Regions.Where(member => member != region))
        {
            var primary = PrimaryOf(member, shard)
                ?? throw new InvalidOperationException($"{Topology.NameOf(member)}/{shard.Number} has no primary to ask.");
            foreach (var tenant in primary.State.Tenants.Values)
                yield return tenant.Origins.TryGetValue(region, out var origin) ? origin.Mark.Epoch : 0;
        }
        foreach (var replica in Replicas(region, shard))
            yield return replica.Raft.Epoch;
    }
}

using Tidal.Replication;
using Tidal.Schema;
using Tidal.Testing.Faults;
using Tidal.Testing.History;

namespace Tidal.Testing;

// What an operator orders; a cluster never does it by itself.
public sealed partial class SimulatedCluster
{
    /// <inheritdoc/>
    public override void FoundAnew(RegionId region, ShardId shard)
    {
        var epoch = EpochsSeen(region, shard).Append(0UL).Max() + 1;
        WriteFault(HistoryKind.Returned, default, $"an operator founds {Topology.NameOf(region)}/{shard.Number} anew in epoch {epoch}", new HistoryScope(HistorySort.Order, [region]) { Replica = new Address(region, shard, default) });
        foreach (var replica in Topology.Replicas)
            ReplicaAt(new Address(region, shard, replica)).Crash(DiskFate.Lost, _world.Random);
        FoundGroup(region, shard, epoch);
    }

    /// <inheritdoc/>
    public override void RestartGateway(RegionId region)
    {
        WriteFault(HistoryKind.Returned, Address.OfGateway(region), $"the gateway of {Topology.NameOf(region)} is started again", new HistoryScope(HistorySort.Order, [region]));
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

using Tidal.Log;
using Tidal.Replication;
using Tidal.Schema;
using Tidal.Testing.Faults;
using Tidal.Testing.History;

namespace Tidal.Testing;

// Where faults enter: the network between the nodes, and the life of what runs on them. Called by the faults themselves.
public abstract partial class ClusterUnderTest
{
    /// <summary>Starts a region's gateway again: it forgets the routing table, where the primaries are, and the calls that are under way.</summary>
    /// <param name="region">The region.</param>
    public abstract void RestartGateway(RegionId region);

    /// <summary>
    /// Founds the group of a shard anew on empty disks, because more of its stores were lost than it can lose (PROTOCOL 6). It
    /// gets back from the other regions what they hold of its origin log; what it had acknowledged and not yet shipped is lost.
    /// </summary>
    /// <param name="region">The region.</param>
    /// <param name="shard">The shard.</param>
    /// <exception cref="InvalidOperationException">
    /// Another region's shard has no primary, so that the epoch cannot be known to be above every one that was seen.
    /// </exception>
    /// <exception cref="VirtualTimeOnlyException">The cluster runs in real time.</exception>
    public abstract void FoundAnew(RegionId region, ShardId shard);

    /// <summary>Shuts messages from one region to another out, those under way included; calls add up.</summary>
    internal abstract void Block(RegionId from, RegionId to);

    /// <summary>Takes one <see cref="Block"/> back.</summary>
    internal abstract void Unblock(RegionId from, RegionId to);

    /// <summary>Cuts a replica off from the others of its group.</summary>
    internal abstract void CutOff(Address replica);

    /// <summary>Takes <see cref="CutOff"/> back.</summary>
    internal abstract void Connect(Address replica);

    /// <summary>Lets log data from one region to another stand still on its way.</summary>
    internal abstract void HoldUp(RegionId from, RegionId to);

    /// <summary>Lets it go on, in the order in which it was sent.</summary>
    internal abstract void Release(RegionId from, RegionId to);

    /// <summary>Stops a replica without a word: its memory is gone.</summary>
    internal abstract void Crash(Address replica, DiskFate disk);

    /// <summary>Starts a replica on what its disk holds.</summary>
    /// <returns>Why its store goes on under a new id, or null.</returns>
    internal abstract string? Start(Address replica);

    /// <summary>Stops a node without a word: its replicas that run, and what it has heard.</summary>
    /// <returns>The replicas that stopped.</returns>
    internal abstract IReadOnlyList<Address> Crash(NodeId node, DiskFate disk);

    /// <summary>Starts what stopped with a node.</summary>
    internal abstract void Start(NodeId node, IReadOnlyList<Address> stopped);

    /// <summary>The disk of a replica, whether it runs or not.</summary>
    internal abstract ILogStore DiskOf(Address replica);

    /// <summary>Stops the control plane without a word.</summary>
    internal abstract void CrashControlPlane();

    /// <summary>Starts the control plane in a region; one that runs is stopped.</summary>
    internal abstract void StartControlPlane(RegionId region);

    /// <summary>Puts a fault's beginning or end down.</summary>
    internal void WriteFault(HistoryKind kind, Address place, string text, HistoryScope scope) => History.Write(NowMicroseconds, kind, place, text, scope);
}

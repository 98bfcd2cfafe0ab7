using Tidal.Log;
using Tidal.Replication;
using Tidal.Schema;
using Tidal.Testing.Faults;
using Tidal.Testing.History;

namespace Tidal.Testing.RealTime;

// Where faults enter: the transport's decorator, and an operator's hand on the threads.
public sealed partial class RealTimeCluster
{
    /// <inheritdoc/>
    public override void RestartGateway(RegionId region)
    {
        WriteFault(HistoryKind.Returned, Address.OfGateway(region), $"the gateway of {Topology.NameOf(region)} is started again", new HistoryScope(HistorySort.Order, [region]));
        _cluster.RestartGateway(region);
    }

    /// <inheritdoc/>
    public override void FoundAnew(RegionId region, ShardId shard) => throw new VirtualTimeOnlyException("Groups are founded anew");

    internal override void Block(RegionId from, RegionId to)
    {
        _watch.Lag.Parted(from, to);
        _network.Block(from, to);
    }

    internal override void Unblock(RegionId from, RegionId to)
    {
        _network.Unblock(from, to);
        if (!_network.IsBlocked(from, to) && !_network.IsBlocked(to, from))
            _watch.Lag.Joined(from, to, NowMicroseconds);
    }

    internal override void CutOff(Address replica) => _network.CutOff(replica);

    internal override void Connect(Address replica) => _network.Connect(replica);

    internal override void HoldUp(RegionId from, RegionId to) => _network.HoldUp(from, to);

    internal override void Release(RegionId from, RegionId to) => _network.Release(from, to);

    internal override void Crash(Address replica, DiskFate disk)
    {
        _cluster.Stop(replica);
        _watch.OnCrashed(replica, disk);
        _disks.Crashed(replica, disk);
    }

    internal override string? Start(Address replica)
    {
        _cluster.Start(replica);
        return null;
    }

    internal override IReadOnlyList<Address> Crash(NodeId node, DiskFate disk)
    {
        var stopped = Look(() => AllReplicas.Select(replica => replica.Self).Where(place => place.Node == node).ToList());
        _cluster.Stop(node);
        foreach (var replica in stopped)
        {
            _watch.OnCrashed(replica, disk);
            _disks.Crashed(replica, disk);
        }
        return stopped;
    }

    internal override void Start(NodeId node, IReadOnlyList<Address> stopped)
    {
        foreach (var replica in stopped)
            _cluster.Start(replica);
    }

    internal override ILogStore DiskOf(Address replica) => _disks[replica];

    internal override void CrashControlPlane()
    {
        WriteFault(HistoryKind.FaultBegan, default, "the control plane crashes", new HistoryScope(HistorySort.Stop, []));
        _cluster.StopControlPlane();
    }

    internal override void StartControlPlane(RegionId region)
    {
        WriteFault(HistoryKind.Returned, Address.OfControlPlane(region), $"the control plane is back, in {Topology.NameOf(region)}", new HistoryScope(HistorySort.Stop, []));
        _cluster.StartControlPlane(region);
    }
}

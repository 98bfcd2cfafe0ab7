using Tidal.Log;
using Tidal.Replication;
using Tidal.Schema;
using Tidal.Testing.Faults;

namespace Tidal.Testing;

// Where faults enter a simulated cluster.
public sealed partial class SimulatedCluster
{
    internal override void Block(RegionId from, RegionId to) => _world.Network.Block(from, to);

    internal override void Unblock(RegionId from, RegionId to) => _world.Network.Unblock(from, to);

    internal override void CutOff(Address replica) => _world.Network.CutOff(replica);

    internal override void Connect(Address replica) => _world.Network.Connect(replica);

    internal override void HoldUp(RegionId from, RegionId to) => _world.Network.HoldUp(from, to);

    internal override void Release(RegionId from, RegionId to) => _world.Network.Release(from, to);

    internal override void Crash(Address replica, DiskFate disk) => ReplicaAt(replica).Crash(disk, _world.Random);

    internal override string? Start(Address replica) => ReplicaAt(replica).Start();

    internal override IReadOnlyList<Address> Crash(NodeId node, DiskFate disk) => [.. NodeAt(node).Crash(disk).Select(replica => replica.Address)];

    internal override void Start(NodeId node, IReadOnlyList<Address> stopped)
    {
        foreach (var replica in stopped)
            Start(replica);
    }

    internal override ILogStore DiskOf(Address replica) => ReplicaAt(replica).Disk;
}

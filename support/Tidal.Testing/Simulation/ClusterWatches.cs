using Tidal.Placement;
using Tidal.Replication;
using Tidal.Schema;
using Tidal.Testing.Faults;
using Tidal.Testing.Oracles;

namespace Tidal.Testing.Simulation;

/// <summary>The watches of a simulated cluster as one: each is told in the order in which they were added.</summary>
internal sealed class ClusterWatches : IClusterWatch
{
    private readonly List<IClusterWatch> _watches = [];

    /// <summary>Adds a watch: it is told of what happens from now on.</summary>
    public void Add(IClusterWatch watch) => _watches.Add(watch);

    public void OnFounded(RegionId region, ShardId shard) => _watches.ForEach(watch => watch.OnFounded(region, shard));

    public void OnCrashed(Address place, DiskFate disk) => _watches.ForEach(watch => watch.OnCrashed(place, disk));

    public void OnStarted(ShardReplica replica) => _watches.ForEach(watch => watch.OnStarted(replica));

    public void OnFlushed(ShardReplica replica)
    {
        foreach (var watch in _watches)
            watch.OnFlushed(replica);
    }

    public void OnDelivery(in Delivery delivery)
    {
        foreach (var watch in _watches)
            watch.OnDelivery(delivery);
    }

    public void OnStepped(ShardReplica replica)
    {
        foreach (var watch in _watches)
            watch.OnStepped(replica);
    }

    public void OnCommitted(ShardReplica replica) => _watches.ForEach(watch => watch.OnCommitted(replica));

    public void OnHappened(ShardReplica replica, in ReplicaEvent happened)
    {
        if (happened.Kind == ReplicaEventKind.Committed)
            OnCommitted(replica);
        foreach (var watch in _watches)
            watch.OnHappened(replica, happened);
    }

    public void OnAnswered(ClusterClient client, ClientCall call) => _watches.ForEach(watch => watch.OnAnswered(client, call));

    public void OnTold(ClusterClient client, WriteCall call) => _watches.ForEach(watch => watch.OnTold(client, call));
}

using System.Collections.Concurrent;
using Tidal.Hosting;
using Tidal.Placement;
using Tidal.Replication;
using Tidal.Schema;
using Tidal.Testing.Faults;
using Tidal.Testing.Oracles;

namespace Tidal.Testing.RealTime;

/// <summary>
/// Watches a cluster in real time from its own threads, at the price of a few comparisons for each input: clocks grow with every delivery
/// and every call of a session (9), epochs never go back and one replica acknowledges in each (7), nothing hidden is shown (6).
/// What is rare goes into the history. Safe for use by several threads.
/// </summary>
internal sealed class RealTimeWatch : IClusterObserver, IClusterWatch
{
    /// <summary>What is kept of a place: written by the one thread of its replica.</summary>
    private sealed class Place
    {
        public ulong Epoch { get; set; }

        public ulong Acknowledging { get; set; }
    }

    private readonly RealTimeCluster _cluster;
    private readonly ViolationLog _log;
    private readonly Place[] _places;
    private readonly ConcurrentDictionary<(RegionId Region, ShardId Shard, ulong Epoch), (ReplicaId Replica, long At)> _acknowledging = new();

    public RealTimeWatch(RealTimeCluster cluster)
    {
        _cluster = cluster;
        _log = new ViolationLog(cluster.Topology);
        Lag = new LagMeter(cluster.Topology, cluster.Options.Tenants.Count);
        _places = [.. Enumerable.Range(0, cluster.Topology.RegionCount * cluster.Topology.ShardCount * cluster.Topology.ReplicaCount).Select(_ => new Place())];
    }

    public IReadOnlyList<InvariantViolation> Violations => _log.Violations;

    public LagMeter Lag { get; }

    /// <summary>When a group first acknowledged a write in an epoch after one, in microseconds; null if it has not.</summary>
    public long? FirstAcknowledged(Address place, ulong after) => _acknowledging
        .Where(first => first.Key.Region == place.Region && first.Key.Shard == place.Shard && first.Key.Epoch > after)
        .Min(first => (long?)first.Value.At);

    /// <inheritdoc/>
    public void OnCrashed(Address place, DiskFate disk)
    {
        if (disk == DiskFate.Lost)
            PlaceOf(place).Epoch = 0;
    }

    void IClusterObserver.OnStarted(ShardReplica replica) => ((IClusterObserver)this).OnStepped(replica);

    void IClusterObserver.OnStepped(ShardReplica replica)
    {
        var (place, epoch) = (PlaceOf(replica.Self), replica.Raft.Epoch);
        if (epoch < place.Epoch)
            Tell(7, replica.Self, $"it went from epoch {place.Epoch} back to {epoch}");
        place.Epoch = epoch;
    }

    void IClusterObserver.OnDelivery(in HostedDelivery delivery)
    {
        if (delivery.After <= delivery.Before || delivery.After <= delivery.Message)
            Tell(9, delivery.Place, $"its clock went from {delivery.Before} to {delivery.After} with a message of {delivery.Message}");
    }

    void IClusterObserver.OnEvent(ShardReplica replica, in ReplicaEvent happened, long nowMicroseconds)
    {
        switch (happened.Kind)
        {
            case ReplicaEventKind.Committed:
                _cluster.Leaks.OnCommitted(replica);
                Lag.OnCommitted(replica, _cluster.NowMicroseconds);
                break;
            case ReplicaEventKind.Acknowledged:
                OnAcknowledged(replica.Self, happened.Epoch);
                break;
            default:
                PutDown(replica, happened);
                break;
        }
    }

    /// <inheritdoc/>
    public void OnAnswered(ClusterClient client, ClientCall call)
    {
        if (call.Token is { } token && (call.TokenAfter is not { } after || after.Hlc <= token.Hlc))
            Tell(9, Address.OfGateway(client.Region), $"a session that had seen {token.Hlc} has seen {call.TokenAfter?.Hlc.ToString() ?? "nothing"} after a call");
    }

    /// <inheritdoc/>
    public void OnTold(ClusterClient client, WriteCall call) => _cluster.Leaks.OnTold(client, call);

    private void OnAcknowledged(Address place, ulong epoch)
    {
        var watched = PlaceOf(place);
        if (watched.Acknowledging == epoch)
            return;
        watched.Acknowledging = epoch;
        if (_acknowledging.GetOrAdd((place.Region, place.Shard, epoch), (place.Replica, _cluster.NowMicroseconds)).Replica != place.Replica)
            Tell(7, place, $"it acknowledges in epoch {epoch}, in which another replica has");
    }

    private void PutDown(ShardReplica replica, ReplicaEvent happened)
    {
        var (now, place, report) = (_cluster.NowMicroseconds, replica.Self, happened.Kind == ReplicaEventKind.ReconciliationDone
            ? replica.Reconciliations.Last(report => report.Peer == happened.Region && report.Plan.Tenant == happened.Tenant)
            : null);
        _cluster.Post(() =>
        {
            _cluster.History.Write(now, place, happened);
            if (report is not null)
                _cluster.History.Keep(report);
        });
    }

    private void Tell(int invariant, Address place, string text) => _log.Add(invariant, _cluster.Elapsed, place, text);

    private Place PlaceOf(Address place) =>
        _places[(place.Region.Ordinal * _cluster.Topology.ShardCount + place.Shard.Number) * _cluster.Topology.ReplicaCount + place.Replica.Number];
}

using System.Diagnostics;
using Tidal.Hosting;
using Tidal.Replication;
using Tidal.Schema;
using Tidal.Testing;
using Tidal.Testing.RealTime;

namespace Tidal.Cli;

/// <summary>
/// Follows, on the replicas' own threads, how far each has committed and applied each origin's log; tells when all hold the same,
/// and how much later than its origin each other region commits. Safe for use by several threads.
/// </summary>
internal sealed class CommitWatch : IClusterObserver
{
    private static readonly int Regions = BenchCluster.Topology.RegionCount;
    private static readonly int Replicas = BenchCluster.Topology.ReplicaCount;
    private static readonly int Shards = BenchCluster.Topology.ShardCount;

    // By (region, shard, replica) and origin: the mark, and when the last of a replica's rose.
    private readonly ulong[] _held = new ulong[BenchCluster.ReplicaCount * Regions];
    private readonly long[] _roseAt = new long[BenchCluster.ReplicaCount];
    private readonly OriginLag[] _origins;
    private volatile Histogram? _lag;

    /// <summary>A watch that has seen nothing yet.</summary>
    public CommitWatch() => _origins =
    [
        .. from shard in BenchCluster.Topology.Shards
           from origin in BenchCluster.Topology.Regions
           select new OriginLag(Regions, origin, Measure),
    ];

    /// <summary>The last rise of any replica's mark, as a timestamp.</summary>
    public long LastRise => _roseAt.Max();

    /// <summary>Whether all replicas of each shard, in all regions, hold as much of each origin.</summary>
    public bool IsLevel => Enumerable.Range(0, Shards).All(shard => Enumerable.Range(0, Regions).All(origin => IsLevelIn(shard, origin)));

    /// <summary>Waits until all hold the same.</summary>
    /// <param name="timeout">How long at most.</param>
    /// <param name="cancellation">Interrupts it.</param>
    /// <returns>Whether they do.</returns>
    public bool WaitUntilLevel(TimeSpan timeout, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        while (!IsLevel)
        {
            if (watch.Elapsed > timeout)
                return false;
            cancellation.WaitHandle.WaitOne(1);
            cancellation.ThrowIfCancellationRequested();
        }
        return true;
    }

    /// <summary>Measures lags from now on.</summary>
    /// <param name="lag">Where to; null for not at all. Counted by signal, in microseconds.</param>
    public void MeasureLag(Histogram? lag) => _lag = lag;

    /// <summary>Whether a replica holds as much as its shard's best.</summary>
    /// <param name="place">The replica.</param>
    public bool IsLevelAt(Address place) => Enumerable.Range(0, Regions).All(origin =>
        Volatile.Read(ref _held[IndexOf(place) * Regions + origin]) == HeldIn(place.Shard.Number, origin).Max());

    /// <inheritdoc/>
    public void OnStarted(ShardReplica replica)
    {
        ArgumentNullException.ThrowIfNull(replica);
        for (var origin = 0; origin < Regions; origin++)
            Volatile.Write(ref _held[IndexOf(replica.Self) * Regions + origin], 0);
        Note(replica);
    }

    /// <inheritdoc/>
    public void OnEvent(ShardReplica replica, in ReplicaEvent happened, long nowMicroseconds)
    {
        ArgumentNullException.ThrowIfNull(replica);
        if (happened.Kind is ReplicaEventKind.Committed or ReplicaEventKind.SnapshotInstalled)
            Note(replica);
    }

    private static int IndexOf(Address place) =>
        (place.Region.Ordinal * Shards + place.Shard.Number) * Replicas + place.Replica.Number;

    private bool IsLevelIn(int shard, int origin)
    {
        var held = HeldIn(shard, origin).ToList();
        return held.TrueForAll(mark => mark == held[0]);
    }

    private IEnumerable<ulong> HeldIn(int shard, int origin) =>
        from region in Enumerable.Range(0, Regions)
        from replica in Enumerable.Range(0, Replicas)
        select Volatile.Read(ref _held[((region * Shards + shard) * Replicas + replica) * Regions + origin]);

    private void Note(ShardReplica replica)
    {
        if (!replica.State.Tenants.TryGetValue(BenchCluster.Tenant, out var tenant))
            return;
        var (index, now) = (IndexOf(replica.Self), Stopwatch.GetTimestamp());
        for (var origin = 0; origin < Regions; origin++)
        {
            if (!tenant.Origins.TryGetValue(new RegionId((ushort)origin), out var log) || log.Mark.Number <= _held[index * Regions + origin])
                continue;
            Volatile.Write(ref _held[index * Regions + origin], log.Mark.Number);
            Volatile.Write(ref _roseAt[index], now);
            _origins[replica.Self.Shard.Number * Regions + origin].Committed(replica.Self.Region, log.Mark.Number, now);
        }
    }

    private void Measure(OriginArrival arrival) =>
        _lag?.Add((long)Stopwatch.GetElapsedTime(arrival.CommittedAt, arrival.At).TotalMicroseconds, arrival.Records);
}

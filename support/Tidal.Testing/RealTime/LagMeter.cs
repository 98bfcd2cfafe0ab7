using Tidal.Replication;
using Tidal.Schema;

namespace Tidal.Testing.RealTime;

/// <summary>
/// Measures replication between regions: for each signal the time from its commit in the region that accepted it to its commit in
/// each other one, as the replicas' own threads see them. What was committed while the two regions could not hear each other is
/// left out: that it comes late is the partition's doing. Safe for use by several threads.
/// </summary>
public sealed class LagMeter
{
    private readonly Topology _topology;
    private readonly OriginLag[] _origins;
    private readonly long[,] _openSince;
    private readonly Histogram?[] _course = new Histogram?[CourseMax];
    private volatile Histogram _window = new();

    internal LagMeter(Topology topology, int tenants)
    {
        _topology = topology;
        _origins = [.. from place in Enumerable.Range(0, tenants * topology.ShardCount)
                       from origin in topology.Regions
                       select new OriginLag(topology.RegionCount, origin, Measure)];
        _openSince = new long[topology.RegionCount, topology.RegionCount];
    }

    /// <summary>How many stretches of time the course of the lag is kept for; what arrives later counts for the last.</summary>
    public const int CourseMax = 240;

    /// <summary>How long such a stretch is.</summary>
    public static readonly TimeSpan CourseStep = TimeSpan.FromSeconds(0.5);

    /// <summary>The lag as it went: of the signals that arrived in each stretch of time, how much 99 of 100 did not exceed; none where none arrived.</summary>
    public IEnumerable<(TimeSpan Until, TimeSpan Lag)> Course =>
        from stretch in Enumerable.Range(0, CourseMax)
        let arrived = Volatile.Read(ref _course[stretch])
        where arrived is not null
        select ((stretch + 1) * CourseStep, arrived.At(0.99));

    /// <summary>What was measured since the last call, or the beginning; a new measurement begins.</summary>
    public Histogram TakeWindow() => Interlocked.Exchange(ref _window, new Histogram());

    /// <summary>Two regions cannot hear each other from now on.</summary>
    internal void Parted(RegionId from, RegionId to) => OpenSince(from, to, long.MaxValue);

    /// <summary>Two regions can hear each other from now on.</summary>
    internal void Joined(RegionId from, RegionId to, long nowMicroseconds) => OpenSince(from, to, nowMicroseconds);

    /// <summary>A replica has committed something.</summary>
    internal void OnCommitted(ShardReplica replica, long nowMicroseconds)
    {
        foreach (var (tenant, held) in replica.State.Tenants)
        {
            foreach (var (origin, log) in held.Origins)
                LagOf(tenant, replica.Self.Shard, origin).Committed(replica.Self.Region, log.Mark.Number, nowMicroseconds);
        }
    }

    private void Measure(OriginArrival arrival)
    {
        if (arrival.CommittedAt < Volatile.Read(ref _openSince[arrival.Origin.Ordinal, arrival.Region.Ordinal]))
            return;
        _window.Add(arrival.At - arrival.CommittedAt, arrival.Records);
        CourseAt(arrival.At).Add(arrival.At - arrival.CommittedAt, arrival.Records);
    }

    private Histogram CourseAt(long microseconds)
    {
        ref var stretch = ref _course[Math.Min(microseconds / (long)CourseStep.TotalMicroseconds, CourseMax - 1)];
        return Volatile.Read(ref stretch) ?? Interlocked.CompareExchange(ref stretch, new Histogram(), null) ?? stretch;
    }

    private void OpenSince(RegionId from, RegionId to, long microseconds)
    {
        Volatile.Write(ref _openSince[from.Ordinal, to.Ordinal], microseconds);
        Volatile.Write(ref _openSince[to.Ordinal, from.Ordinal], microseconds);
    }

    private OriginLag LagOf(TenantId tenant, ShardId shard, RegionId origin) =>
        _origins[(((int)tenant.Number - 1) * _topology.ShardCount + shard.Number) * _topology.RegionCount + origin.Ordinal];
}

using Tidal.Schema;

namespace Tidal.Replication;

/// <summary>
/// How far a region is behind an origin, for one tenant and shard: what the origin has committed and the region has not
/// acknowledged as committed there. Immutable.
/// </summary>
/// <param name="Tenant">Whose log.</param>
/// <param name="Shard">The shard.</param>
/// <param name="Origin">The region in which the records were accepted.</param>
/// <param name="Target">The region that follows.</param>
/// <param name="Batches">Batches outstanding.</param>
/// <param name="Age">How long ago the oldest of them was committed at its origin; zero when none is outstanding.</param>
public readonly record struct ReplicationLag(
    TenantId Tenant, ShardId Shard, RegionId Origin, RegionId Target, int Batches, TimeSpan Age);

/// <summary>
/// Measures the lag from one origin to one region, in batches and in time, at the origin's primary. Not safe for use by
/// several threads.
/// </summary>
public sealed class ReplicationLagGauge
{
    /// <summary>Commits remembered with a time each; the newest beyond that share the time of the oldest of them.</summary>
    public const int CommitsMax = 65_536;

    private readonly Queue<(ulong LastNumber, long CommittedMicroseconds)> _outstanding = [];
    private (ulong LastNumber, long CommittedMicroseconds)? _beyond;

    /// <summary>A batch was committed at the origin.</summary>
    /// <param name="lastNumber">The number of its last record.</param>
    /// <param name="now">Monotonic microseconds.</param>
    public void Committed(ulong lastNumber, long now)
    {
        if (_outstanding.Count < CommitsMax && _beyond is null)
            _outstanding.Enqueue((lastNumber, now));
        else
            _beyond = (lastNumber, _beyond?.CommittedMicroseconds ?? now);
    }

    /// <summary>The region has committed the origin's log up to a number.</summary>
    /// <param name="number">The number.</param>
    public void Acknowledged(ulong number)
    {
        while (_outstanding.Count > 0 && _outstanding.Peek().LastNumber <= number)
            _outstanding.Dequeue();
        if (_beyond?.LastNumber <= number)
            _beyond = null;
    }

    /// <summary>How long ago the oldest batch outstanding was committed, never less than that; zero when none is.</summary>
    /// <param name="now">Monotonic microseconds.</param>
    public TimeSpan Age(long now)
    {
        var oldest = _outstanding.Count > 0 ? _outstanding.Peek().CommittedMicroseconds : _beyond?.CommittedMicroseconds;
        return oldest is { } committed ? TimeSpan.FromMicroseconds(now - committed) : TimeSpan.Zero;
    }
}

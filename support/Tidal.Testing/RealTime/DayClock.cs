namespace Tidal.Testing.RealTime;

/// <summary>
/// A clock that runs as real time does, from a given date on: times of the cluster's first day mean the same as in a simulation.
/// Safe for use by several threads.
/// </summary>
internal sealed class DayClock(DateTimeOffset start) : TimeProvider
{
    private readonly long _startedAt = System.GetTimestamp();

    /// <summary>Microseconds since it began.</summary>
    public long NowMicroseconds => (long)System.GetElapsedTime(_startedAt).TotalMicroseconds;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => start + System.GetElapsedTime(_startedAt);

    /// <inheritdoc/>
    public override long GetTimestamp() => System.GetTimestamp();

    /// <inheritdoc/>
    public override long TimestampFrequency => System.TimestampFrequency;
}

using Tidal.Schema;

namespace Tidal.Hosting;

/// <summary>The one place where the host reads a clock. Immutable and safe for use by several threads.</summary>
internal sealed class HostClock(TimeProvider clock)
{
    private readonly long _startedAt = clock.GetTimestamp();
    private readonly double _microsecondsPerTick = 1e6 / clock.TimestampFrequency;

    /// <summary>Microseconds since this clock was made; never goes back.</summary>
    public long NowMicroseconds => (long)((clock.GetTimestamp() - _startedAt) * _microsecondsPerTick);

    /// <summary>The wall clock.</summary>
    public DateTimeOffset Wall => clock.GetUtcNow();

    /// <summary>Both, as the machines are given them.</summary>
    public ClockReading Read() => new(NowMicroseconds, Wall.ToUnixTimeMilliseconds());
}

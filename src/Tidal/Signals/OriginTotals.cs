using Tidal.Schema;

namespace Tidal.Signals;

/// <summary>What a ledger knows of an origin's log as a whole. Not safe for use by several threads.</summary>
internal sealed class OriginTotals(RegionId region)
{
    /// <summary>The origin.</summary>
    public RegionId Region { get; } = region;

    /// <summary>The highest event time of a signal or retraction in its log, at least 0; null while there is none.</summary>
    public long? HighestEventTime { get; private set; }

    /// <summary>First attempts at signals in its log.</summary>
    public long FirstSignals { get; set; }

    /// <summary>Takes note of an event time.</summary>
    /// <returns>The highest so far.</returns>
    public long Note(long eventTimeMilliseconds)
    {
        if (HighestEventTime is not { } highest || eventTimeMilliseconds > highest)
            HighestEventTime = highest = Math.Max(0, eventTimeMilliseconds);
        return highest;
    }
}

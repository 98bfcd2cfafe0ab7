using Tidal.Crdt;

namespace Tidal.Replication;

/// <summary>What passes between nodes. Immutable once sent.</summary>
public abstract class Message
{
    /// <summary>The sender's hybrid logical clock: every delivery advances the receiver's beyond it.</summary>
    public HlcTimestamp Hlc { get; set; }

    /// <summary>
    /// The sender's wall clock, in milliseconds since 1970, beside the reading that follows causality: by it the receiver tells
    /// whether its own is right (PROTOCOL 11). Null on a message that carries none.
    /// </summary>
    public long? WallMilliseconds { get; set; }
}

/// <summary>A message that carries log data.</summary>
public abstract class SegmentMessage : Message
{
    /// <summary>How many bytes of log data it carries: what a bound on bytes under way counts.</summary>
    public abstract int PayloadBytes { get; }
}

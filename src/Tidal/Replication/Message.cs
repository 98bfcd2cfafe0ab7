using Tidal.Crdt;

namespace Tidal.Replication;

/// <summary>What passes between nodes. Immutable once sent.</summary>
public abstract class Message
{
    /// <summary>The sender's hybrid logical clock: every delivery advances the receiver's beyond it.</summary>
    public HlcTimestamp Hlc { get; set; }
}

/// <summary>A message that carries log data.</summary>
public abstract class SegmentMessage : Message;

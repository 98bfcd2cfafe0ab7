namespace Tidal.Replication.Raft;

/// <summary>The times and bounds of a shard's Raft group. Immutable.</summary>
public sealed record RaftOptions
{
    /// <summary>How often a node tells the others of its region how its shards stand. Default 50 ms.</summary>
    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>The shortest time without a primary's word after which a replica asks for an election. Default 300 ms.</summary>
    public TimeSpan ElectionTimeoutMin { get; init; } = TimeSpan.FromMilliseconds(300);

    /// <summary>The longest such time; each wait is drawn between the two. Default 600 ms.</summary>
    public TimeSpan ElectionTimeoutMax { get; init; } = TimeSpan.FromMilliseconds(600);

    /// <summary>The most bytes of envelopes in one message. Default 1 MiB; one envelope is always sent whole.</summary>
    public int AppendBytesMax { get; init; } = 1 << 20;

    /// <summary>The most envelopes sent to a follower and not yet answered. Default 1,024.</summary>
    public int AppendWindowMax { get; init; } = 1024;

    /// <summary>The most bytes of a checkpoint in one message to a follower that is too far behind. Default 1 MiB.</summary>
    public int SnapshotBytesMax { get; init; } = 1 << 20;

    // Read at every beat of every shard: whole-number arithmetic.
    internal long HeartbeatMicroseconds => HeartbeatInterval.Ticks / TimeSpan.TicksPerMicrosecond;

    internal long ElectionMinMicroseconds => ElectionTimeoutMin.Ticks / TimeSpan.TicksPerMicrosecond;

    internal long ElectionMaxMicroseconds => ElectionTimeoutMax.Ticks / TimeSpan.TicksPerMicrosecond;
}

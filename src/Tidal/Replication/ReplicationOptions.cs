using Tidal.Crdt;
using Tidal.Replication.Raft;

namespace Tidal.Replication;

/// <summary>The times and bounds of replication. Immutable.</summary>
public sealed record ReplicationOptions
{
    /// <summary>The group of a shard inside its region.</summary>
    public RaftOptions Raft { get; init; } = new();

    /// <summary>How often the primaries of a shard in two regions tell each other what they hold. Default 250 ms.</summary>
    public TimeSpan ShipBeatInterval { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>After how long without progress batches are sent again. Default 500 ms; more than a round trip.</summary>
    public TimeSpan ShipResendAfter { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The most bytes of batches in one message between regions. Default 1 MiB; one batch is always sent whole.</summary>
    public int ShipBytesMax { get; init; } = 1 << 20;

    /// <summary>The most batches sent to a region and not yet held there. Default 1,024.</summary>
    public int ShipWindowMax { get; init; } = 1024;

    /// <summary>
    /// The most bytes of a tenant's snapshot in one message between regions, and in one record of the region that receives it.
    /// Default 256 KiB; at most 1 MiB.
    /// </summary>
    public int SnapshotChunkBytesMax { get; init; } = 256 << 10;

    /// <summary>How many envelopes a primary lets wait for their commit before it refuses more. Default 4,096.</summary>
    public int UncommittedMax { get; init; } = 4096;

    /// <summary>The most records in one batch. Default 1,024.</summary>
    public int BatchRecordsMax { get; init; } = 1024;

    /// <summary>The bounds of each replica's log, and the formats that are read in it.</summary>
    public Log.SegmentedLogOptions Log { get; init; } = new();

    /// <summary>The newest batch version that the node reads, in its logs and from other regions.</summary>
    public ushort FormatReadable => Log.FormatReadable;

    /// <summary>
    /// After how many bytes of log a replica writes its next checkpoint. Default 64 MiB; zero: after every commit. A start
    /// reads the log from the last one on.
    /// </summary>
    public long CheckpointEveryBytes { get; init; } = 64L << 20;

    /// <summary>
    /// How many bytes at the end of its log a replica keeps for replicas and regions that are behind, in whole segments,
    /// when its checkpoint would let them go; who needs older records is sent a snapshot. Default 256 MiB; zero keeps none.
    /// </summary>
    public long RetentionBytesMax { get; init; } = 256L << 20;

    /// <summary>The most reads that wait for their primary to be confirmed; one more is not taken, and its gateway asks again. Default 4,096.</summary>
    public int ReadsWaitingMax { get; init; } = 4096;

    /// <summary>How far ahead of its acceptance an event may say it happened. Default 5 minutes.</summary>
    public TimeSpan EventTimeAheadMax { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The most hard negatives, and the most operations, that a region names when two find out how they differ. Default 1,024.</summary>
    public int ReconcileEntriesMax { get; init; } = 1024;

    /// <summary>How many reports of reconciliations a replica keeps. Default 64.</summary>
    public int ReconciliationsKept { get; init; } = 64;

    /// <summary>
    /// How long no region may have heard of a session before its region ends it; its client opens another. Default 1 day. By
    /// the primary's wall clock: one that runs ahead ends sessions early, and nothing worse.
    /// </summary>
    public TimeSpan SessionIdleMax { get; init; } = TimeSpan.FromDays(1);

    /// <summary>
    /// How many sessions a primary ends by itself at a time, once a <see cref="ShipBeatInterval"/>: those that were idle, and
    /// those that another region has ended. Default 64; 0 ends none.
    /// </summary>
    public int SessionEndsPerSweepMax { get; init; } = 64;

    /// <summary>The most sessions with records in a shard's own origin log that have not ended everywhere. Default 1,000,000.</summary>
    public int SessionsMax { get; init; } = 1_000_000;

    /// <summary>
    /// The most intervals that the numbers of one session's operations may be in, and those of its retractions. Default 1,024.
    /// One that numbers its writes without gaps, as it should, needs one for each change of its region.
    /// </summary>
    public int SessionIntervalsMax { get; init; } = 1024;

    /// <summary>How far a node's wall clock may be off from its peers' before its primaries take no client writes.</summary>
    public ClockBoundOptions Clocks { get; init; } = new();

    /// <summary>
    /// For how long a node that was asked to leave its offices does so without being asked again. Default 5 s: who asked may be
    /// gone, and the others of a group fewer than they were.
    /// </summary>
    public TimeSpan DrainLease { get; init; } = TimeSpan.FromSeconds(5);

    internal long DrainLeaseMicroseconds => DrainLease.Ticks / TimeSpan.TicksPerMicrosecond;

    internal long ShipBeatMicroseconds => ShipBeatInterval.Ticks / TimeSpan.TicksPerMicrosecond;

    internal long ShipResendMicroseconds => ShipResendAfter.Ticks / TimeSpan.TicksPerMicrosecond;
}

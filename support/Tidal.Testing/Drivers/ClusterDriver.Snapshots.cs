using Tidal.Log;
using Tidal.Replication;
using Tidal.Testing.History;

namespace Tidal.Testing.Drivers;

// Checkpoints, and snapshots of who is far behind.
public sealed partial class ClusterDriver
{
    /// <summary>Bounds the log that each replica keeps, before the cluster starts.</summary>
    /// <param name="bytes">How many bytes of it may be on a disk.</param>
    public void KeepLittleLog(int bytes) => Configure(options => options with { Replication = KeepingLittleLog(bytes) });

    /// <summary>The bytes of the largest log that any replica keeps on its disk now.</summary>
    public long LargestLogBytes => Cluster.Look(() => Cluster.AllReplicas.Max(replica => replica.Raft.Log.Bytes));

    /// <summary>Whether the replica that is back has taken over its primary's checkpoint in place of its own log.</summary>
    public bool HasTakenOverACheckpoint => Cluster.History.Lines.Any(line =>
        line.Place == LastCrash.Crashed && line.Event.Kind == ReplicaEventKind.SnapshotInstalled
        && line.TimeMicroseconds > LastCrash.BeganAt.TotalMicroseconds);

    /// <summary>The regions whose snapshots of an item's shard a region has taken over.</summary>
    /// <param name="region">The region.</param>
    /// <param name="item">The item.</param>
    public IReadOnlyList<string> SourcesOfSnapshots(string region, string item) =>
    [
        .. Cluster.History.Lines.Where(line => IsOf(line, region, item) && line.Event.Kind == ReplicaEventKind.SnapshotMerged)
            .Select(line => Cluster.Topology.NameOf(line.Event.Region)).Distinct(),
    ];

    /// <summary>Waits until a part of a snapshot is committed in a region and the rest is not.</summary>
    /// <param name="region">The region.</param>
    /// <param name="item">An item of the shard.</param>
    /// <exception cref="TimeoutException">None came.</exception>
    public void AwaitHalfASnapshot(string region, string item)
    {
        var seen = Cluster.History.Lines.Count;
        bool HasArrived()
        {
            for (; seen < Cluster.History.Lines.Count; seen++)
            {
                if (IsOf(Cluster.History.Lines[seen], region, item) && Cluster.History.Lines[seen].Event.Kind == ReplicaEventKind.SnapshotArriving)
                    return true;
            }
            return false;
        }
        if (!Cluster.RunUntil(HasArrived, Patience))
            throw new TimeoutException($"No snapshot of the shard of {item} came to {region}.");
    }

    // A quarter is kept for who is behind, an eighth comes between two checkpoints; the rest is for segments that are not full,
    // and for what is written while a checkpoint is flushed.
    private static ReplicationOptions KeepingLittleLog(int bytes) => new()
    {
        Log = new SegmentedLogOptions { SegmentBytesMax = bytes / 10 },
        RetentionBytesMax = bytes / 4,
        CheckpointEveryBytes = bytes / 8,
        BatchRecordsMax = 20,
        SnapshotChunkBytesMax = 200,
    };

    private bool IsOf(in HistoryLine line, string region, string item) => line.Place.Region == Region(region) && line.Place.Shard == ShardOf(item);
}

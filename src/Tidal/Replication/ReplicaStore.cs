using Tidal.Log;

namespace Tidal.Replication;

/// <summary>
/// What a replica finds on its store when it starts: its log, its hard state, and under which store id it goes on. A store
/// that may have lost something it was answered for goes on under a new id, and so as a learner (PROTOCOL 1 and 5).
/// Not safe for use by several threads.
/// </summary>
public sealed class ReplicaStore
{
    /// <summary>A file that says that a start has begun to give the store a new id.</summary>
    private const string NewIdentityMark = "new-identity";

    private ReplicaStore(
        SegmentedLog log, CheckpointFiles checkpoints, HardStateJournal journal, HardState state, string? newIdentityReason)
    {
        Log = log;
        Checkpoints = checkpoints;
        Journal = journal;
        State = state;
        NewIdentityReason = newIdentityReason;
    }

    /// <summary>The log.</summary>
    public SegmentedLog Log { get; }

    /// <summary>The checkpoints: the newest of them and the log after it say all.</summary>
    public CheckpointFiles Checkpoints { get; }

    /// <summary>The journal of the hard state.</summary>
    public HardStateJournal Journal { get; }

    /// <summary>The hard state to go on with.</summary>
    public HardState State { get; }

    /// <summary>Why the store goes on under a new id, for people to read; null when it is the one it left with.</summary>
    public string? NewIdentityReason { get; }

    /// <summary>Makes a new store a founding voter of its shard's group: its log begins with the record that names them all.</summary>
    /// <param name="store">An empty store.</param>
    /// <param name="place">The group.</param>
    /// <param name="voters">The founding voters; the same at each of them.</param>
    /// <param name="own">The id of this store, one of them.</param>
    /// <param name="epoch">
    /// 0 with the cluster. When a group is founded anew, because more of its stores were lost than it can lose: an epoch above
    /// every one that any member region has seen (PROTOCOL 6).
    /// </param>
    public static void Found(ILogStore store, Query.ShardPlace place, Voter[] voters, StoreId own, ulong epoch = 0)
    {
        ArgumentNullException.ThrowIfNull(store);
        var founding = Envelope.Encode(EnvelopeKind.Control, epoch, 1, 1, ControlRecord.ForVoters(voters).Encode());
        SegmentedLog.Open(store, place.Region, place.Shard).Append(founding);
        new HardStateJournal(store).Write(new HardState(own, epoch, null, 1));
        store.Flush();
    }

    /// <summary>Opens a store.</summary>
    /// <param name="store">The store; empty if its disk was lost or is new.</param>
    /// <param name="place">The group it belongs to.</param>
    /// <param name="isSingle">
    /// Whether it is the group's only replica: then nobody can say what a torn tail held, and it is cut and said.
    /// </param>
    /// <param name="fresh">An id never used before, should a new one be needed.</param>
    /// <param name="options">The log's bounds.</param>
    /// <exception cref="LogDamagedException">
    /// The log is damaged before its tail, or a checkpoint is and the log does not reach back to the one before: <see cref="Mend"/>
    /// the store.
    /// </exception>
    /// <exception cref="UnsupportedFormatException">The log holds, or is raised to, a format that is not read.</exception>
    public static ReplicaStore Open(ILogStore store, Query.ShardPlace place, bool isSingle, StoreId fresh, SegmentedLogOptions? options = null)
    {
        var bounds = (options ?? new SegmentedLogOptions()) with { AcceptCutBelowCommitIndex = !isSingle };
        var checkpoints = CheckpointFiles.Recover(store, place.Region, place.Shard, bounds.FormatReadable);
        var reason = NewIdentityReasonOf(store, place, isSingle, checkpoints.NewestIndex, bounds.FormatReadable);
        // Opening cuts what is torn. A crash after the cut must not leave a store that looks whole under its old id.
        if (reason is not null)
            MarkForNewIdentity(store);
        var log = SegmentedLog.Open(store, place.Region, place.Shard, bounds);
        Join(checkpoints, log);
        var journal = new HardStateJournal(store);
        var state = journal.Current ?? new HardState(fresh, 0, null, 0);
        var commitIndex = Math.Max(Math.Max(state.CommitIndex, log.Recovered.CommitIndex), checkpoints.NewestIndex);
        state = state with { CommitIndex = Math.Min(commitIndex, log.LastIndex) };
        if (reason is not null)
        {
            state = state with { Store = fresh };
            journal.Write(state);
        }
        // A process that died may have written what it never flushed; from here on all that is found counts as durable.
        store.Flush();
        store.Delete(NewIdentityMark);
        checkpoints.KeepOnly(checkpoints.Newest);
        return new ReplicaStore(log, checkpoints, journal, state, reason);
    }

    /// <summary>Empties a damaged store, so that the others of the group fill it again.</summary>
    /// <param name="store">The store.</param>
    public static void Mend(ILogStore store)
    {
        ArgumentNullException.ThrowIfNull(store);
        foreach (var file in store.List())
            store.Delete(file);
    }

    /// <summary>
    /// Makes sure that the log goes on where the checkpoint ends. A log that ends before it, or says something else at its
    /// index, is one that was to be emptied when another replica's checkpoint was installed, and a crash came between.
    /// </summary>
    private static void Join(CheckpointFiles checkpoints, SegmentedLog log)
    {
        if (log.FirstIndex > checkpoints.NewestIndex + 1)
        {
            throw checkpoints.Damage ?? new LogDamagedException(
                log.Files.First(), 0, $"the log begins with index {log.FirstIndex}", $"a checkpoint of index {log.FirstIndex - 1} or later beside it");
        }
        if (checkpoints.Newest is { } newest && (log.LastIndex < newest.Index || log.EpochAt(newest.Index) != newest.Epoch))
            log.Reset(newest.Index, newest.Epoch);
    }

    private static void MarkForNewIdentity(ILogStore store)
    {
        store.Append(NewIdentityMark, [1]);
        store.Flush();
    }

    /// <summary>Looks at a store without changing it.</summary>
    private static string? NewIdentityReasonOf(
        ILogStore store, Query.ShardPlace place, bool isSingle, ulong checkpointIndex, ushort formatReadable)
    {
        var journal = HardStateJournal.Recover(store);
        if (journal.State is null)
            return "the store is new";
        if (isSingle)
            return null;
        if (store.List().Contains(NewIdentityMark))
            return "its last start found a reason for it and was interrupted";
        if (journal.BytesIgnored > 0)
            return $"the hard state's last {journal.BytesIgnored} bytes are torn";
        var log = LogRecovery.Run(store, place.Region, place.Shard, acceptCutBelowCommitIndex: true, formatReadable);
        if (Math.Max(log.LastIndex, checkpointIndex) < log.CommitIndex)
            return $"the log ends at index {log.LastIndex}, below the commit index {log.CommitIndex} that the disk remembers";
        // An empty segment held nothing: the power failed before its first flush.
        return log.Cut is { BytesCut: > 0 } cut ? $"{cut.BytesCut} bytes of {cut.File} were cut at offset {cut.Offset}: {cut.Reason}" : null;
    }
}

using Tidal.Log;

namespace Tidal.Replication.Raft;

// Log compaction: Raft §7. What a state is, is the host's; what must be durable before what is deleted, is the group's.
public sealed partial class RaftGroup
{
    private readonly CheckpointFiles _checkpoints;
    private CheckpointHeader? _writtenCheckpoint;
    private CheckpointHeader? _flushingCheckpoint;
    private ulong _oldestKept;

    /// <summary>The newest durable checkpoint; null when there is none.</summary>
    public CheckpointHeader? Checkpoint => _checkpoints.Newest;

    /// <summary>The index of <see cref="Checkpoint"/>; 0 when there is none.</summary>
    public ulong CheckpointIndex => _checkpoints.NewestIndex;

    /// <summary>Whether a checkpoint is written and not yet durable.</summary>
    public bool IsCheckpointUnderWay => _writtenCheckpoint is not null || _flushingCheckpoint is not null;

    /// <summary>The state that <see cref="Checkpoint"/> holds.</summary>
    /// <exception cref="LogDamagedException">It has rotted since it was written.</exception>
    public ReadOnlyMemory<byte> ReadCheckpointState() => _checkpoints.ReadState();

    /// <summary>Writes a checkpoint; a flush makes it durable, and then those before it are deleted.</summary>
    /// <param name="index">Above that of the last one, and committed.</param>
    /// <param name="state">What the envelopes up to there add up to.</param>
    /// <param name="oldestKept">One of an index before this is deleted too, even in the middle of its being sent.</param>
    public void WriteCheckpoint(ulong index, ReadOnlySpan<byte> state, ulong oldestKept = 0)
    {
        if (index > CommitIndex || index <= CheckpointIndex || IsCheckpointUnderWay)
            throw new InvalidOperationException($"{_self} cannot write a checkpoint of index {index}: committed is {CommitIndex}, the last one is of {CheckpointIndex}.");
        var header = new CheckpointHeader(_self.Region, _self.Shard, index, _log.EpochAt(index), FoundingEpoch, VotersUpTo(index)) { Format = FormatUpTo(index) };
        _oldestKept = oldestKept;
        _checkpoints.Write(header, state);
        _writtenCheckpoint = header;
        _isDirty = true;
    }

    /// <summary>Begins a new segment of the log: what was written so far can be deleted by itself.</summary>
    public void RollLog() => _log.Roll();

    /// <summary>Deletes segments that lie before an index and that the durable checkpoint stands for.</summary>
    /// <param name="index">The first index that is still wanted.</param>
    public void DeleteLogBefore(ulong index) => _log.DeleteBefore(Math.Min(index, CheckpointIndex + 1));

    private void KeepDurableCheckpoint()
    {
        if (_flushingCheckpoint is not { } durable)
            return;
        _flushingCheckpoint = null;
        _checkpoints.KeepOnly(durable, index => index >= _oldestKept && IsBeingSent(index));
        Happened(ReplicaEventKind.Checkpointed, durable.Index);
    }

    /// <summary>Whether a follower that is alive is in the middle of a checkpoint: else newer ones might come faster than it can take them.</summary>
    private bool IsBeingSent(ulong index) => Role == RaftRole.Primary && Array.Exists(_peers, peer =>
        peer.Snapshot?.Header.Index == index && _now - peer.LastHeardMicroseconds < _options.ElectionMaxMicroseconds);
}

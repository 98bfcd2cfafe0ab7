namespace Tidal.Replication;

// Checkpoints: the state at one index in place of the log up to it, and what of that log is kept none the less.
public sealed partial class ShardReplica
{
    private long _bytesSinceCheckpoint;
    private ulong _compactedAt;

    /// <summary>The log before the group's checkpoint was never applied here: goes on from the state that the checkpoint holds.</summary>
    private void TakeUpCheckpoint()
    {
        if (_raft.CheckpointIndex <= _state.AppliedIndex)
            return;
        _state = ShardState.FromCheckpoint(_raft.ReadCheckpointState(), _settings.Tenants.SchemaOf, SessionMembersOf);
        _state.FindHeld(_raft.Log);
        _clock.Observe(_state.HighestHlc);
        _bytesSinceCheckpoint = 0;
    }

    private void CheckpointIfDue()
    {
        var erased = EndOfErased();
        var isDue = _bytesSinceCheckpoint >= _settings.Options.CheckpointEveryBytes || (_raft.CheckpointIndex < erased && erased <= _state.AppliedIndex);
        if (isDue && !_raft.IsCheckpointUnderWay && _state.AppliedIndex > _raft.CheckpointIndex)
        {
            _bytesSinceCheckpoint = 0;
            _raft.WriteCheckpoint(_state.AppliedIndex, _state.ToCheckpoint(), oldestKept: _state.ErasedAt);
            _raft.Flush();
        }
        if (_raft.CheckpointIndex != _compactedAt || _raft.CheckpointIndex >= erased)
            Compact(erased ?? 0);
    }

    /// <summary>A checkpoint is durable: of the log before it, what is within the bound stays for those who are behind, but for what is erased.</summary>
    private void Compact(ulong erased)
    {
        _compactedAt = _raft.CheckpointIndex;
        _raft.DeleteLogBefore(Math.Max(_raft.Log.FirstIndexWithin(_settings.Options.RetentionBytesMax), erased + 1));
        _state.ForgetHeldBefore(_raft.Log.FirstIndex);
    }
}

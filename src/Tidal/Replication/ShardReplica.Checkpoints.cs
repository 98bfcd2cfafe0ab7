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
        _state = ShardState.FromCheckpoint(_raft.ReadCheckpointState(), _settings.Tenants.SchemaOf, _settings.Tenants.HoldersOf);
        _state.FindHeld(_raft.Log);
        _clock.Observe(_state.HighestHlc);
        _bytesSinceCheckpoint = 0;
    }

    private void CheckpointIfDue()
    {
        if (_bytesSinceCheckpoint >= _settings.Options.CheckpointEveryBytes && !_raft.IsCheckpointUnderWay
            && _state.AppliedIndex > _raft.CheckpointIndex)
        {
            _bytesSinceCheckpoint = 0;
            _raft.WriteCheckpoint(_state.AppliedIndex, _state.ToCheckpoint());
            _raft.Flush();
        }
        if (_raft.CheckpointIndex != _compactedAt)
            Compact();
    }

    /// <summary>A checkpoint is durable: of the log before it, what is within the bound stays for those who are behind.</summary>
    private void Compact()
    {
        _compactedAt = _raft.CheckpointIndex;
        _raft.DeleteLogBefore(_raft.Log.FirstIndexWithin(_settings.Options.RetentionBytesMax));
        _state.ForgetHeldBefore(_raft.Log.FirstIndex);
    }
}

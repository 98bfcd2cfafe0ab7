using Tidal.Log;

namespace Tidal.Replication.Raft;

// What must be on disk before it is said: Raft §5 ("updated on stable storage before responding").
public sealed partial class RaftGroup
{
    private readonly record struct Held(ulong Epoch, RaftPeer Peer, Message Message);

    private List<Held> _heldForNextFlush = [];
    private List<Held> _heldForThisFlush = [];
    private ulong _durableIndex;
    private ulong _durableEpoch;
    private ulong _savedCommitIndex;
    private ulong _flushingIndex;
    private ulong _flushingEpoch;
    private bool _isFlushing;
    private bool _isDirty;

    /// <summary>Whether a flush is under way: what is written meanwhile joins the next one.</summary>
    public bool IsFlushing => _isFlushing;

    /// <summary>The host has made durable all that was written when it was asked to.</summary>
    /// <param name="now">Monotonic microseconds.</param>
    public void FlushCompleted(long now)
    {
        _now = now;
        _isFlushing = false;
        _durableIndex = Math.Max(_durableIndex, _flushingIndex);
        _durableEpoch = _flushingEpoch;
        KeepDurableCheckpoint();
        foreach (var held in _heldForThisFlush)
        {
            // An answer given in an epoch that is over would speak for a log that may be cut by now.
            if (held.Epoch == Epoch)
                Send(held.Peer, held.Message);
        }
        _heldForThisFlush.Clear();
        SaveVotersCommitted();
        AnnounceCampaign();
        if (Role == RaftRole.Primary)
            AdvanceCommit();
        Flush();
    }

    /// <summary>
    /// Sends what was appended, and asks for what was written to be made durable, unless a flush is under way; call it once after
    /// one or more appends.
    /// </summary>
    public void Flush()
    {
        SendAppended();
        if (!_isDirty || _isFlushing)
            return;
        _isDirty = false;
        _isFlushing = true;
        _flushingIndex = _log.LastIndex;
        _flushingEpoch = Epoch;
        (_flushingCheckpoint, _writtenCheckpoint) = (_writtenCheckpoint, null);
        (_heldForThisFlush, _heldForNextFlush) = (_heldForNextFlush, _heldForThisFlush);
        _effects.FlushRequested = true;
    }

    private void AppendToLog(Envelope envelope)
    {
        _log.Append(envelope);
        Remember(envelope);
        _isDirty = true;
    }

    private void SaveHardState()
    {
        // Above what is flushed it would make a power loss look like a log that was cut below its commit index.
        _savedCommitIndex = Math.Min(CommitIndex, _durableIndex);
        _journal.Write(new HardState(_store, Epoch, _vote, _savedCommitIndex));
        _isDirty = true;
    }

    private void SendWhenDurable(RaftPeer peer, Message message)
    {
        if (!_isDirty && !_isFlushing)
            Send(peer, message);
        else if (_isDirty)
            _heldForNextFlush.Add(new Held(Epoch, peer, message));
        else
            _heldForThisFlush.Add(new Held(Epoch, peer, message));
    }

    private void ForgetDurableFrom(ulong index)
    {
        _durableIndex = Math.Min(_durableIndex, index - 1);
        _flushingIndex = Math.Min(_flushingIndex, index - 1);
    }
}

using Tidal.Schema;

namespace Tidal.Replication.Raft;

// Reads that no deposed primary may answer: ReadIndex (Ongaro's thesis, §6.4). A quorum of voters that are still in the
// primary's epoch after a read was asked shows that no later primary has acknowledged anything before it. No clock is
// trusted, unlike with a lease. The thesis waits for the state to reach the commit index of that moment; here it always has.
public sealed partial class RaftGroup
{
    private readonly HashSet<ReplicaId> _confirmedBy = [];
    private ulong _round;
    private bool _isConfirming;
    private bool _isNextRoundWanted;
    private long _roundSentMicroseconds;

    /// <summary>The last round by which a quorum confirmed this replica as the primary; reads that wait for it or an earlier one may be answered.</summary>
    public ulong ConfirmedRound { get; private set; }

    /// <summary>
    /// Asks to be confirmed as the primary by a round of messages that begins after this call. One round is under way at a
    /// time: whoever asks meanwhile shares the next.
    /// </summary>
    /// <param name="now">Monotonic microseconds.</param>
    /// <returns>The round to wait for, in this epoch; null when this replica is no primary that may answer.</returns>
    public ulong? AskForConfirmation(long now)
    {
        _now = now;
        if (!IsReadyPrimary)
            return null;
        if (_isConfirming)
        {
            _isNextRoundWanted = true;
            return _round + 1;
        }
        BeginRound();
        return _round;
    }

    private void BeginRound()
    {
        _round++;
        (_isConfirming, _isNextRoundWanted) = (true, false);
        _confirmedBy.Clear();
        if (IsVoter)
            _confirmedBy.Add(_self.Replica);
        SendRound();
        EndRoundIfConfirmed();
    }

    private void SendRound()
    {
        _roundSentMicroseconds = _now;
        foreach (var peer in _peers)
            Send(peer, new ConfirmRequest { Epoch = Epoch, Store = _store, Round = _round });
    }

    /// <summary>A message of the round, or its answer, may have been lost.</summary>
    private void ResendRoundIfLate()
    {
        if (_isConfirming && _now - _roundSentMicroseconds >= _options.HeartbeatMicroseconds)
            SendRound();
    }

    private void OnConfirmRequest(RaftPeer peer, ConfirmRequest request)
    {
        if (request.Epoch > Epoch)
            AdoptEpoch(request.Epoch);
        if (request.Epoch == Epoch)
            FollowPrimary(peer.Replica);
        var reply = new ConfirmReply { Epoch = Epoch, Store = _store, Round = request.Round };
        if (_durableEpoch == Epoch)
            Send(peer, reply);
        else
            SendWhenDurable(peer, reply);
    }

    private void OnConfirmReply(RaftPeer peer, ConfirmReply reply)
    {
        if (reply.Epoch > Epoch)
        {
            AdoptEpoch(reply.Epoch);
            return;
        }
        // A learner may have forgotten a vote that made another primary: its word counts nothing (PROTOCOL 1).
        if (!_isConfirming || reply.Epoch != Epoch || reply.Round != _round || CountsAt(peer) == 0)
            return;
        _confirmedBy.Add(peer.Replica);
        EndRoundIfConfirmed();
    }

    private void EndRoundIfConfirmed()
    {
        if (_confirmedBy.Count < _quorum)
            return;
        ConfirmedRound = _round;
        _isConfirming = false;
        if (_isNextRoundWanted)
            BeginRound();
    }

    private void AbandonRound() => (_isConfirming, _isNextRoundWanted) = (false, false);
}

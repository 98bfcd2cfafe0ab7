using Tidal.Schema;

namespace Tidal.Replication.Raft;

// A primary hands its office over (leadership transfer: Ongaro's thesis, §3.10). It takes no more records, waits until all are
// committed and a voter holds them, and tells that one to ask for an election now. Nothing is left unanswered behind it, and
// the group is without a primary for two round trips.
public sealed partial class RaftGroup
{
    private ReplicaId? _heir;
    private bool _isHeirTold;
    private long _handOverDeadline;
    private long _handOverNotBefore;
    private ulong _committedBefore;
    private ulong _committedAtTick;

    /// <summary>
    /// Whether this replica leaves its group's office to the others: as the primary it hands over, and it asks for an election
    /// only when two longest timeouts more than theirs have passed, for then there may be nobody else.
    /// </summary>
    public bool Yields
    {
        get;
        set
        {
            if (field == value)
                return;
            field = value;
            ResetElectionDeadline();
        }
    }

    /// <summary>Whether this primary takes no more records, because it is about to hand over.</summary>
    public bool IsHandingOver => _heir is not null;

    /// <summary>The replica that this one has handed its office over to; null when it has not, or that one has lost it.</summary>
    public ReplicaId? HandedOverTo { get; private set; }

    /// <summary>
    /// Begins to hand over to the voter that holds most of the log. Given up after the longest election timeout, and then not
    /// begun again before four such times: a group must not be kept from taking writes by one who cannot get level.
    /// </summary>
    /// <param name="now">Monotonic microseconds.</param>
    /// <returns>Whether this replica is handing over now.</returns>
    public bool HandOver(long now)
    {
        _now = now;
        if (IsHandingOver)
            return true;
        if (!IsReadyPrimary || now < _handOverNotBefore || FindHeir() is not { } heir)
            return false;
        _heir = heir.Replica;
        _handOverDeadline = now + _options.ElectionMaxMicroseconds;
        Happened(ReplicaEventKind.HandingOver, heir.Replica.Number);
        TellHeirIfLevel(heir);
        return true;
    }

    /// <summary>
    /// The voters that hold all that was committed two ticks ago and were heard within the shortest election timeout, this replica
    /// included: with a majority of them writes go on. None when it is no primary that may answer.
    /// </summary>
    public IReadOnlyList<ReplicaId> LevelVoters => !IsReadyPrimary ? [] :
    [
        .. from peer in _peers
           where peer.LastHeardMicroseconds >= _now - _options.ElectionMinMicroseconds && CountsAt(peer) > 0 && CountsAt(peer) >= _committedBefore
           select peer.Replica,
        .. IsVoter ? [_self.Replica] : Array.Empty<ReplicaId>(),
    ];

    // What is committed now may be on its way to a follower that is none the slower for it.
    private void NoteCommitted() => (_committedBefore, _committedAtTick) = (_committedAtTick, CommitIndex);

    private RaftPeer? FindHeir()
    {
        RaftPeer? heir = null;
        foreach (var peer in _peers)
        {
            var isThere = peer.LastHeardMicroseconds >= _now - _options.ElectionMinMicroseconds;
            if (isThere && CountsAt(peer) > (heir is null ? 0 : heir.MatchIndex))
                heir = peer;
        }
        return heir;
    }

    /// <summary>The heir may have come level: told again with each of its words, for one may be lost.</summary>
    private void TellHeirIfLevel(RaftPeer peer)
    {
        // Who holds less would not be elected, and the group be without a primary for nothing.
        if (_heir == peer.Replica && CommitIndex == _log.LastIndex && CountsAt(peer) == _log.LastIndex)
        {
            _isHeirTold = true;
            Send(peer, new TimeoutNow { Epoch = Epoch, Store = _store });
        }
    }

    private void OnTimeoutNow(RaftPeer peer, TimeoutNow now)
    {
        // A late copy, of an epoch that is over, says nothing.
        if (now.Epoch != Epoch || Role != RaftRole.Follower || Primary != peer.Replica || !IsVoter || Yields)
            return;
        StartElection(isHandOver: true);
    }

    private void GiveUpHandOverIfLate()
    {
        if (!IsHandingOver || _now < _handOverDeadline)
            return;
        EndHandOver();
        _handOverNotBefore = _now + 4 * _options.ElectionMaxMicroseconds;
        Happened(ReplicaEventKind.HandOverGivenUp);
    }

    private void EndHandOver() => (_heir, _isHeirTold) = (null, false);

    private void HandOverIfTold() => HandedOverTo = _isHeirTold ? _heir : null;
}

using Tidal.Log;
using Tidal.Schema;

namespace Tidal.Replication.Raft;

// Log replication and commitment: Raft §5.3 and §5.4.2.
public sealed partial class RaftGroup
{
    /// <summary>Follower: up to where the log is known to agree with the log of this epoch's primary.</summary>
    private ulong _verifiedIndex;

    /// <summary>Primary: something was appended and not yet sent to anybody.</summary>
    private bool _hasUnsent;

    /// <summary>Appends an envelope to the log of the group, to be sent and made durable by the next <see cref="Flush"/>. Only a primary may.</summary>
    /// <param name="kind">What the payload is.</param>
    /// <param name="payload">A batch or a control record.</param>
    /// <returns>Its index.</returns>
    public ulong Append(EnvelopeKind kind, ReadOnlyMemory<byte> payload)
    {
        if (Role != RaftRole.Primary)
            throw new InvalidOperationException($"{_self} is a {Role} in epoch {Epoch}; only a primary appends.");
        var envelope = Envelope.Encode(kind, Epoch, _log.LastIndex + 1, CommitIndex, payload.Span);
        AppendToLog(envelope);
        _hasUnsent = true;
        return envelope.Index;
    }

    /// <summary>What this replica tells the node of another one at each beat, or null while it has nothing durable to say.</summary>
    /// <param name="to">The other replica.</param>
    public ShardBeat? BeatFor(ReplicaId to)
    {
        if (_durableEpoch != Epoch)
            return null;
        var isPrimary = Role == RaftRole.Primary;
        var matchIndex = isPrimary ? 0 : Math.Min(_verifiedIndex, _durableIndex);
        var commitIndex = Math.Min(CommitIndex, isPrimary ? PeerOf(to).MatchIndex : matchIndex);
        return new ShardBeat(_self.Shard, Epoch, _store, isPrimary, commitIndex, matchIndex);
    }

    /// <summary>Takes the other replica's beat.</summary>
    /// <param name="now">Monotonic microseconds.</param>
    /// <param name="from">The other replica.</param>
    /// <param name="beat">Its beat.</param>
    public void ReceiveBeat(long now, ReplicaId from, in ShardBeat beat)
    {
        _now = now;
        var peer = PeerOf(from);
        if (!peer.Hear(beat.Store, now, StoreSilenceMicroseconds))
            return;
        if (beat.Epoch > Epoch)
            AdoptEpoch(beat.Epoch);
        if (beat.Epoch == Epoch && beat.IsPrimary)
            OnPrimaryBeat(from, beat);
        else if (Role == RaftRole.Primary)
            OnFollowerBeat(peer, beat);
        Flush();
    }

    private void OnPrimaryBeat(ReplicaId primary, in ShardBeat beat)
    {
        FollowPrimary(primary);
        CommitUpTo(Math.Min(beat.CommitIndex, _verifiedIndex));
    }

    private void OnFollowerBeat(RaftPeer peer, in ShardBeat beat)
    {
        if (beat.Epoch == Epoch && beat.MatchIndex > 0)
        {
            // The follower may know of more: with one voter returned and then another lost, who alone knows the voter record
            // of the first as committed must be heard, or nobody would be left to count.
            CommitUpTo(beat.CommitIndex);
            if (peer.Acknowledge(beat.MatchIndex, _now))
                AdvanceCommit();
        }
        // What was sent, or its answer, got lost, or the follower started anew: send again from where the two agree.
        if (_now - peer.LastProgressMicroseconds >= 2 * _options.HeartbeatMicroseconds && beat.MatchIndex < _log.LastIndex)
            Resend(peer);
        ProposeVoterIfReturned(peer);
        TellHeirIfLevel(peer);
    }

    private void Resend(RaftPeer peer)
    {
        peer.IsProbing = true;
        peer.NextIndex = peer.MatchIndex > 0 ? peer.MatchIndex + 1 : Math.Min(peer.NextIndex, _log.LastIndex);
        peer.LastProgressMicroseconds = _now;
        SendRun(peer);
    }

    // What was appended together goes in one message: of two sent at the same moment the second may arrive first, is refused, and
    // then waits for the next beats.
    private void SendAppended()
    {
        if (!_hasUnsent)
            return;
        _hasUnsent = false;
        if (Role != RaftRole.Primary)
            return;
        foreach (var peer in _peers)
            SendEnvelopes(peer);
    }

    private void SendEnvelopes(RaftPeer peer)
    {
        if (peer.IsProbing || IsBeforeLog(peer))
        {
            if (!peer.IsProbeOutstanding)
                SendRun(peer);
            return;
        }
        while (peer.NextIndex <= _log.LastIndex && peer.NextIndex - peer.MatchIndex <= (ulong)_options.AppendWindowMax)
            SendRun(peer);
    }

    private void SendRun(RaftPeer peer)
    {
        if (IsBeforeLog(peer))
        {
            SendSnapshotPiece(peer);
            return;
        }
        var previous = peer.NextIndex - 1;
        var last = Math.Min(_log.LastIndex, previous + (ulong)_options.AppendWindowMax);
        IReadOnlyList<Envelope> run = last > previous ? _log.Read(previous + 1, last, _options.AppendBytesMax) : [];
        Send(peer, new AppendEnvelopes
        {
            Epoch = Epoch,
            Store = _store,
            PreviousIndex = previous,
            PreviousEpoch = _log.EpochAt(previous),
            Envelopes = run,
            CommitIndex = CommitIndex,
        });
        if (peer.IsProbing)
            peer.IsProbeOutstanding = true;
        else
            peer.NextIndex = previous + 1 + (ulong)run.Count;
    }

    private void OnAppend(RaftPeer peer, AppendEnvelopes append)
    {
        if (!TryFollow(peer, append.Epoch))
            return;
        if (!AgreesAt(append.PreviousIndex, append.PreviousEpoch))
        {
            SendWhenDurable(peer, Refuse(LastPossibleAgreement(append.PreviousIndex)));
            return;
        }
        var last = Take(append);
        _verifiedIndex = Math.Max(_verifiedIndex, last);
        CommitUpTo(Math.Min(append.CommitIndex, _verifiedIndex));
        SendWhenDurable(peer, new AppendReply { Epoch = Epoch, Store = _store, Accepted = true, Index = last });
    }

    /// <summary>Follows whoever writes the log in an epoch, unless a later one is known here: then it is told so.</summary>
    private bool TryFollow(RaftPeer peer, ulong epoch)
    {
        if (epoch < Epoch)
        {
            SendWhenDurable(peer, Refuse(_log.LastIndex));
            return false;
        }
        if (epoch > Epoch)
            AdoptEpoch(epoch);
        FollowPrimary(peer.Replica);
        return true;
    }

    private AppendReply Refuse(ulong index) => new() { Epoch = Epoch, Store = _store, Accepted = false, Index = index };

    // What lies before the log is committed, and so in the log of every later primary.
    private bool AgreesAt(ulong index, ulong epoch) =>
        index == 0 || index < _log.FirstIndex - 1 || (index <= _log.LastIndex && _log.EpochAt(index) == epoch);

    /// <summary>Before the first envelope of the epoch in conflict (Raft §5.3, the quick way back); what is committed agrees.</summary>
    private ulong LastPossibleAgreement(ulong previousIndex)
    {
        if (previousIndex > _log.LastIndex)
            return _log.LastIndex;
        var index = previousIndex;
        var epoch = _log.EpochAt(index);
        while (index > CommitIndex && index >= _log.FirstIndex && _log.EpochAt(index) == epoch)
            index--;
        return index;
    }

    private ulong Take(AppendEnvelopes append)
    {
        var last = append.PreviousIndex;
        foreach (var envelope in append.Envelopes)
        {
            last = envelope.Index;
            if (last <= _log.LastIndex)
            {
                if (last < _log.FirstIndex || _log.EpochAt(last) == envelope.GroupEpoch)
                    continue;
                CutTail(last);
            }
            AppendToLog(envelope);
        }
        return last;
    }

    private void CutTail(ulong from)
    {
        if (from <= CommitIndex)
            throw new CommittedRecordConflictException(_self, Epoch, from, CommitIndex);
        _log.TruncateFrom(from);
        ForgetFrom(from);
        ForgetDurableFrom(from);
        Happened(ReplicaEventKind.CutTail, from);
    }

    private void OnAppendReply(RaftPeer peer, AppendReply reply)
    {
        if (reply.Epoch > Epoch)
        {
            AdoptEpoch(reply.Epoch);
            return;
        }
        if (Role != RaftRole.Primary || reply.Epoch < Epoch)
            return;
        peer.IsProbeOutstanding = false;
        if (reply.Accepted)
        {
            if (peer.Acknowledge(reply.Index, _now))
                AdvanceCommit();
            ProposeVoterIfReturned(peer);
            TellHeirIfLevel(peer);
        }
        else
        {
            if (!peer.IsProbing)
                return;
            peer.NextIndex = Math.Max(peer.MatchIndex, Math.Min(reply.Index, peer.NextIndex - 1)) + 1;
        }
        SendEnvelopes(peer);
    }

    /// <summary>
    /// Commits what a majority of the group holds durably, learners not counted, and only up to a record of this epoch:
    /// an older one may be on a majority and still be overwritten (Raft §5.4.2, figure 8).
    /// </summary>
    private void AdvanceCommit()
    {
        Span<ulong> held = stackalloc ulong[_peers.Length + 1];
        for (var place = 0; place < _peers.Length; place++)
            held[place] = CountsAt(_peers[place]);
        held[^1] = IsVoter ? _durableIndex : 0;
        held.Sort();
        var majority = held[^_quorum];
        if (majority > CommitIndex && _log.EpochAt(majority) == Epoch)
            CommitUpTo(majority);
    }

    private void CommitUpTo(ulong index)
    {
        if (index <= CommitIndex)
            return;
        var wasReady = IsReadyPrimary;
        var committedBefore = CommitIndex;
        CommitIndex = index;
        Happened(ReplicaEventKind.Committed, index);
        if (!wasReady && IsReadyPrimary)
            Happened(ReplicaEventKind.PrimaryReady);
        OnVotersCommitted(committedBefore);
    }
}

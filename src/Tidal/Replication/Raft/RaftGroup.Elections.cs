using Tidal.Log;
using Tidal.Schema;

namespace Tidal.Replication.Raft;

// Elections: Raft §5.2 and §5.4.1, with pre-vote and check-quorum (Ongaro's thesis, §9.6 and §6.2).
public sealed partial class RaftGroup
{
    private readonly HashSet<ReplicaId> _votes = [];
    private long _electionDeadline;
    private long _quorumDeadline;
    private long _lastPrimaryContact;
    private ulong _epochRecordIndex;
    private bool _campaignAnnounced;
    private bool _campaignIsHandOver;

    private void AskForElection()
    {
        ResetElectionDeadline();
        if (!IsVoter)
            return;
        // Nobody is disturbed, and no epoch used up, unless a quorum would follow.
        Role = RaftRole.PreCandidate;
        Primary = null;
        _votes.Clear();
        CountVote(_self.Replica, isPreVote: true);
        if (Role == RaftRole.PreCandidate)
            SendVoteRequests(Epoch + 1, isPreVote: true);
    }

    private void StartElection(bool isHandOver = false)
    {
        Epoch++;
        Role = RaftRole.Candidate;
        Primary = null;
        _vote = _self.Replica;
        _verifiedIndex = 0;
        _votes.Clear();
        _campaignAnnounced = false;
        _campaignIsHandOver = isHandOver;
        ResetElectionDeadline();
        SaveHardState();
    }

    /// <summary>Our own vote is durable: now it counts, and the others may be asked.</summary>
    private void AnnounceCampaign()
    {
        if (Role != RaftRole.Candidate || _campaignAnnounced || _durableEpoch != Epoch)
            return;
        _campaignAnnounced = true;
        CountVote(_self.Replica, isPreVote: false);
        if (Role == RaftRole.Candidate)
            SendVoteRequests(Epoch, isPreVote: false);
    }

    private void SendVoteRequests(ulong epoch, bool isPreVote)
    {
        foreach (var peer in _peers)
        {
            Send(peer, new VoteRequest
            {
                Epoch = epoch,
                Store = _store,
                IsPreVote = isPreVote,
                IsHandOver = !isPreVote && _campaignIsHandOver,
                LastEpoch = _log.EpochAt(_log.LastIndex),
                LastIndex = _log.LastIndex,
            });
        }
    }

    private void OnVoteRequest(RaftPeer peer, VoteRequest request)
    {
        // A primary that is alive is not voted out by one replica that does not hear it (check-quorum's lease).
        if (HearsPrimary && !request.IsHandOver)
            return;
        if (request.IsPreVote)
        {
            if (request.Epoch > Epoch && IsVoter && IsUpToDate(request))
                ReplyToVote(peer, request, granted: true);
            return;
        }
        if (request.Epoch > Epoch)
            AdoptEpoch(request.Epoch);
        if (!IsVoter || request.Epoch < Epoch)
            return;
        var granted = (_vote is null || _vote == peer.Replica) && IsUpToDate(request);
        if (granted)
            GiveVote(peer.Replica);
        ReplyToVote(peer, request, granted);
    }

    private void GiveVote(ReplicaId candidate)
    {
        ResetElectionDeadline();
        if (_vote == candidate)
            return;
        _vote = candidate;
        SaveHardState();
    }

    private void ReplyToVote(RaftPeer peer, VoteRequest request, bool granted)
    {
        var reply = new VoteReply { Epoch = request.Epoch, Store = _store, IsPreVote = request.IsPreVote, Granted = granted };
        if (request.IsPreVote)
            Send(peer, reply);
        else
            // A vote that a crash could forget might be given twice in one epoch: durable first, then answered.
            SendWhenDurable(peer, reply);
    }

    private void OnVoteReply(RaftPeer peer, VoteReply reply)
    {
        var expected = reply.IsPreVote ? RaftRole.PreCandidate : RaftRole.Candidate;
        var epoch = reply.IsPreVote ? Epoch + 1 : Epoch;
        if (Role != expected || reply.Epoch != epoch || !reply.Granted)
            return;
        // The vote of a store that is no voter (any more, or not yet) counts nothing: PROTOCOL 1.
        if (VoterAt(peer.Replica) == reply.Store)
            CountVote(peer.Replica, reply.IsPreVote);
    }

    private void CountVote(ReplicaId voter, bool isPreVote)
    {
        _votes.Add(voter);
        if (_votes.Count < _quorum)
            return;
        if (isPreVote)
            StartElection();
        else
            BecomePrimary();
    }

    private void BecomePrimary()
    {
        Role = RaftRole.Primary;
        HandedOverTo = null;
        Primary = _self.Replica;
        _quorumDeadline = _now + _options.ElectionMaxMicroseconds;
        foreach (var peer in _peers)
        {
            peer.Restart(_log.LastIndex, _now);
            peer.LastHeardMicroseconds = _now;
        }
        Happened(ReplicaEventKind.BecamePrimary);
        // Raft §8: only a record of its own epoch tells a new primary which of the records it took over are committed.
        _epochRecordIndex = Append(EnvelopeKind.Control, ControlRecord.ForEpoch(_self.Replica).Encode());
    }

    private void CheckQuorum()
    {
        if (_now < _quorumDeadline)
            return;
        _quorumDeadline = _now + _options.HeartbeatMicroseconds;
        if (CountVotersHeardSince(_now - _options.ElectionMaxMicroseconds) < _quorum)
            StepDown();
    }

    /// <summary>A later epoch exists: whatever this replica was, it is a follower in it.</summary>
    private void AdoptEpoch(ulong epoch)
    {
        Epoch = epoch;
        _vote = null;
        _verifiedIndex = 0;
        Primary = null;
        StepDown();
        SaveHardState();
    }

    private void StepDown()
    {
        var wasPrimary = Role == RaftRole.Primary;
        Role = RaftRole.Follower;
        Primary = wasPrimary ? null : Primary;
        ResetElectionDeadline();
        if (!wasPrimary)
            return;
        AbandonRound();
        HandOverIfTold();
        EndHandOver();
        Happened(ReplicaEventKind.SteppedDown);
    }

    private void FollowPrimary(ReplicaId primary)
    {
        if (Role != RaftRole.Follower)
            StepDown();
        Primary = primary;
        HandedOverTo = HandedOverTo == primary ? primary : null;
        _lastPrimaryContact = _now;
        ResetElectionDeadline();
    }

    private bool HearsPrimary => Role == RaftRole.Primary
        ? HearsQuorum
        : Primary is not null && _now - _lastPrimaryContact < _options.ElectionMinMicroseconds;

    private bool IsUpToDate(VoteRequest request)
    {
        var lastEpoch = _log.EpochAt(_log.LastIndex);
        return request.LastEpoch != lastEpoch ? request.LastEpoch > lastEpoch : request.LastIndex >= _log.LastIndex;
    }

    private void ResetElectionDeadline()
    {
        var wait = _random.Next(_options.ElectionMinMicroseconds, _options.ElectionMaxMicroseconds);
        _electionDeadline = _now + wait + (Yields ? 2 * _options.ElectionMaxMicroseconds : 0);
    }
}

using Tidal.Log;
using Tidal.Schema;

namespace Tidal.Replication.Raft;

// Stores, voters and learners: PROTOCOL 1.
public sealed partial class RaftGroup
{
    private readonly record struct NamedVoter(ulong Index, ReplicaId Replica, StoreId Store);

    /// <summary>The voter records of the log, in its order; the first of each place is the founding's. A handful.</summary>
    private readonly List<NamedVoter> _voters = [];

    /// <summary>For how long a store must not have been heard before another is taken to stand at its place: three beats.</summary>
    private long StoreSilenceMicroseconds => 3 * _options.HeartbeatMicroseconds;

    /// <summary>Whether this replica's store is named by a committed voter record: else it neither votes nor counts.</summary>
    public bool IsVoter => CommittedVoterAt(_self.Replica) is { } voter && voter.Store == _store;

    /// <summary>The store that stands at a place by the newest voter record held, committed or not.</summary>
    private StoreId? VoterAt(ReplicaId replica)
    {
        for (var place = _voters.Count - 1; place >= 0; place--)
        {
            if (_voters[place].Replica == replica)
                return _voters[place].Store;
        }
        return null;
    }

    private NamedVoter? CommittedVoterAt(ReplicaId replica)
    {
        for (var place = _voters.Count - 1; place >= 0; place--)
        {
            if (_voters[place].Replica == replica && _voters[place].Index <= CommitIndex)
                return _voters[place];
        }
        return null;
    }

    /// <summary>Whether a store is a place's voter as far as this replica can tell; who holds no voter record rules nobody out.</summary>
    private bool MayVote(ReplicaId replica, StoreId store) =>
        CommittedVoterAt(replica) is not { } voter || voter.Store == store;

    /// <summary>
    /// How much of the log a peer holds for the count of a majority: nothing while its store is not the one that a
    /// committed voter record names, or while it does not hold that record itself.
    /// </summary>
    private ulong CountsAt(RaftPeer peer) =>
        CommittedVoterAt(peer.Replica) is { } voter && voter.Store == peer.Store && peer.MatchIndex >= voter.Index
            ? peer.MatchIndex
            : 0;

    /// <summary>A store that is no voter has caught up with what is committed: propose to make it one.</summary>
    private void ProposeVoterIfReturned(RaftPeer peer)
    {
        if (!IsReadyPrimary || IsHandingOver || peer.Store == default || VoterAt(peer.Replica) == peer.Store || peer.MatchIndex < CommitIndex)
            return;
        Append(EnvelopeKind.Control, ControlRecord.ForVoters(new Voter(peer.Replica, peer.Store)).Encode());
    }

    /// <summary>Takes note of what a control record says of the group itself.</summary>
    private void Remember(Envelope envelope)
    {
        if (envelope.Kind != EnvelopeKind.Control)
            return;
        var control = ControlRecord.Decode(envelope.Payload);
        if (control.Kind == ControlKind.Format)
            RememberFormat(envelope.Index, control.FormatVersion);
        if (control.Kind != ControlKind.Voter)
            return;
        foreach (var voter in control.Voters.Span)
            _voters.Add(new NamedVoter(envelope.Index, voter.Replica, voter.Store));
    }

    private void RememberLog()
    {
        if (Checkpoint is { } checkpoint)
            Remember(checkpoint);
        for (var index = Math.Max(_log.FirstIndex, CheckpointIndex + 1); index <= _log.LastIndex; index++)
        {
            foreach (var envelope in _log.Read(index, index, 1))
                Remember(envelope);
        }
    }

    private void Remember(CheckpointHeader checkpoint)
    {
        foreach (var (index, voter) in checkpoint.Voters.Span)
            _voters.Add(new NamedVoter(index, voter.Replica, voter.Store));
        RememberFormat(checkpoint.Index, checkpoint.Format);
    }

    /// <summary>The newest voter of each place up to an index: those before them count no more.</summary>
    private CommittedVoter[] VotersUpTo(ulong index) =>
    [
        .. from voter in _voters
           where voter.Index <= index
           group voter by voter.Replica into place
           let newest = place.Last()
           select new CommittedVoter(newest.Index, new Voter(newest.Replica, newest.Store)),
    ];

    private void ForgetFrom(ulong index)
    {
        _voters.RemoveAll(voter => voter.Index >= index);
        _formats.RemoveAll(format => format.Index >= index);
    }

    private void OnVotersCommitted(ulong committedBefore)
    {
        foreach (var voter in _voters)
        {
            if (voter.Index > committedBefore && voter.Index <= CommitIndex && voter.Replica == _self.Replica && voter.Store == _store)
                Happened(ReplicaEventKind.BecameVoter);
        }
        SaveVotersCommitted();
    }

    /// <summary>
    /// A commit index is not written to disk each time it moves; but one that makes a voter is, as soon as the voter record
    /// itself is durable: after a restart that store must know that it may vote, or two restarted replicas could not elect
    /// anyone.
    /// </summary>
    private void SaveVotersCommitted()
    {
        var savable = Math.Min(CommitIndex, _durableIndex);
        foreach (var voter in _voters)
        {
            if (voter.Index <= _savedCommitIndex || voter.Index > savable)
                continue;
            SaveHardState();
            return;
        }
    }
}

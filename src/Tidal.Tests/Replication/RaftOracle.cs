using Tidal.Log;
using Tidal.Replication;
using Tidal.Replication.Raft;
using Tidal.Schema;

namespace Tidal.Tests.Replication;

/// <summary>A group did what no group may.</summary>
internal sealed class RaftOracleException(string message) : Exception(message);

/// <summary>
/// Judges a group by what can be seen from outside: what replicas send, what they say happened, and their logs. It knows
/// nothing of how they decide. What it holds true: a committed index has the same bytes everywhere, for good, and every later
/// primary has it; an epoch has one primary; a store's epoch never goes down; a store votes once in an epoch.
/// </summary>
internal sealed class RaftOracle
{
    private readonly IReadOnlyList<HarnessReplica> _replicas;
    private readonly List<(Envelope Envelope, ulong Epoch)> _committed = [];
    private readonly List<byte[]> _states = [[]];
    private readonly ulong[] _checked;
    private readonly Dictionary<ulong, (ReplicaId, StoreId)> _primaries = [];
    private readonly Dictionary<StoreId, ulong> _epochs = [];
    private readonly Dictionary<(StoreId, ulong), ReplicaId> _votes = [];
    private readonly Dictionary<(StoreId, ulong, ulong), byte[]> _proposed = [];

    public RaftOracle(IReadOnlyList<HarnessReplica> replicas)
    {
        _replicas = replicas;
        _checked = new ulong[replicas.Count];
        Commit(replicas[0].Raft.Log.Read(1), 0);
    }

    /// <summary>Up to which index something was committed anywhere.</summary>
    public ulong CommittedIndex => (ulong)_committed.Count;

    /// <summary>Records that a client was told are safe.</summary>
    public int AcknowledgedCount { get; private set; }

    /// <summary>Checkpoints that took the place of a follower's log.</summary>
    public int InstalledCount { get; private set; }

    /// <summary>A primary is about to append a client's record.</summary>
    public void Proposed(HarnessReplica primary, ulong index, byte[] payload) =>
        _proposed[(primary.Raft.Store, primary.Raft.Epoch, index)] = payload;

    /// <summary>A replica has taken an input.</summary>
    public void Observe(HarnessReplica replica)
    {
        foreach (var happened in replica.Effects.Events)
        {
            if (happened.Kind == ReplicaEventKind.BecamePrimary)
                OnPrimary(replica, happened.Epoch);
            if (happened.Kind == ReplicaEventKind.SnapshotInstalled)
                InstalledCount++;
        }
        CheckCommitted(replica);
        CheckState(replica, "its state", replica.AppliedIndex, replica.State);
    }

    /// <summary>A replica sends something.</summary>
    public void Sent(HarnessReplica from, Parcel parcel)
    {
        switch (parcel.Message)
        {
            case VoteRequest { IsPreVote: true } or VoteReply { IsPreVote: true }:
                return;
            case VoteRequest request:
                OnVote(request.Store, request.Epoch, from.Id);
                break;
            case VoteReply { Granted: true } reply:
                OnVote(reply.Store, reply.Epoch, parcel.To);
                break;
        }
        var (store, epoch) = parcel.Message is IRaftMessage message ? (message.Store, message.Epoch) : (parcel.Beat.Store, parcel.Beat.Epoch);
        OnEpoch(from, store, epoch);
    }

    /// <summary>A replica found what its disk holds.</summary>
    public void TakenUp(HarnessReplica replica)
    {
        _checked[replica.Id.Number] = 0;
        CheckCommitted(replica);
        OnEpoch(replica, replica.Raft.Store, replica.Raft.Epoch);
    }

    /// <summary>Checks a whole log against everything committed.</summary>
    public void CheckHoldsCommitted(HarnessReplica replica)
    {
        for (var index = 1UL; index <= CommittedIndex; index++)
            CheckHolds(replica, index);
    }

    private void OnPrimary(HarnessReplica replica, ulong epoch)
    {
        var self = (replica.Id, replica.Raft.Store);
        if (!_primaries.TryAdd(epoch, self) && _primaries[epoch] != self)
            throw new RaftOracleException($"{replica} is primary of epoch {epoch}, and so was {_primaries[epoch]}.");
        for (var index = 1; index <= _committed.Count; index++)
        {
            if (_committed[index - 1].Epoch < epoch)
                CheckHolds(replica, (ulong)index);
        }
    }

    private void OnVote(StoreId store, ulong epoch, ReplicaId candidate)
    {
        if (!_votes.TryAdd((store, epoch), candidate) && _votes[(store, epoch)] != candidate)
            throw new RaftOracleException($"{store} voted for {candidate} in epoch {epoch}, and for {_votes[(store, epoch)]}.");
    }

    private void OnEpoch(HarnessReplica replica, StoreId store, ulong epoch)
    {
        if (_epochs.TryGetValue(store, out var highest) && epoch < highest)
            throw new RaftOracleException($"{replica} ({store}) is in epoch {epoch}, but has spoken in epoch {highest}.");
        _epochs[store] = epoch;
    }

    private void CheckCommitted(HarnessReplica replica)
    {
        ref var seen = ref _checked[replica.Id.Number];
        while (seen < replica.Raft.CommitIndex)
        {
            seen++;
            if (seen > CommittedIndex)
                OnNewlyCommitted(replica, seen);
            else
                CheckHolds(replica, seen);
            CheckAcknowledged(replica, seen);
        }
    }

    private void OnNewlyCommitted(HarnessReplica replica, ulong index)
    {
        if (replica.Raft.Role != RaftRole.Primary)
            throw new RaftOracleException($"{replica} takes index {index} as committed; no primary has committed it.");
        Commit(replica.Raft.Log.Read(index), replica.Raft.Epoch);
        foreach (var other in _replicas)
        {
            if (other.IsPrimary && other.Raft.Epoch > replica.Raft.Epoch)
                CheckHolds(other, index);
        }
    }

    /// <summary>A client is told that its record is safe once the primary that took it has committed its index.</summary>
    private void CheckAcknowledged(HarnessReplica replica, ulong index)
    {
        if (replica.Raft.Role != RaftRole.Primary || !_proposed.TryGetValue((replica.Raft.Store, replica.Raft.Epoch, index), out var payload))
            return;
        AcknowledgedCount++;
        if (!_committed[(int)index - 1].Envelope.Payload.Span.SequenceEqual(payload))
            throw new RaftOracleException($"{replica} acknowledges the record it appended at index {index}, but another is committed there.");
    }

    private void Commit(Envelope envelope, ulong epoch)
    {
        _committed.Add((envelope, epoch));
        _states.Add(HarnessReplica.Next(_states[^1], envelope));
    }

    /// <summary>What is no longer in the log must be in the checkpoint.</summary>
    private void CheckCheckpoint(HarnessReplica replica, ulong index)
    {
        if (replica.Raft.CheckpointIndex < index)
            throw new RaftOracleException($"{replica} has deleted index {index}, and its checkpoint is of index {replica.Raft.CheckpointIndex}.");
        CheckState(replica, "its checkpoint", replica.Raft.CheckpointIndex, replica.Raft.ReadCheckpointState().Span);
    }

    private void CheckState(HarnessReplica replica, string what, ulong index, ReadOnlySpan<byte> state)
    {
        if (index > CommittedIndex || !state.SequenceEqual(_states[(int)index]))
            throw new RaftOracleException($"{replica}: {what} of index {index} is not what the records committed up to there add up to.");
    }

    private void CheckHolds(HarnessReplica replica, ulong index)
    {
        var (expected, epoch) = _committed[(int)index - 1];
        var log = replica.Raft.Log;
        if (index < log.FirstIndex)
        {
            CheckCheckpoint(replica, index);
            return;
        }
        if (index > log.LastIndex)
            throw new RaftOracleException($"{replica}, {replica.Raft.Role} of epoch {replica.Raft.Epoch}, has a log that ends at {log.LastIndex}; index {index} was committed in epoch {epoch}.");
        var found = log.Read(index);
        if (found != expected)
            throw new RaftOracleException($"{replica}, {replica.Raft.Role} of epoch {replica.Raft.Epoch}, holds {found}; {expected} was committed in epoch {epoch}.");
    }
}

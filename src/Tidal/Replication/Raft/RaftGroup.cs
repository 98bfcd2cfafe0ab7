using Tidal.Log;
using Tidal.Schema;

namespace Tidal.Replication.Raft;

/// <summary>What a replica is in its group.</summary>
public enum RaftRole
{
    /// <summary>It takes the primary's log, and votes if it is a voter.</summary>
    Follower,

    /// <summary>It asks whether it would be elected.</summary>
    PreCandidate,

    /// <summary>It asks to be elected.</summary>
    Candidate,

    /// <summary>It was elected: it writes the log.</summary>
    Primary,
}

/// <summary>
/// One replica's part of the Raft group of a shard in a region (Ongaro, Ousterhout: "In Search of an Understandable
/// Consensus Algorithm", 2014; the pure core of etcd-io/raft is the model): elections with pre-vote and check-quorum, one
/// log, majority commit. A pure state machine: it is given the time and messages, and leaves messages and flushes in its
/// <see cref="Effects"/>. Envelopes are opaque to it but for control records about itself: epochs, voters and formats.
/// Not safe for use by several threads.
/// </summary>
public sealed partial class RaftGroup
{
    private readonly Address _self;
    private readonly RaftOptions _options;
    private readonly SegmentedLog _log;
    private readonly HardStateJournal _journal;
    private readonly DeterministicRandom _random;
    private readonly Effects _effects;
    private readonly RaftPeer[] _peers;
    private readonly int _quorum;
    private readonly StoreId _store;
    private ReplicaId? _vote;
    private long _now;

    /// <summary>Takes up a replica as its store holds it.</summary>
    /// <param name="self">Where it stands.</param>
    /// <param name="replicas">Replicas of the group: 1, 3 or 5.</param>
    /// <param name="options">Times and bounds.</param>
    /// <param name="store">What its store holds; the group owns it from here on.</param>
    /// <param name="seed">Decides the variety of its election timeouts.</param>
    /// <param name="effects">Where it leaves what it wants of the world.</param>
    public RaftGroup(Address self, int replicas, RaftOptions options, ReplicaStore store, ulong seed, Effects effects)
    {
        ArgumentNullException.ThrowIfNull(store);
        var (log, state) = (store.Log, store.State);
        _self = self;
        _options = options;
        _log = log;
        _checkpoints = store.Checkpoints;
        _journal = store.Journal;
        _random = new DeterministicRandom(seed);
        _effects = effects;
        _quorum = replicas / 2 + 1;
        _peers = [.. Enumerable.Range(0, replicas).Where(number => number != self.Replica.Number)
            .Select(number => new RaftPeer(new ReplicaId((byte)number)))];
        _store = state.Store;
        // A hard state that a power loss took, or rot, may be older than the log beside it: in that epoch no vote was given.
        Epoch = _durableEpoch = Math.Max(state.Epoch, log.LastEpoch);
        _vote = Epoch == state.Epoch ? state.Vote : null;
        _durableIndex = log.LastIndex;
        CommitIndex = _savedCommitIndex = Math.Min(state.CommitIndex, log.LastIndex);
        RememberLog();
    }

    /// <summary>The leader epoch (Raft's term).</summary>
    public ulong Epoch { get; private set; }

    /// <summary>What the replica is.</summary>
    public RaftRole Role { get; private set; }

    /// <summary>The primary of the epoch, as far as this replica knows.</summary>
    public ReplicaId? Primary { get; private set; }

    /// <summary>Up to where the log is committed, as far as this replica knows.</summary>
    public ulong CommitIndex { get; private set; }

    /// <summary>The log; read it, never write it.</summary>
    public SegmentedLog Log => _log;

    /// <summary>The epoch in which the group was founded: 0 with the cluster, later if it was founded anew.</summary>
    public ulong FoundingEpoch =>
        Checkpoint?.FoundingEpoch ?? (_log.FirstIndex == 1 && _log.LastIndex > 0 ? _log.EpochAt(1) : 0);

    /// <summary>The store this replica stands on.</summary>
    public StoreId Store => _store;

    /// <summary>Whether it is the primary and its epoch's empty record is committed: then what it took over is too.</summary>
    public bool IsReadyPrimary => Role == RaftRole.Primary && CommitIndex >= _epochRecordIndex;

    /// <summary>When a primary was last heard (for a primary: now), monotonic microseconds; how stale a follower may be.</summary>
    public long LastPrimaryContactMicroseconds => Role == RaftRole.Primary ? _now : _lastPrimaryContact;

    /// <summary>The earliest monotonic time at which <see cref="Tick"/> has anything to do.</summary>
    public long NextDeadlineMicroseconds =>
        Role != RaftRole.Primary ? _electionDeadline
        : IsHandingOver ? Math.Min(_quorumDeadline, _handOverDeadline)
        : _quorumDeadline;

    /// <summary>Whether a quorum of voters, this replica included, was heard within the shortest election timeout.</summary>
    public bool HearsQuorum => CountVotersHeardSince(_now - _options.ElectionMinMicroseconds) >= _quorum;

    /// <summary>Begins to take part.</summary>
    /// <param name="now">Monotonic microseconds.</param>
    public void Start(long now)
    {
        _now = now;
        _lastPrimaryContact = long.MinValue / 2;
        ResetElectionDeadline();
        if (_peers.Length == 0)
            _electionDeadline = now;
        Flush();
    }

    /// <summary>Lets time pass.</summary>
    /// <param name="now">Monotonic microseconds.</param>
    public void Tick(long now)
    {
        _now = now;
        if (Role == RaftRole.Primary)
            CheckQuorum();
        else if (now >= _electionDeadline)
            AskForElection();
        ResendRoundIfLate();
        GiveUpHandOverIfLate();
        NoteCommitted();
        Flush();
    }

    /// <summary>Takes a message from another replica of the group.</summary>
    /// <param name="now">Monotonic microseconds.</param>
    /// <param name="from">The sender.</param>
    /// <param name="message">The message.</param>
    public void Receive(long now, ReplicaId from, Message message)
    {
        _now = now;
        var raft = (IRaftMessage)message;
        var peer = PeerOf(from);
        if (!peer.Hear(raft.Store, now, StoreSilenceMicroseconds))
            return;
        switch (message)
        {
            case VoteRequest request:
                OnVoteRequest(peer, request);
                break;
            case VoteReply reply:
                OnVoteReply(peer, reply);
                break;
            case TimeoutNow timeout:
                OnTimeoutNow(peer, timeout);
                break;
            case AppendEnvelopes append:
                OnAppend(peer, append);
                break;
            case AppendReply reply:
                OnAppendReply(peer, reply);
                break;
            case InstallSnapshot install:
                OnInstall(peer, install);
                break;
            case InstallProgress progress:
                OnInstallProgress(peer, progress);
                break;
            case ConfirmRequest request:
                OnConfirmRequest(peer, request);
                break;
            case ConfirmReply reply:
                OnConfirmReply(peer, reply);
                break;
        }
        Flush();
    }

    private RaftPeer PeerOf(ReplicaId replica) =>
        _peers[replica.Number < _self.Replica.Number ? replica.Number : replica.Number - 1];

    private Address AddressOf(ReplicaId replica) => _self with { Replica = replica };

    private void Send(RaftPeer peer, Message message) => _effects.Send(AddressOf(peer.Replica), message);

    private void Happened(ReplicaEventKind kind, ulong number = 0) =>
        _effects.Events.Add(new ReplicaEvent(kind, Epoch, number));

    /// <summary>How many voters were heard. A learner keeps no primary in office: with it there is still nobody to commit with.</summary>
    private int CountVotersHeardSince(long since)
    {
        var heard = MayVote(_self.Replica, _store) ? 1 : 0;
        foreach (var peer in _peers)
        {
            if (peer.LastHeardMicroseconds >= since && MayVote(peer.Replica, peer.Store))
                heard++;
        }
        return heard;
    }
}

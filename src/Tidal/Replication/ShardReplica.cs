using Tidal.Crdt;
using Tidal.Log;
using Tidal.Query;
using Tidal.Replication.Raft;
using Tidal.Replication.Reconciling;
using Tidal.Schema;

namespace Tidal.Replication;

/// <summary>What a replica needs to know of the cluster it stands in. Immutable.</summary>
/// <param name="Self">Where it stands.</param>
/// <param name="Topology">The cluster.</param>
/// <param name="Options">Times and bounds.</param>
/// <param name="Tenants">The tenants, as the newest routing table it knows has them.</param>
/// <param name="Seed">Decides the variety of its timeouts.</param>
public sealed record ReplicaSettings(
    Address Self,
    Topology Topology,
    ReplicationOptions Options,
    ITenantDirectory Tenants,
    ulong Seed)
{
    /// <summary>What the node has heard of its peers' wall clocks: one for all replicas of a node.</summary>
    public ClockBound Clocks { get; init; } = new(Options.Clocks);
}

/// <summary>
/// One replica of a shard in a region: its Raft group's log, the state that follows from it, and, while it is the primary,
/// the writes of clients, the batches of other regions and the shipping to them. A pure state machine: time and messages
/// in, messages and flushes out. Not safe for use by several threads.
/// </summary>
public sealed partial class ShardReplica
{
    private readonly ReplicaSettings _settings;
    private readonly RaftGroup _raft;
    private readonly HybridLogicalClock _clock = new();
    private ShardState _state;
    private readonly ShardQueryExecutor _executor;
    private ClockReading _now;

    /// <summary>Takes up a replica as its store holds it.</summary>
    /// <param name="settings">Where it stands and in what.</param>
    /// <param name="store">What its store holds.</param>
    public ShardReplica(ReplicaSettings settings, ReplicaStore store)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(store);
        _settings = settings;
        _state = new ShardState(settings.Tenants.SchemaOf, SessionMembersOf);
        _raft = new RaftGroup(
            settings.Self, settings.Topology.ReplicaCount, settings.Options.Raft, store, settings.Seed, Effects);
        TakeUpCheckpoint();
        Standings = new TenantStandings(this);
        _executor = new ShardQueryExecutor(settings.Self.Region);
        Recovery = new OriginRecovery(this);
        _follower = new FollowerDb(this);
        _shipper = new WalShipper(this);
        _snapshots = new SnapshotReceiver(this);
        Reconciling = new Reconciliations(this);
        _sessions = new SessionKeeper(this);
    }

    /// <summary>Where it stands.</summary>
    public Address Self => _settings.Self;

    /// <summary>What it wants of the world; the host sees to it and clears it after each input.</summary>
    public Effects Effects { get; } = new();

    /// <summary>What follows from its committed records; read it, never change it.</summary>
    public ShardState State => _state;

    /// <summary>Its part of the group; read it, never drive it.</summary>
    public RaftGroup Raft => _raft;

    /// <summary>Its clock's last reading.</summary>
    public HlcTimestamp Hlc => _clock.Last;

    /// <summary>The earliest monotonic time at which <see cref="Tick"/> has anything to do.</summary>
    public long NextDeadlineMicroseconds =>
        _raft.IsReadyPrimary ? Math.Min(_raft.NextDeadlineMicroseconds, _shipper.NextBeatMicroseconds) : _raft.NextDeadlineMicroseconds;

    /// <summary>
    /// Whether it leaves its group's office to the others, because its node is to be stopped: as the primary it hands over.
    /// Nothing that it has taken is left unanswered.
    /// </summary>
    public bool Yields
    {
        get => _raft.Yields;
        set => _raft.Yields = value;
    }

    /// <summary>Begins to take part.</summary>
    /// <param name="now">The edge's clocks.</param>
    public void Start(ClockReading now)
    {
        _now = now;
        _raft.Start(now.MonotonicMicroseconds);
        FinishStep();
    }

    /// <summary>Lets time pass.</summary>
    /// <param name="now">The edge's clocks.</param>
    public void Tick(ClockReading now)
    {
        _now = now;
        FollowTable();
        _raft.Tick(now.MonotonicMicroseconds);
        _shipper.Tick(now.MonotonicMicroseconds);
        // The keeper writes: it needs the bookkeeping of the role that the tick may have brought.
        FollowRole();
        _sessions.Tick(now.MonotonicMicroseconds);
        FollowOrders();
        FinishStep();
    }

    /// <summary>The host has made durable all that was written when it was asked to.</summary>
    /// <param name="now">The edge's clocks.</param>
    public void FlushCompleted(ClockReading now)
    {
        _now = now;
        _raft.FlushCompleted(now.MonotonicMicroseconds);
        FinishStep();
    }

    /// <summary>Takes a message.</summary>
    /// <param name="now">The edge's clocks.</param>
    /// <param name="from">The sender.</param>
    /// <param name="message">The message.</param>
    public void Receive(ClockReading now, Address from, Message message)
    {
        ArgumentNullException.ThrowIfNull(message);
        _clock.Receive(message.Hlc, now.WallMilliseconds);
        _now = now;
        // A gateway is no node: it stamps nothing that counts.
        if (message.WallMilliseconds is { } wall && !from.IsGateway)
            _settings.Clocks.Hear(from.Node, wall, now);
        // What it asks for comes before what a client asks for under it.
        FollowTable();
        FollowPlacements();
        Dispatch(from, message);
        FinishStep();
    }

    /// <summary>Takes the part of a node's heartbeat that is about this shard.</summary>
    /// <param name="now">The edge's clocks.</param>
    /// <param name="from">The replica beside this one that sent it.</param>
    /// <param name="beat">Its beat.</param>
    /// <param name="hlc">The sender's clock.</param>
    public void ReceiveBeat(ClockReading now, ReplicaId from, in ShardBeat beat, HlcTimestamp hlc)
    {
        _clock.Receive(hlc, now.WallMilliseconds);
        _now = now;
        _raft.ReceiveBeat(now.MonotonicMicroseconds, from, beat);
        FinishStep();
    }

    /// <summary>What the cluster's table and the node's operator want of a primary.</summary>
    private void FollowOrders()
    {
        if (!_raft.IsReadyPrimary || _raft.IsHandingOver)
            return;
        _raft.RaiseFormat((ushort)_settings.Tenants.Table.Format);
        if (!Yields)
            return;
        // What is open joins the log now: a primary hands over once all of it is committed, and acknowledged.
        SealAllOpen();
        _raft.HandOver(_now.MonotonicMicroseconds);
    }

    private void Dispatch(Address from, Message message)
    {
        switch (message)
        {
            case IRaftMessage:
                _raft.Receive(_now.MonotonicMicroseconds, from.Replica, message);
                break;
            case GatewayRequest request:
                OnGatewayRequest(from, request);
                break;
            case ReadHandedOn read:
                OnHandedOn(read);
                break;
            case ShipBatches batches:
                _follower.OnBatches(from, batches);
                break;
            case ShipMarks marks:
                OnMarks(from, marks);
                break;
            case GapRequest gap:
                _shipper.OnGapRequest(from, gap);
                break;
            case ShipSnapshot chunk:
                _snapshots.OnChunk(from, chunk);
                break;
            case SnapshotRequest request:
                _shipper.OnSnapshotRequest(from, request);
                break;
            case TenantStandingRequest request:
                OnStandingRequest(from, request);
                break;
            case SnapshotProgress progress:
                _shipper.OnSnapshotProgress(from, progress);
                break;
            case ReconcileMessage reconcile:
                OnReconcile(from, reconcile);
                break;
            case StreamDiverged diverged:
                _shipper.OnDiverged(from, diverged);
                break;
            case NotShardPrimary notPrimary:
                _shipper.OnNotPrimary(from, notPrimary);
                break;
        }
    }

    /// <summary>Sees to what follows from an input, whichever it was.</summary>
    private void FinishStep()
    {
        FollowRole();
        FollowTable();
        FollowPlacements();
        SealOpenBatches();
        _raft.Flush();
        ApplyCommitted();
        CheckpointIfDue();
        AnswerHandedOn();
        AnswerConfirmedReads();
        Effects.Stamp(_clock, _now.WallMilliseconds);
    }

    /// <summary>Makes the bookkeeping of a primary when the group made this replica one, and drops it when it is one no more.</summary>
    private void FollowRole()
    {
        if (_tail is not null && (_raft.Role != RaftRole.Primary || _tailEpoch != _raft.Epoch))
            EndPrimacy();
        if (_raft.Role != RaftRole.Primary || _tail is not null)
            return;
        _tail = new LogTail(Self.Region, _state, _raft.Log, _clock);
        _tailEpoch = _raft.Epoch;
        _firstEpochLed = Math.Min(_firstEpochLed, _tailEpoch);
        Recovery.Restart();
        _snapshots.Restart();
        _shipper.Restart(_now.MonotonicMicroseconds);
        _sessions.Restart();
        _isPlacementDue = true;
    }

    /// <summary>State, reads, answers and shipping see only what is committed.</summary>
    private void ApplyCommitted()
    {
        TakeUpCheckpoint();
        if (_state.AppliedIndex < _raft.CommitIndex)
        {
            while (_state.AppliedIndex < _raft.CommitIndex)
            {
                foreach (var envelope in _raft.Log.Read(_state.AppliedIndex + 1, _raft.CommitIndex, _settings.Options.ShipBytesMax))
                    ApplyCommitted(envelope);
            }
            AcknowledgeCommitted();
            Reconciling.Advance(_now.MonotonicMicroseconds);
        }
        // Not only after a commit: the last commit of a takeover makes the primary ready, and so does the passing of time.
        if (_raft.IsReadyPrimary)
        {
            _follower.AcknowledgeMoved();
            _shipper.Pump(_now.MonotonicMicroseconds);
        }
    }

    private void ApplyCommitted(Envelope envelope)
    {
        _bytesSinceCheckpoint += envelope.Length;
        if (_state.Apply(envelope, _clock) is not { } header)
        {
            OnCommitted(ControlRecord.Decode(envelope.Payload));
            return;
        }
        if (_state.LastStanding is { } standing && header.Origin.Region == Self.Region)
            Effects.Events.Add(new ReplicaEvent(standing.IsSealed ? ReplicaEventKind.Sealed : ReplicaEventKind.Reopened, _raft.Epoch, standing.Version, Self.Region));
        if (!_raft.IsReadyPrimary)
            return;
        if (header.Origin.Region == Self.Region)
            _shipper.Committed(header, _now.MonotonicMicroseconds);
        else
            _follower.Committed(header);
    }
}

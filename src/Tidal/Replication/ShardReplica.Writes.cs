using Tidal.Log;
using Tidal.Replication.Raft;
using Tidal.Schema;

namespace Tidal.Replication;

// The writes of clients. Three outcomes: acknowledged (committed), refused (never appended, for good), unknown.
public sealed partial class ShardReplica
{
    /// <summary>The batch that a tenant's writes join until it is appended.</summary>
    private sealed class OpenBatch
    {
        public BatchWriter Writer { get; } = new();

        public List<RecordIdentity> Records { get; } = [];
    }

    private readonly SortedList<TenantId, OpenBatch> _open = [];
    private readonly Dictionary<Address, TryWindow> _tries = [];
    private LogTail? _tail;
    private ulong _tailEpoch;

    // The first epoch that this replica was primary of since it started: what it took before, it does not remember.
    private ulong _firstEpochLed = ulong.MaxValue;

    internal LogTail? Tail => _tail;

    private void OnGatewayRequest(Address gateway, GatewayRequest request)
    {
        if (request is WriteRequest write)
            OnWrite(gateway, write);
        else if (IsMoved(request))
            AnswerMoved(gateway, request.Try);
        else if (MayRead(request))
            OnRead(gateway, request);
        else if (!TryHandOn(gateway, request))
            RefuseAsNotPrimary(gateway, request.Try);
    }

    private bool MayRead(GatewayRequest request) =>
        request is not LocateRequest && _settings.Tenants.Table.Find(request.Tenant) is not null
        && (_raft.IsReadyPrimary || request is ShardQueryRequest { AcceptFollower: true })
        && !Recovery.IsOutstanding(request.Tenant);

    private void RefuseAsNotPrimary(Address gateway, ulong tried) => Effects.Send(gateway, new NotPrimary
    {
        Try = tried,
        Epoch = _raft.Epoch,
        // About to hand over it names nobody: in a moment there is another.
        Primary = _raft.IsHandingOver ? null : _raft.Primary,
        HearsQuorum = _raft.HearsQuorum,
    });

    private void OnWrite(Address gateway, WriteRequest write)
    {
        if (write.Epoch < _firstEpochLed)
        {
            OnTryOfAnEarlierLife(gateway, write);
            return;
        }
        // Taken whatever comes of it: a copy of a try that was appended is not refused when the epoch is over, and one of a try
        // that had to go elsewhere is not appended once the table has come that sent it here.
        switch (TriesOf(gateway).Take(write.Try))
        {
            case TryStanding.New when IsMoved(write):
                AnswerMoved(gateway, write.Try);
                break;
            case TryStanding.New when _raft.Role == RaftRole.Primary && write.Epoch == _raft.Epoch && !_raft.IsHandingOver:
                OnNewTry(gateway, write);
                break;
            case TryStanding.New:
                RefuseAsNotPrimary(gateway, write.Try);
                break;
            case TryStanding.TooOld:
                Answer(gateway, write.Try, UnknownReason.Unanswered);
                break;
            case TryStanding.Seen:
                // A copy: the try itself was, or will be, answered.
                break;
        }
    }

    /// <summary>
    /// Meant for an earlier life of this replica, which may have appended another copy of it (PROTOCOL 3). Where a later epoch has
    /// committed a record, all that will ever be committed of the one it was meant for stands before that record: what is not there
    /// never counts, and is refused. Not so in an epoch from before the group was founded anew: other regions may bring it back.
    /// </summary>
    private void OnTryOfAnEarlierLife(Address gateway, WriteRequest write)
    {
        var isOver = write.Epoch >= _raft.FoundingEpoch && write.Epoch < _raft.Log.EpochAt(_state.AppliedIndex);
        // The opening of a session has no number yet that it could be found by.
        if (isOver && write.Record.Identity.Kind != IdentityKind.Opening && !IsKnown(write))
            RefuseAsNotPrimary(gateway, write.Try);
        else
            Answer(gateway, write.Try, UnknownReason.Unanswered);
    }

    private void OnNewTry(Address gateway, WriteRequest write)
    {
        if (_settings.Tenants.Table.Find(write.Tenant) is null)
        {
            Refuse(gateway, write.Try, RefusalReason.Invalid, $"There is no {write.Tenant}.");
            return;
        }
        if (!IsOfItsTenant(write.Record.Identity, write.Tenant))
            Refuse(gateway, write.Try, RefusalReason.SessionOfAnotherTenant);
        else if (IsKnown(write))
            Acknowledge(gateway, write.Try, write.Tenant, write.Record.Identity);
        else if (FindInTail(write) is { } pending)
            pending.Waiting.Add((gateway, write.Try)); // Its commit answers both.
        else if (CannotBeTold(write))
            Answer(gateway, write.Try, UnknownReason.OutsideWindow);
        else
            Propose(gateway, write);
    }

    private void Propose(Address gateway, WriteRequest write)
    {
        if (!Recovery.IsOutstanding(write.Tenant) && !Standings.TakesOwn(write.Tenant))
        {
            // The log knows of a placement that this node has not heard of yet, and its gateway neither.
            AnswerMoved(gateway, write.Try);
            return;
        }
        var problem = default(string);
        var refusal = ObstacleTo(write.Tenant);
        if (refusal == RefusalReason.None && (problem = _settings.Clocks.Check(_now)?.ToString()) is not null)
            refusal = RefusalReason.ClockOutOfBound;
        if (refusal == RefusalReason.None && (problem = ProblemOf(write)) is not null)
            refusal = RefusalReason.Invalid;
        if (refusal == RefusalReason.None)
            refusal = ObjectionTo(write);
        if (refusal != RefusalReason.None)
        {
            Refuse(gateway, write.Try, refusal, problem);
            return;
        }
        if (QuotaProblemOf(write) is { } quota)
        {
            Refuse(gateway, write.Try, RefusalReason.QuotaExceeded, quota.ToString(), quota);
            return;
        }
        try
        {
            Append(write.Tenant, Stamp(write)).Waiting.Add((gateway, write.Try));
        }
        catch (LogException error)
        {
            Refuse(gateway, write.Try, RefusalReason.Invalid, error.Message);
        }
    }

    /// <summary>Why nothing of a tenant's can be appended now.</summary>
    private RefusalReason ObstacleTo(TenantId tenant) =>
        !_raft.HearsQuorum ? RefusalReason.NotEnoughReplicas
        : Recovery.IsOutstanding(tenant) ? RefusalReason.Recovering
        : !Standings.TakesOwn(tenant) ? RefusalReason.Recovering
        : _raft.IsHandingOver ? RefusalReason.NotPrimary
        : IsCrowded ? RefusalReason.Overloaded
        : RefusalReason.None;

    /// <summary>Whether too much waits for its commit.</summary>
    private bool IsCrowded => _raft.Log.LastIndex - _raft.CommitIndex >= (ulong)_settings.Options.UncommittedMax;

    /// <summary>Whether the log takes more: not while too much waits for its commit, or another primary is to come.</summary>
    private bool MayAppend => !IsCrowded && !_raft.IsHandingOver;

    private PendingRecord Append(TenantId tenant, in LogRecord record)
    {
        AddToOpenBatch(tenant, record);
        return _tail!.Expect(tenant, record);
    }

    private LogRecord Stamp(WriteRequest write)
    {
        // An undo stamped anew at a late retry would win over a hide that was made after it (PROTOCOL 14).
        var hlc = IsUndo(write.Record) ? write.Record.Hlc : _clock.Now(_now.WallMilliseconds);
        var record = write.Record with { Hlc = hlc, Attempt = AttemptOf(write) };
        return record is { Kind: RecordKind.Session, SessionAction: SessionAction.Open }
            ? record with { Operation = NextSession(write.Tenant) }
            : record;
    }

    private OperationId NextSession(TenantId tenant)
    {
        var highest = Math.Max(_state.TenantOf(tenant).HighestSession(Self.Region), _tail!.HighestSession(tenant));
        return new OperationId(new SessionId(Self.Region, Math.Max(highest, SessionId.NumberBeforeFirst(tenant)) + 1), 0);
    }

    private string? ProblemOf(WriteRequest write)
    {
        var record = write.Record;
        if (record.Kind is not (RecordKind.Signal or RecordKind.Retraction or RecordKind.Item or RecordKind.UserAttributes or RecordKind.Session or RecordKind.HardNegative))
            return $"Records of kind {record.Kind} cannot be written yet.";
        if (ProblemOfIdentity(record) is { } problem)
            return problem;
        if (record.Kind == RecordKind.HardNegative)
            return ProblemOfHardNegative(record);
        if (record.Kind is not (RecordKind.Signal or RecordKind.Retraction))
            return null;
        var schema = _settings.Tenants.SchemaOf(write.Tenant);
        if (record.SignalType.Number >= schema.Signals.Count)
            return $"There is no {record.SignalType}; the schema has {schema.Signals.Count}.";
        foreach (var cohort in record.Cohorts ?? [])
        {
            if (cohort.Attribute < 0 || cohort.Attribute >= schema.Cohorts.Count)
                return $"There is no cohort attribute {cohort.Attribute}; the schema has {schema.Cohorts.Count}.";
        }
        var latest = _now.WallMilliseconds + (long)_settings.Options.EventTimeAheadMax.TotalMilliseconds;
        if (record.EventTimeMilliseconds < 0 || record.EventTimeMilliseconds > latest)
            return $"The event time {record.EventTimeMilliseconds} ms is not between 1970 and {_settings.Options.EventTimeAheadMax} from now ({latest} ms).";
        return null;
    }

    private void AddToOpenBatch(TenantId tenant, in LogRecord record)
    {
        if (!_open.TryGetValue(tenant, out var open))
            _open.Add(tenant, open = new OpenBatch());
        if (open.Records.Count == _settings.Options.BatchRecordsMax)
            Seal(tenant, open);
        if (open.Records.Count == 0)
            Begin(tenant, open);
        if (!open.Writer.TryAdd(record))
        {
            Seal(tenant, open);
            Begin(tenant, open);
            open.Writer.TryAdd(record);
        }
        open.Records.Add(record.Identity);
    }

    private void Begin(TenantId tenant, OpenBatch open)
    {
        var mark = _tail!.MarkOf(tenant, Self.Region);
        open.Writer.Begin(new BatchStart(
            tenant, Self.Node, Self.Shard, _raft.Epoch, mark.Number + 1, _now.WallMilliseconds, mark.Crc, _raft.Format));
    }

    private void SealOpenBatches()
    {
        // While a flush is under way writes gather for the next one (group commit).
        if (_tail is not null && !_raft.IsFlushing)
            SealAllOpen();
    }

    private void SealAllOpen()
    {
        for (var place = 0; place < _open.Count; place++)
            Seal(_open.GetKeyAtIndex(place), _open.GetValueAtIndex(place));
    }

    private void Seal(TenantId tenant, OpenBatch open)
    {
        if (open.Records.Count == 0)
            return;
        var batch = open.Writer.Finish();
        var index = _raft.Append(EnvelopeKind.Batch, batch);
        _tail!.Appended(BatchHeader.Read(batch), index, open.Records);
        open.Records.Clear();
    }

    private void AcknowledgeCommitted()
    {
        if (_tail is null || !_raft.IsReadyPrimary)
            return;
        while (_tail.TryTakeCommitted(_raft.CommitIndex, out var pending))
            AcknowledgeAll(pending);
        foreach (var pending in _tail.TakeCommittedShipped(_raft.CommitIndex))
            AcknowledgeAll(pending);
    }

    private void AcknowledgeAll(PendingRecord pending)
    {
        foreach (var (gateway, tried) in pending.Waiting)
            Acknowledge(gateway, tried, pending.Tenant, pending.Identity);
    }

    private void EndPrimacy()
    {
        // Appended or about to be: a new primary may have them or not.
        foreach (var pending in _tail!.Pending)
        {
            foreach (var (gateway, tried) in pending.Waiting)
                Answer(gateway, tried, UnknownReason.Unanswered);
        }
        _tail = null;
        _open.Clear();
        RefuseWaitingReads();
        _shipper.Stop();
        Reconciling.Restart();
    }

    private void Acknowledge(Address gateway, ulong tried, TenantId tenant, RecordIdentity identity)
    {
        Effects.Send(gateway, new WriteReply
        {
            Try = tried,
            Outcome = WriteOutcomeKind.Acknowledged,
            Session = identity.Session,
            Marks = MarksThatHold(tenant, identity),
        });
        Effects.Events.Add(new ReplicaEvent(
            ReplicaEventKind.Acknowledged, _raft.Epoch, Operation: identity.Operation, IsRetraction: identity.IsRetraction, Tenant: tenant));
    }

    private void Answer(Address gateway, ulong tried, UnknownReason reason) =>
        Effects.Send(gateway, new WriteReply { Try = tried, Outcome = WriteOutcomeKind.Unknown, Unknown = reason });

    private void Refuse(Address gateway, ulong tried, RefusalReason reason, string? problem = null, QuotaProblem? quota = null) => Effects.Send(gateway, new WriteReply
    {
        Try = tried,
        Outcome = WriteOutcomeKind.Refused,
        Refusal = reason,
        Problem = problem,
        Quota = quota,
    });

    private TryWindow TriesOf(Address gateway)
    {
        if (!_tries.TryGetValue(gateway, out var tries))
            _tries.Add(gateway, tries = new TryWindow());
        return tries;
    }
}

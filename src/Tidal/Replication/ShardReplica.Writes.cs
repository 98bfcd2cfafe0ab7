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

        public List<OperationId> Operations { get; } = [];
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
        else if (MayRead(request))
            OnRead(gateway, request);
        else
            RefuseAsNotPrimary(gateway, request.Try);
    }

    private bool MayRead(GatewayRequest request) =>
        request is not LocateRequest
        && (_raft.IsReadyPrimary || request is ShardQueryRequest { AcceptFollower: true })
        && !Recovery.IsOutstanding(request.Tenant);

    private void RefuseAsNotPrimary(Address gateway, ulong tried) => Effects.Send(gateway, new NotPrimary
    {
        Try = tried,
        Epoch = _raft.Epoch,
        Primary = _raft.Primary,
        HearsQuorum = _raft.HearsQuorum,
    });

    private void OnWrite(Address gateway, WriteRequest write)
    {
        if (write.Epoch < _firstEpochLed)
        {
            // Meant for an earlier life of this replica, which may have appended another copy of it (PROTOCOL 3).
            Answer(gateway, write.Try, WriteOutcomeKind.Unknown);
            return;
        }
        // Taken whatever comes of it: a copy of a try that was appended is not refused when the epoch is over.
        switch (TriesOf(gateway).Take(write.Try))
        {
            case TryStanding.New when _raft.Role == RaftRole.Primary && write.Epoch == _raft.Epoch:
                OnNewTry(gateway, write);
                break;
            case TryStanding.New:
                RefuseAsNotPrimary(gateway, write.Try);
                break;
            case TryStanding.TooOld:
                Answer(gateway, write.Try, WriteOutcomeKind.Unknown);
                break;
            case TryStanding.Seen:
                // A copy: the try itself was, or will be, answered.
                break;
        }
    }

    private void OnNewTry(Address gateway, WriteRequest write)
    {
        if (!_state.Tenants.ContainsKey(write.Tenant) && _settings.Tenants.MembersOf(write.Tenant).Count == 0)
        {
            Refuse(gateway, write.Try, RefusalReason.Invalid, $"There is no {write.Tenant}.");
            return;
        }
        var operation = write.Record.Operation;
        if (!operation.IsNone)
        {
            switch (_state.TenantOf(write.Tenant).OriginOf(Self.Region).Operations.StandingOf(operation))
            {
                case OperationStanding.Held:
                    Acknowledge(gateway, write.Try, operation, _state.TenantOf(write.Tenant).OriginOf(Self.Region).Mark.Number);
                    return;
                case OperationStanding.OutsideWindow:
                    Answer(gateway, write.Try, WriteOutcomeKind.Unknown);
                    return;
                case OperationStanding.New:
                    break;
            }
            if (_tail!.Find(write.Tenant, operation) is { } pending)
            {
                // Already in the log, not yet committed: its commit answers both.
                pending.Waiting.Add((gateway, write.Try));
                return;
            }
        }
        Propose(gateway, write);
    }

    private void Propose(Address gateway, WriteRequest write)
    {
        if (!_raft.HearsQuorum)
        {
            Refuse(gateway, write.Try, RefusalReason.NotEnoughReplicas);
            return;
        }
        if (Recovery.IsOutstanding(write.Tenant))
        {
            Refuse(gateway, write.Try, RefusalReason.Recovering);
            return;
        }
        if (_raft.Log.LastIndex - _raft.CommitIndex >= (ulong)_settings.Options.UncommittedMax)
        {
            Refuse(gateway, write.Try, RefusalReason.Overloaded);
            return;
        }
        if (ProblemOf(write) is { } problem)
        {
            Refuse(gateway, write.Try, RefusalReason.Invalid, problem);
            return;
        }
        var record = Stamp(write);
        try
        {
            AddToOpenBatch(write.Tenant, record);
        }
        catch (LogException error)
        {
            Refuse(gateway, write.Try, RefusalReason.Invalid, error.Message);
            return;
        }
        _tail!.Expect(write.Tenant, record).Waiting.Add((gateway, write.Try));
    }

    private LogRecord Stamp(WriteRequest write)
    {
        // An undo stamped anew at a late retry would win over a hide that was made after it (PROTOCOL 14).
        var record = IsUndo(write.Record) ? write.Record : write.Record with { Hlc = _clock.Now(_now.WallMilliseconds) };
        if (record is not { Kind: RecordKind.Session, SessionAction: SessionAction.Open })
            return record;
        var highest = Math.Max(_state.TenantOf(write.Tenant).HighestSession(Self.Region), _tail!.HighestSession(write.Tenant));
        return record with { Operation = new OperationId(new SessionId(Self.Region, highest + 1), 0) };
    }

    private string? ProblemOf(WriteRequest write)
    {
        var record = write.Record;
        if (record.Kind is not (RecordKind.Signal or RecordKind.Item or RecordKind.UserAttributes or RecordKind.Session or RecordKind.HardNegative))
            return $"Records of kind {record.Kind} cannot be written yet.";
        if (record.Operation.IsNone && record.Kind != RecordKind.Session)
            return "A write without an operation id could not be told from another one.";
        if (record.Attempt != 0)
            return $"Attempt {record.Attempt} cannot be written yet: a write is retried in the region of its first try.";
        if (record.Kind == RecordKind.HardNegative)
            return ProblemOfHardNegative(record);
        if (record.Kind != RecordKind.Signal)
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
        if (open.Operations.Count == _settings.Options.BatchRecordsMax)
            Seal(tenant, open);
        if (open.Operations.Count == 0)
            Begin(tenant, open);
        if (!open.Writer.TryAdd(record))
        {
            Seal(tenant, open);
            Begin(tenant, open);
            open.Writer.TryAdd(record);
        }
        open.Operations.Add(record.Operation);
    }

    private void Begin(TenantId tenant, OpenBatch open)
    {
        var mark = _tail!.MarkOf(tenant, Self.Region);
        open.Writer.Begin(new BatchStart(
            tenant, Self.Node, Self.Shard, _raft.Epoch, mark.Number + 1, _now.WallMilliseconds, mark.Crc));
    }

    private void SealOpenBatches()
    {
        // While a flush is under way writes gather for the next one (group commit).
        if (_tail is null || _raft.IsFlushing)
            return;
        for (var place = 0; place < _open.Count; place++)
            Seal(_open.GetKeyAtIndex(place), _open.GetValueAtIndex(place));
    }

    private void Seal(TenantId tenant, OpenBatch open)
    {
        if (open.Operations.Count == 0)
            return;
        var batch = open.Writer.Finish();
        var index = _raft.Append(EnvelopeKind.Batch, batch);
        _tail!.Appended(BatchHeader.Read(batch), index, open.Operations);
        open.Operations.Clear();
    }

    private void AcknowledgeCommitted()
    {
        if (_tail is null || !_raft.IsReadyPrimary)
            return;
        while (_tail.TryTakeCommitted(_raft.CommitIndex, out var appended, out var pending))
        {
            foreach (var (gateway, tried) in pending.Waiting)
                Acknowledge(gateway, tried, appended.Operation, appended.Number);
        }
    }

    private void EndPrimacy()
    {
        // Appended or about to be: a new primary may have them or not.
        foreach (var pending in _tail!.Pending)
        {
            foreach (var (gateway, tried) in pending.Waiting)
                Answer(gateway, tried, WriteOutcomeKind.Unknown);
        }
        _tail = null;
        _open.Clear();
        RefuseWaitingReads();
        _shipper.Stop();
    }

    private void Acknowledge(Address gateway, ulong tried, OperationId operation, ulong number)
    {
        Effects.Send(gateway, new WriteReply
        {
            Try = tried,
            Outcome = WriteOutcomeKind.Acknowledged,
            Session = operation.Session,
            Stands = new OriginNumber(Self.Region, number),
        });
        Effects.Events.Add(new ReplicaEvent(ReplicaEventKind.Acknowledged, _raft.Epoch, Operation: operation));
    }

    private void Answer(Address gateway, ulong tried, WriteOutcomeKind outcome) =>
        Effects.Send(gateway, new WriteReply { Try = tried, Outcome = outcome });

    private void Refuse(Address gateway, ulong tried, RefusalReason reason, string? problem = null) => Effects.Send(gateway, new WriteReply
    {
        Try = tried,
        Outcome = WriteOutcomeKind.Refused,
        Refusal = reason,
        Problem = problem,
    });

    private TryWindow TriesOf(Address gateway)
    {
        if (!_tries.TryGetValue(gateway, out var tries))
            _tries.Add(gateway, tries = new TryWindow());
        return tries;
    }
}

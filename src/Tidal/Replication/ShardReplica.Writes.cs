using System.Runtime.InteropServices;
using Tidal.Crdt;
using Tidal.Log;
using Tidal.Replication.Raft;
using Tidal.Schema;

namespace Tidal.Replication;

// The writes of clients. Three outcomes: acknowledged (committed), refused (never appended, for good), unknown.
public sealed partial class ShardReplica
{
    // The batches that tenants' writes join until they are appended.
    private readonly SortedList<TenantId, BatchWriter> _open = [];
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
                AnswerUnknown(gateway, write.Try);
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
        if (isOver && !MayBeHeld(write))
            RefuseAsNotPrimary(gateway, write.Try);
        else
            AnswerUnknown(gateway, write.Try);
    }

    private bool MayBeHeld(WriteRequest write)
    {
        for (var index = 0; index < write.Records.Count; index++)
        {
            ref readonly var record = ref write.Records[index];
            // The opening of a session has no number yet that it could be found by.
            if (record.Identity.Kind == IdentityKind.Opening || IsKnown(write.Tenant, record))
                return true;
        }
        return false;
    }

    private void OnNewTry(Address gateway, WriteRequest write)
    {
        var (tried, clock) = (new WriteTry(gateway, write), _settings.Clocks.Check(_now));
        for (var index = 0; index < write.Records.Count; index++)
        {
            if (Take(tried, index, clock))
                continue;
            // Nothing of it was appended, so all of it goes elsewhere: what is known here is known there as a later attempt. As
            // this record is never decided, the try has no second answer.
            AnswerMoved(gateway, write.Try);
            return;
        }
        AnswerIfDecided(tried);
    }

    /// <summary>Decides about a record of a try, or has it wait for its commit.</summary>
    /// <param name="tried">The try.</param>
    /// <param name="index">Which record.</param>
    /// <param name="clock">Why the clock forbids client writes now, if it does.</param>
    /// <returns>False if the log knows of a placement that this node has not heard of yet, and its gateway neither: then no record is appended.</returns>
    private bool Take(WriteTry tried, int index, ClockOutOfBound? clock)
    {
        ref readonly var record = ref tried.Records[index];
        if (_settings.Tenants.Table.Find(tried.Tenant) is null)
            tried.Decide(index, WriteResult.Refused(RefusalReason.Invalid, $"There is no {tried.Tenant}."));
        else if (!IsOfItsTenant(record.Identity, tried.Tenant))
            tried.Decide(index, WriteResult.Refused(RefusalReason.SessionOfAnotherTenant));
        else if (IsKnown(tried.Tenant, record))
            Acknowledge(tried, index, record.Identity, !_state.TenantOf(tried.Tenant).OriginOf(Self.Region).Operations.Holds(record.Identity));
        else if (FindInTail(tried.Tenant, record) is { } pending)
            pending.Waiting.Add((tried, index)); // Its commit answers both.
        else if (CannotBeTold(tried.Tenant, record))
            tried.Decide(index, WriteResult.OutsideWindow);
        else if (!Recovery.IsOutstanding(tried.Tenant) && !Standings.TakesOwn(tried.Tenant))
            return false;
        else if (RefusalOf(tried.Tenant, record, clock) is { } refused)
            tried.Decide(index, refused);
        else
            Propose(tried, index);
        return true;
    }

    private WriteResult? RefusalOf(TenantId tenant, in LogRecord record, ClockOutOfBound? clock)
    {
        if (ObstacleTo(tenant) is var obstacle and not RefusalReason.None)
            return WriteResult.Refused(obstacle);
        if (clock is not null)
            return WriteResult.Refused(RefusalReason.ClockOutOfBound, clock.ToString());
        if (ProblemOf(tenant, record) is { } problem)
            return WriteResult.Refused(RefusalReason.Invalid, problem);
        if (ObjectionTo(tenant, record) is var objection and not RefusalReason.None)
            return WriteResult.Refused(objection);
        return QuotaProblemOf(tenant, record) is { } quota ? WriteResult.Refused(quota) : null;
    }

    private void Propose(WriteTry tried, int index)
    {
        try
        {
            Append(tried.Tenant, Stamp(tried.Tenant, tried.Records[index]), tried, index);
        }
        catch (LogException error)
        {
            tried.Decide(index, WriteResult.Refused(RefusalReason.Invalid, error.Message));
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

    private void Append(TenantId tenant, in LogRecord record, WriteTry? tried = null, int index = 0)
    {
        AddToOpenBatch(tenant, record);
        _tail!.Expect(tenant, record, tried, index);
    }

    private LogRecord Stamp(TenantId tenant, in LogRecord written)
    {
        // An undo stamped anew at a late retry would win over a hide that was made after it (PROTOCOL 14).
        var hlc = IsUndo(written) ? written.Hlc : _clock.Now(_now.WallMilliseconds);
        var record = written with { Hlc = hlc, Attempt = AttemptOf(tenant, written) };
        return record is { Kind: RecordKind.Session, SessionAction: SessionAction.Open }
            ? record with { Operation = NextSession(tenant) }
            : record;
    }

    private OperationId NextSession(TenantId tenant)
    {
        var highest = Math.Max(_state.TenantOf(tenant).HighestSession(Self.Region), _tail!.HighestSession(tenant));
        return new OperationId(new SessionId(Self.Region, Math.Max(highest, SessionId.NumberBeforeFirst(tenant)) + 1), 0);
    }

    private string? ProblemOf(TenantId tenant, in LogRecord record)
    {
        if (record.Kind is not (RecordKind.Signal or RecordKind.Retraction or RecordKind.Item or RecordKind.UserAttributes or RecordKind.Session or RecordKind.HardNegative))
            return $"Records of kind {record.Kind} cannot be written yet.";
        if (ProblemOfIdentity(record) is { } problem)
            return problem;
        if (record.Kind == RecordKind.HardNegative)
            return ProblemOfHardNegative(record);
        if (record.Kind is not (RecordKind.Signal or RecordKind.Retraction))
            return null;
        var schema = _settings.Tenants.SchemaOf(tenant);
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
            _open.Add(tenant, open = new BatchWriter());
        if (open.Count == _settings.Options.BatchRecordsMax)
            Seal(open);
        if (open.Count == 0)
            Begin(tenant, open);
        if (!open.TryAdd(record))
        {
            Seal(open);
            Begin(tenant, open);
            open.TryAdd(record);
        }
    }

    private void Begin(TenantId tenant, BatchWriter open)
    {
        var mark = _tail!.MarkOf(tenant, Self.Region);
        open.Begin(new BatchStart(
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
            Seal(_open.GetValueAtIndex(place));
    }

    private void Seal(BatchWriter open)
    {
        if (open.Count == 0)
            return;
        var batch = open.Finish();
        var index = _raft.Append(EnvelopeKind.Batch, batch);
        _tail!.Appended(BatchHeader.Read(batch), index);
    }

    private void AcknowledgeCommitted()
    {
        if (_tail is null || !_raft.IsReadyPrimary)
            return;
        while (_tail.TakeCommitted(_raft.CommitIndex) is { } batch)
        {
            foreach (ref readonly var record in CollectionsMarshal.AsSpan(batch.Records))
                AcknowledgeCommitted(batch.Tenant, record);
            _tail.Forget(batch);
        }
        foreach (var (tenant, pending) in _tail.TakeCommittedShipped(_raft.CommitIndex))
            AcknowledgeAll(tenant, pending);
    }

    private void AcknowledgeCommitted(TenantId tenant, in TailRecord record)
    {
        var asked = _tail!.Forget(tenant, record.Identity);
        if (record.Tried is { } tried)
        {
            Acknowledge(tried, record.Index, record.Identity, isHeldElsewhere: false);
            AnswerIfDecided(tried);
        }
        if (asked is not null)
            AcknowledgeAll(tenant, asked);
    }

    private void AcknowledgeAll(TenantId tenant, PendingRecord pending)
    {
        var isHeldElsewhere = !_state.TenantOf(tenant).OriginOf(Self.Region).Operations.Holds(pending.Identity);
        foreach (var (tried, index) in pending.Waiting)
        {
            Acknowledge(tried, index, pending.Identity, isHeldElsewhere);
            AnswerIfDecided(tried);
        }
    }

    private void EndPrimacy()
    {
        // Appended or about to be: a new primary may have them or not.
        foreach (var (tried, index) in _tail!.Waiting)
        {
            tried.Decide(index, WriteResult.Unanswered);
            AnswerIfDecided(tried);
        }
        _tail = null;
        _open.Clear();
        RefuseWaitingReads();
        _shipper.Stop();
        Reconciling.Restart();
    }

    private void Acknowledge(WriteTry tried, int index, RecordIdentity identity, bool isHeldElsewhere)
    {
        tried.Acknowledge(index, identity, isHeldElsewhere);
        Effects.Events.Add(new ReplicaEvent(
            ReplicaEventKind.Acknowledged, _raft.Epoch, Operation: identity.Operation, IsRetraction: identity.IsRetraction, Tenant: tried.Tenant));
    }

    private void AnswerIfDecided(WriteTry tried)
    {
        if (tried.IsToBeAnswered)
            Effects.Messages.Add(tried.Answer(tried.IsAnyAcknowledged ? MarksThatHold(tried) : []));
    }

    private void AnswerUnknown(Address gateway, ulong tried) => Effects.Send(gateway, new WriteReply { Try = tried, Result = WriteResult.Unanswered });

    private TryWindow TriesOf(Address gateway)
    {
        if (!_tries.TryGetValue(gateway, out var tries))
            _tries.Add(gateway, tries = new TryWindow());
        return tries;
    }
}

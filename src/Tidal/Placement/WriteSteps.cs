using Tidal.Crdt;
using Tidal.Log;
using Tidal.Query;
using Tidal.Replication;

namespace Tidal.Placement;

/// <summary>
/// A write: a signal without a stamp first gets its user's cohorts from the user's shard, an undo without one a reading of the
/// clock; then the record goes to its own shard's primary.
/// </summary>
internal sealed class WriteSteps(Gateway gateway, WriteCall call) : CallSteps(gateway)
{
    public override void Begin()
    {
        if (call.Record.Kind != RecordKind.Session)
        {
            if (!call.Attempts.TryBegin(Gateway.Self.Region, out var attempt))
            {
                Finish(WriteResult.Refused(RefusalReason.TooManyAttempts));
                return;
            }
            call.Record = call.Record with { Attempt = attempt };
        }
        if (call.Record is { Kind: RecordKind.HardNegative, IsUndo: true } undo && undo.Hlc == HlcTimestamp.Zero)
            call.Record = undo with { Hlc = Gateway.StampNow() };
        if (call.Record is { Kind: RecordKind.Signal, Cohorts: null })
            AskForCohorts();
        else
            Write();
    }

    public override void RefuseAsOverloaded() => call.Result = WriteResult.Refused(RefusalReason.Overloaded);

    private void Finish(WriteResult result)
    {
        call.Attempts.Ended(Gateway.Self.Region, result.Outcome);
        call.Result = result;
        Gateway.Complete(call);
    }

    private void AskForCohorts() => new ReadTask<CohortReply>(
        Gateway, call, Gateway.PlaceOf(call.Tenant, call.Record.User),
        tried => new CohortRequest { Try = tried, Tenant = call.Tenant, User = call.Record.User }, OnCohorts).Ask();

    private void OnCohorts(CohortReply? reply)
    {
        // "No cohort" means that the shard said so: a user whose shard is silent may have one.
        if (reply is null)
        {
            Finish(WriteResult.Refused(RefusalReason.CohortUnavailable));
            return;
        }
        call.Record = call.Record with { Cohorts = reply.Cohorts };
        Write();
    }

    private void Write() => new WriteTask(Gateway, call, call.Record, Gateway.PlaceOf(call.Tenant, call.Record), Finish).Ask();
}

/// <summary>The end of a session: a record in every shard of the gateway's region.</summary>
internal sealed class EndSessionSteps(Gateway gateway, EndSessionCall call) : CallSteps(gateway)
{
    private int _outstanding;

    public override void Begin()
    {
        var end = LogRecord.ForSession(call.Session, default, Gateway.WallMilliseconds, SessionAction.End);
        var tasks = Gateway.Topology.Shards
            .Select(shard => new WriteTask(Gateway, call, end, new ShardPlace(Gateway.Self.Region, shard), OnShard)).ToList();
        _outstanding = tasks.Count;
        tasks.ForEach(task => task.Ask());
    }

    public override void RefuseAsOverloaded() => call.Result = WriteResult.Refused(RefusalReason.Overloaded);

    private void OnShard(WriteResult result)
    {
        if (call.Result is null or { Outcome: WriteOutcomeKind.Acknowledged })
            call.Result = result;
        if (--_outstanding == 0)
            Gateway.Complete(call);
    }
}

/// <summary>The try of a write at its shard: re-routed while it is refused, never sent again while it may have been appended.</summary>
internal sealed class WriteTask(Gateway gateway, ClientCall call, LogRecord record, ShardPlace place, Action<WriteResult> done)
    : ShardTask(gateway, call.Tenant, place, call.DeadlineMicroseconds)
{
    protected override TimeSpan Timeout => Gateway.Options.WriteTimeout;

    public override void OnReply(GatewayReply reply)
    {
        var answer = (WriteReply)reply;
        // Whoever cannot tell is the primary no more.
        if (answer.Outcome == WriteOutcomeKind.Unknown)
            Gateway.RouteTo(Place).Forget();
        if (answer.Outcome == WriteOutcomeKind.Acknowledged)
            call.Saw(Place.Shard, answer.Marks);
        Finish(new WriteResult(answer.Outcome, answer.Refusal, answer.Problem, answer.Session) { Unknown = answer.Unknown });
    }

    protected override GatewayRequest Request(ulong tried, ulong epoch) =>
        new WriteRequest { Try = tried, Tenant = Tenant, Epoch = epoch, Record = record };

    protected override void OnTimeout() => FinishUnknown();

    protected override void OnDeadline()
    {
        if (IsAsking)
            FinishUnknown();
        else
            Finish(WriteResult.Refused(LastHeardQuorum ? RefusalReason.NotPrimary : RefusalReason.NotEnoughReplicas));
    }

    private void FinishUnknown()
    {
        Gateway.RouteTo(Place).Forget();
        Finish(new WriteResult(WriteOutcomeKind.Unknown, RefusalReason.None, null, default) { Unknown = UnknownReason.Unanswered });
    }

    private void Finish(WriteResult result)
    {
        Done();
        done(result);
    }
}

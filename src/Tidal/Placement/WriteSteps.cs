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
        if (call.Record is { Kind: RecordKind.HardNegative, IsUndo: true } undo && undo.Hlc == HlcTimestamp.Zero)
            call.Record = undo with { Hlc = Gateway.StampNow() };
        if (call.Record is { Kind: RecordKind.Signal, Cohorts: null })
            AskForCohorts();
        else
            Write();
    }

    public override void RefuseAsOverloaded() => call.Result = Refused(RefusalReason.Overloaded);

    internal static WriteResult Refused(RefusalReason reason) => new(WriteOutcomeKind.Refused, reason, null, default);

    internal void Finish(WriteResult result)
    {
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
            Finish(Refused(RefusalReason.CohortUnavailable));
            return;
        }
        call.Record = call.Record with { Cohorts = reply.Cohorts };
        Write();
    }

    private void Write() => new WriteTask(Gateway, this, call, Gateway.PlaceOf(call.Tenant, call.Record)).Ask();
}

/// <summary>The try of a write at its shard: re-routed while it is refused, never sent again while it may have been appended.</summary>
internal sealed class WriteTask(Gateway gateway, WriteSteps steps, WriteCall call, ShardPlace place)
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
            call.Saw(Place.Shard, [answer.Stands]);
        Finish(new WriteResult(answer.Outcome, answer.Refusal, answer.Problem, answer.Session));
    }

    protected override GatewayRequest Request(ulong tried, ulong epoch) =>
        new WriteRequest { Try = tried, Tenant = Tenant, Epoch = epoch, Record = call.Record };

    protected override void OnTimeout() => FinishUnknown();

    protected override void OnDeadline()
    {
        if (IsAsking)
            FinishUnknown();
        else
            Finish(WriteSteps.Refused(LastHeardQuorum ? RefusalReason.NotPrimary : RefusalReason.NotEnoughReplicas));
    }

    private void FinishUnknown()
    {
        Gateway.RouteTo(Place).Forget();
        Finish(new WriteResult(WriteOutcomeKind.Unknown, RefusalReason.None, null, default));
    }

    private void Finish(WriteResult result)
    {
        Done();
        steps.Finish(result);
    }
}

using Tidal.Crdt;
using Tidal.Log;
using Tidal.Query;
using Tidal.Replication;
using Tidal.Schema;

namespace Tidal.Placement;

/// <summary>
/// A write: a signal without a stamp first gets its user's cohorts from the user's shard, an undo without one a reading of the
/// clock; then the record goes to its own shard's primary, in the region that takes the tenant's writes.
/// </summary>
internal sealed class WriteSteps(Gateway gateway, WriteCall call) : CallSteps(gateway)
{
    private WriteRoute? _route;

    public override void Begin()
    {
        // One that may be in a log already is no load any more, and its retry must be told so.
        if (call.Record.Kind is RecordKind.Signal or RecordKind.Retraction && !call.Attempts.MayCount && Gateway.TakeSignal(call.Tenant) is { } problem)
        {
            Finish(WriteResult.Refused(problem));
            return;
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
        call.Record = _route?.Record ?? call.Record;
        call.Result = result;
        Gateway.Complete(call);
    }

    private void AskForCohorts() => new ReadRoute<CohortReply>(
        Gateway, call, Gateway.ShardOf(call.Tenant, call.Record.User),
        tried => new CohortRequest { Try = tried, Tenant = call.Tenant, User = call.Record.User }, OnCohorts).Begin();

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

    // The opening and the end of a session have no attempt.
    private void Write()
    {
        var attempts = call.Record.Kind == RecordKind.Session ? null : call.Attempts;
        _route = new WriteRoute(Gateway, call, call.Record, Gateway.ShardOf(call.Tenant, call.Record), attempts, Finish);
        _route.Begin();
    }
}

/// <summary>The end of a session: a record in every shard of the region that takes the tenant's writes.</summary>
internal sealed class EndSessionSteps(Gateway gateway, EndSessionCall call) : CallSteps(gateway)
{
    private int _outstanding;

    public override void Begin()
    {
        var end = LogRecord.ForSession(call.Session, default, Gateway.WallMilliseconds, SessionAction.End);
        var routes = Gateway.Topology.Shards.Select(shard => new WriteRoute(Gateway, call, end, shard, null, OnShard)).ToList();
        _outstanding = routes.Count;
        routes.ForEach(route => route.Begin());
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
internal sealed class WriteTask(Gateway gateway, WriteRoute route, ClientCall call, ShardPlace place)
    : ShardTask(gateway, call.Tenant, place, call.DeadlineMicroseconds)
{
    protected override TimeSpan Timeout => Gateway.Options.WriteTimeout;

    protected override bool MayLeave => !IsAsking;

    public override void OnReply(GatewayReply reply)
    {
        var answer = (WriteReply)reply;
        // Whoever cannot tell is the primary no more.
        if (answer.Outcome == WriteOutcomeKind.Unknown)
            Gateway.RouteTo(Place).Forget();
        if (answer.Outcome == WriteOutcomeKind.Acknowledged)
            call.Saw(Place.Shard, answer.Marks);
        Finish(new WriteResult(answer.Outcome, answer.Refusal, answer.Problem, answer.Session) { Unknown = answer.Unknown, Quota = answer.Quota });
    }

    // While the write is with a primary it may be appended, whatever others say that were asked before.
    public override void OnMoved(ReplicaId asked, ulong tried)
    {
        if (!IsAsking || tried == Asked)
            base.OnMoved(asked, tried);
    }

    protected override GatewayRequest Request(ulong tried, ulong epoch) =>
        new WriteRequest { Try = tried, Tenant = Tenant, Epoch = epoch, Record = route.Record };

    protected override void OnTimeout() => FinishUnknown();

    protected override void OnPlacementChanged()
    {
        Done();
        route.OnMoved(Place.Region);
    }

    protected override void OnLeave() =>
        Finish(WriteResult.Refused(RefusalReason.NotEnoughReplicas));

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
        Gateway.Regions.NoteSilent(Place.Region, Gateway.NowMicroseconds);
        Finish(WriteResult.Unanswered);
    }

    private void Finish(WriteResult result)
    {
        Done();
        route.OnResult(Place.Region, result);
    }
}

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
    public override void Begin()
    {
        // One that may be in a log already is no load any more, and its retry must be told so.
        if (IsLoad(call.Record) && !call.Attempts.MayCount && Gateway.TakeSignal(call.Tenant) is { } problem)
        {
            Finish(WriteResult.Refused(problem));
            return;
        }
        if (NeedsStamp(call.Record))
            call.Record = call.Record with { Hlc = Gateway.StampNow() };
        if (NeedsCohorts(call.Record))
            AskForCohorts();
        else
            Write();
    }

    public override void RefuseAsOverloaded() => call.Result = WriteResult.Refused(RefusalReason.Overloaded);

    /// <summary>Whether a record is one of those that a tenant may write so many of a second.</summary>
    public static bool IsLoad(in LogRecord record) => record.Kind is RecordKind.Signal or RecordKind.Retraction;

    /// <summary>Whether a record is an undo at its first try (PROTOCOL 14).</summary>
    public static bool NeedsStamp(in LogRecord record) => record is { Kind: RecordKind.HardNegative, IsUndo: true } && record.Hlc == HlcTimestamp.Zero;

    /// <summary>Whether a record is a signal whose user's cohorts were not asked for yet (PROTOCOL 21).</summary>
    public static bool NeedsCohorts(in LogRecord record) => record is { Kind: RecordKind.Signal, Cohorts: null };

    private void Finish(WriteResult result)
    {
        call.Result = result;
        Gateway.Complete(call);
    }

    private void AskForCohorts() => new ReadRoute<CohortReply>(
        Gateway, call, Gateway.ShardOf(call.Tenant, call.Record.User),
        tried => new CohortRequest { Try = tried, Tenant = call.Tenant, Users = [call.Record.User] }, OnCohorts).Begin();

    private void OnCohorts(CohortReply? reply)
    {
        // "No cohort" means that the shard said so: a user whose shard is silent may have one.
        if (reply is null)
        {
            Finish(WriteResult.Refused(RefusalReason.CohortUnavailable));
            return;
        }
        call.Record = call.Record with { Cohorts = reply.Cohorts[0] };
        Write();
    }

    // The opening and the end of a session have no attempt.
    private void Write()
    {
        var part = new WritePart(RecordSelection.Of(call.Record), call.Record.Kind == RecordKind.Session ? null : call.Attempts);
        new WriteRoute(Gateway, call, part, Gateway.ShardOf(call.Tenant, call.Record), OnEnded).Begin();
    }

    private void OnEnded(WritePart part, RecordSelection records, WriteResult result)
    {
        call.Record = records[0];
        Finish(result);
    }
}

/// <summary>The end of a session: a record in every shard of the region that takes the tenant's writes.</summary>
internal sealed class EndSessionSteps(Gateway gateway, EndSessionCall call) : CallSteps(gateway)
{
    private int _outstanding;

    public override void Begin()
    {
        var end = LogRecord.ForSession(call.Session, default, Gateway.WallMilliseconds, SessionAction.End);
        var routes = Gateway.Topology.Shards
            .Select(shard => new WriteRoute(Gateway, call, new WritePart(RecordSelection.Of(end), alike: null), shard, OnShard)).ToList();
        _outstanding = routes.Count;
        routes.ForEach(route => route.Begin());
    }

    public override void RefuseAsOverloaded() => call.Result = WriteResult.Refused(RefusalReason.Overloaded);

    private void OnShard(WritePart part, RecordSelection records, WriteResult result)
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
        if (Has(answer, WriteOutcomeKind.Unknown))
            Gateway.RouteTo(Place).Forget();
        if (Has(answer, WriteOutcomeKind.Acknowledged))
            call.Saw(Place.Shard, answer.Marks);
        Done();
        route.OnReply(Place.Region, answer);
    }

    private static bool Has(WriteReply reply, WriteOutcomeKind outcome)
    {
        if (reply.Each is null)
            return reply.Result.Outcome == outcome;
        foreach (var result in reply.Each)
        {
            if (result.Outcome == outcome)
                return true;
        }
        return false;
    }

    // While the write is with a primary it may be appended, whatever others say that were asked before.
    public override void OnMoved(ReplicaId asked, ulong tried)
    {
        if (!IsAsking || tried == Asked)
            base.OnMoved(asked, tried);
    }

    protected override GatewayRequest Request(ulong tried, ulong epoch) =>
        new WriteRequest { Try = tried, Tenant = Tenant, Epoch = epoch, Records = route.Part.Records };

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

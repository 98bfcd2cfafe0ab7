using Tidal.Query;
using Tidal.Replication;

namespace Tidal.Placement;

/// <summary>What a gateway does to carry out one call.</summary>
internal abstract class CallSteps(Gateway gateway)
{
    protected Gateway Gateway { get; } = gateway;

    public abstract void Begin();

    /// <summary>The gateway has too many calls under way: nothing was sent.</summary>
    public abstract void RefuseAsOverloaded();
}

/// <summary>A read of one shard's primary: asked again until it answers or the call's deadline has passed.</summary>
internal sealed class ReadTask<TReply>(
    Gateway gateway, ClientCall call, ShardPlace place, Func<ulong, GatewayRequest> request, Action<TReply?> done)
    : ShardTask(gateway, call.Tenant, place, call.DeadlineMicroseconds)
    where TReply : GatewayReply
{
    protected override TimeSpan Timeout => Gateway.Options.ReadTimeout;

    public override void OnReply(GatewayReply reply)
    {
        Done();
        done((TReply)reply);
    }

    protected override GatewayRequest Request(ulong tried, ulong epoch) => request(tried);

    protected override void OnDeadline()
    {
        Done();
        done(null);
    }
}

/// <summary>Reads a score.</summary>
internal sealed class ScoreSteps(Gateway gateway, ScoreCall call) : CallSteps(gateway)
{
    public override void Begin()
    {
        var readTime = call.ReadTimeMilliseconds ?? Gateway.WallMilliseconds;
        new ReadTask<ScoreReply>(Gateway, call, Gateway.PlaceOf(call.Tenant, call.Item), tried => new ScoreRequest
        {
            Try = tried,
            Tenant = call.Tenant,
            Item = call.Item,
            Signal = call.Signal,
            Scope = call.Scope,
            ReadTimeMilliseconds = readTime,
        }, Finish).Ask();
    }

    public override void RefuseAsOverloaded() => call.Result = null;

    private void Finish(ScoreReply? reply)
    {
        call.Result = reply is null ? null : new ScoreResult(reply.Score, reply.Count);
        Gateway.Complete(call);
    }
}

/// <summary>Reads a user's cohorts.</summary>
internal sealed class CohortSteps(Gateway gateway, CohortCall call) : CallSteps(gateway)
{
    public override void Begin() => new ReadTask<CohortReply>(
        Gateway, call, Gateway.PlaceOf(call.Tenant, call.User),
        tried => new CohortRequest { Try = tried, Tenant = call.Tenant, User = call.User }, Finish).Ask();

    public override void RefuseAsOverloaded() => call.Result = null;

    private void Finish(CohortReply? reply)
    {
        call.Result = reply?.Cohorts;
        Gateway.Complete(call);
    }
}

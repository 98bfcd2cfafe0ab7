using Tidal.Query;
using Tidal.Replication;
using Tidal.Schema;

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
    Gateway gateway, ClientCall call, ShardPlace place, Func<ulong, GatewayRequest> request, Action<TReply?> done, Action moved, Action left)
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

    protected override void OnPlacementChanged()
    {
        Done();
        moved();
    }

    protected override void OnLeave()
    {
        Done();
        left();
    }

    protected override void OnDeadline()
    {
        Done();
        done(null);
    }
}

/// <summary>Reads a score; where the session has seen more of the shard than is held there, again and again or not at all.</summary>
internal sealed class ScoreSteps(Gateway gateway, ScoreCall call) : CallSteps(gateway)
{
    private readonly ShardId _shard = gateway.ShardOf(call.Tenant, call.Item);
    private readonly long _readTime = call.ReadTimeMilliseconds ?? gateway.WallMilliseconds;

    public override void Begin() => new ReadRoute<ScoreReply>(Gateway, call, _shard, Request, OnReply).Begin();

    public override void RefuseAsOverloaded() => call.Result = null;

    private ScoreRequest Request(ulong tried) => new()
    {
        Try = tried,
        Tenant = call.Tenant,
        Item = call.Item,
        Signal = call.Signal,
        Scope = call.Scope,
        ReadTimeMilliseconds = _readTime,
    };

    private void OnReply(ScoreReply? reply)
    {
        call.IsBehindSession = reply is null ? call.IsBehindSession : call.Token?.IsHeldBy(call.Tenant, _shard, reply.Marks) == false;
        if (reply is null)
            Gateway.Complete(call);
        else if (!call.IsBehindSession)
            Finish(reply);
        else if (call.WhenBehind == BehindSession.Wait)
            _ = new Alarm(Gateway, Math.Min(call.DeadlineMicroseconds, Gateway.NowMicroseconds + (long)Gateway.Options.RerouteDelay.TotalMicroseconds), AskAgain);
        else
            Gateway.Complete(call);
    }

    private void AskAgain()
    {
        if (Gateway.NowMicroseconds < call.DeadlineMicroseconds)
            Begin();
        else
            Gateway.Complete(call);
    }

    private void Finish(ScoreReply reply)
    {
        call.Result = new ScoreResult(reply.Score, reply.Count);
        call.Saw(_shard, reply.Marks);
        Gateway.Complete(call);
    }
}

/// <summary>Reads a user's cohorts.</summary>
internal sealed class CohortSteps(Gateway gateway, CohortCall call) : CallSteps(gateway)
{
    public override void Begin() => new ReadRoute<CohortReply>(
        Gateway, call, Gateway.ShardOf(call.Tenant, call.User),
        tried => new CohortRequest { Try = tried, Tenant = call.Tenant, Users = [call.User] }, Finish).Begin();

    public override void RefuseAsOverloaded() => call.Result = null;

    private void Finish(CohortReply? reply)
    {
        call.Result = reply?.Cohorts[0];
        Gateway.Complete(call);
    }
}

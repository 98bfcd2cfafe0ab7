using Tidal.Crdt;
using Tidal.Log;
using Tidal.Query;
using Tidal.Replication;
using Tidal.Schema;

namespace Tidal.Placement;

/// <summary>Where a gateway stands and in what. Immutable.</summary>
/// <param name="Region">Its region.</param>
/// <param name="Topology">The cluster.</param>
/// <param name="Options">Its times and bounds.</param>
/// <param name="Tenants">The tenants, as the newest routing table it knows has them: its own, or shared with the one node beside it.</param>
public sealed record GatewaySettings(RegionId Region, Topology Topology, GatewayOptions Options, ITenantDirectory Tenants)
{
    /// <summary>A number above those of all tries that an earlier life of this gateway made; 0 for its first.</summary>
    public ulong TriesFrom { get; init; }
}

/// <summary>
/// A region's door for clients: finds the shard and its primary, follows redirections, stamps signals with their user's
/// cohorts and queries with a read time, and merges the shards' answers. It re-routes what was refused, to another region too
/// where the tenant is not at home in its own or has moved; what may have been appended it never sends again by itself. A pure
/// state machine; not safe for use by several threads.
/// </summary>
public sealed class Gateway
{
    private readonly GatewaySettings _settings;
    private readonly HybridLogicalClock _clock = new();
    private readonly ShardRouter _shards;
    private readonly SignalRates _rates;
    private readonly Dictionary<ulong, (ShardTask Task, ReplicaId Asked)> _tries = [];
    private readonly PriorityQueue<Sleeper, long> _sleeping = new();
    private readonly Dictionary<ShardPlace, ShardRoute> _routes = [];
    private ulong _lastTry;
    private int _calls;
    private ClockReading _now;

    /// <summary>Opens a gateway.</summary>
    /// <param name="settings">Where it stands and in what.</param>
    public Gateway(GatewaySettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        _settings = settings;
        _shards = new ShardRouter(settings.Topology.ShardCount);
        _rates = new SignalRates(settings.Region, settings.Topology);
        Regions = new TenantRouter(settings.Region, settings.Tenants, settings.Options.SilentRegionPause);
        _lastTry = settings.TriesFrom;
    }

    /// <summary>Its address.</summary>
    public Address Self => Address.OfGateway(_settings.Region);

    /// <summary>What it wants of the world; the host sees to it and clears it after each input.</summary>
    public Effects Effects { get; } = new();

    /// <summary>Its clock's last reading.</summary>
    public HlcTimestamp Hlc => _clock.Last;

    /// <summary>The earliest monotonic time at which <see cref="Tick"/> has anything to do.</summary>
    public long NextDeadlineMicroseconds => _sleeping.TryPeek(out _, out var time) ? time : long.MaxValue;

    internal GatewayOptions Options => _settings.Options;

    internal long NowMicroseconds => _now.MonotonicMicroseconds;

    internal long WallMilliseconds => _now.WallMilliseconds;

    /// <summary>Takes a client's call. Its outcome comes with this or a later input.</summary>
    /// <param name="now">The edge's clocks.</param>
    /// <param name="call">The call; made for this one use.</param>
    /// <exception cref="QueryException">A query asks for something that the tenant's schema does not have, or for a user's part without naming the user.</exception>
    /// <exception cref="RoutingTableException">There is no such tenant.</exception>
    public void Begin(ClockReading now, ClientCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        _settings.Tenants.SchemaOf(call.Tenant);
        _now = now;
        if (call.Token is { } token)
            _clock.Observe(token.Hlc);
        call.StartedMicroseconds = now.MonotonicMicroseconds;
        call.DeadlineMicroseconds = now.MonotonicMicroseconds + (long)Options.CallDeadline.TotalMicroseconds;
        var steps = StepsOf(call);
        if (_calls + call.Load > Options.CallsMax)
        {
            steps.RefuseAsOverloaded();
            call.Complete(StampNow());
            return;
        }
        _calls += call.Load;
        steps.Begin();
        Effects.Stamp(_clock, _now.WallMilliseconds);
    }

    /// <summary>Takes a message.</summary>
    /// <param name="now">The edge's clocks.</param>
    /// <param name="message">The message.</param>
    /// <param name="from">The replica that sent it; null for the one that was asked.</param>
    public void Receive(ClockReading now, Message message, Address? from = null)
    {
        ArgumentNullException.ThrowIfNull(message);
        _now = now;
        _clock.Receive(message.Hlc, now.WallMilliseconds);
        if (message is TableUpdate update)
            OnTable(update);
        if (message is not GatewayReply reply || !_tries.Remove(reply.Try, out var tried))
            return;
        Regions.NoteHeard(tried.Task.Place.Region);
        if (reply is NotPrimary notPrimary)
            tried.Task.OnNotPrimary(tried.Asked, notPrimary);
        else if (reply is Moved moved)
            OnMoved(tried.Task, tried.Asked, moved);
        else
            OnAnswer(tried, from?.Replica ?? tried.Asked, reply);
        Effects.Stamp(_clock, _now.WallMilliseconds);
    }

    private void OnAnswer((ShardTask Task, ReplicaId Asked) tried, ReplicaId answered, GatewayReply reply)
    {
        // Who was asked may have handed it on: then the office has changed, and the next question goes there at once.
        if (answered != tried.Asked)
            RouteTo(tried.Task.Place).HandedOn(tried.Asked, answered);
        tried.Task.OnReply(reply);
    }

    /// <summary>Lets time pass.</summary>
    /// <param name="now">The edge's clocks.</param>
    public void Tick(ClockReading now)
    {
        _now = now;
        while (_sleeping.TryPeek(out var sleeper, out var time) && time <= now.MonotonicMicroseconds)
        {
            _sleeping.Dequeue();
            if (!sleeper.IsDone && sleeper.WakeMicroseconds == time)
                sleeper.Wake();
        }
        Effects.Stamp(_clock, _now.WallMilliseconds);
    }

    internal ShardId ShardOf(TenantId tenant, UserId user) => _shards.ShardOf(tenant, user);

    internal ShardId ShardOf(TenantId tenant, ItemId item) => _shards.ShardOf(tenant, item);

    internal ShardId ShardOf(TenantId tenant, in LogRecord record) => _shards.ShardOf(tenant, record);

    /// <summary>To which region a call goes.</summary>
    internal TenantRouter Regions { get; }

    internal Topology Topology => _settings.Topology;

    internal RegionId Region => _settings.Region;

    internal RoutingTable Table => _settings.Tenants.Table;

    internal ulong PlacementVersionOf(TenantId tenant) => Table.Find(tenant)?.Version ?? 0;

    internal SignalSchema SchemaOf(TenantId tenant) => _settings.Tenants.SchemaOf(tenant);

    /// <summary>Takes one more signal of a tenant, or says why not.</summary>
    internal QuotaProblem? TakeSignal(TenantId tenant) => Table.Find(tenant) is { } placement ? _rates.Take(placement, NowMicroseconds) : null;

    internal RetrievePlan PlanOf(QueryCall call) => RetrievePlan.Of(
        call.Query, SchemaOf(call.Tenant), call.ReadTimeMilliseconds ?? _now.WallMilliseconds, call.Tenant);

    internal IEnumerable<ReplicaId> Replicas => _settings.Topology.Replicas;

    internal ShardRoute RouteTo(ShardPlace place)
    {
        if (!_routes.TryGetValue(place, out var route))
            _routes.Add(place, route = new ShardRoute());
        return route;
    }

    internal ulong NextTry() => ++_lastTry;

    internal void Send(ShardTask task, ReplicaId replica, GatewayRequest request)
    {
        request.PlacementVersion = task.PlacementVersion;
        _tries.Add(request.Try, (task, replica));
        task.Tries.Add(request.Try);
        Effects.Send(new Address(task.Place.Region, task.Place.Shard, replica), request);
    }

    internal void WakeLater(Sleeper sleeper) => _sleeping.Enqueue(sleeper, sleeper.WakeMicroseconds);

    internal void Complete(ClientCall call)
    {
        _calls -= call.Load;
        call.Complete(StampNow());
    }

    /// <summary>A reading of the clock: after everything that this gateway has heard, and that its callers' sessions have seen.</summary>
    internal HlcTimestamp StampNow() => _clock.Now(_now.WallMilliseconds);

    /// <summary>Forgets tries that nobody waits for any more: an answer that still comes is ignored.</summary>
    internal void Forget(ShardTask task)
    {
        foreach (var tried in task.Tries)
            _tries.Remove(tried);
        task.Tries.Clear();
    }

    private void OnTable(TableUpdate update)
    {
        _settings.Tenants.Take(update.Table);
        if (update.AnswerTo is { } asker)
            Effects.Send(asker, new TableKnown { Version = Table.Version });
        Effects.Stamp(_clock, _now.WallMilliseconds);
    }

    /// <summary>One of the two knows an older table than the other, and is told the newer one.</summary>
    private void OnMoved(ShardTask task, ReplicaId asked, Moved moved)
    {
        if (!_settings.Tenants.Take(moved.Table) && moved.Table.Version < Table.Version)
            Effects.Send(Address.OfNode(new NodeId(task.Place.Region, asked)), new TableUpdate { Table = Table });
        task.OnMoved(asked, moved.Try);
    }

    private CallSteps StepsOf(ClientCall call) => call switch
    {
        WriteCall write => new WriteSteps(this, write),
        WriteBatchCall batch => new WriteBatchSteps(this, batch),
        EndSessionCall end => new EndSessionSteps(this, end),
        QueryCall { Query.Explain: true } query => new ExplainSteps(this, query),
        QueryCall query => new QuerySteps(this, query),
        ScoreCall score => new ScoreSteps(this, score),
        CohortCall cohort => new CohortSteps(this, cohort),
        _ => throw new ArgumentException($"A gateway does not take a {call.GetType().Name}.", nameof(call)),
    };
}

using Tidal.Query;
using Tidal.Replication;
using Tidal.Schema;

namespace Tidal.Placement;

/// <summary>
/// A query: every shard that the plan asks gets its part, at one read time and under one placement of the tenant; what is late
/// is missing, and said to be. A query for a user first reads what the user hides. When a replica knows a newer placement the
/// whole is planned anew, its deadline begun again: parts of two placements would not make one answer.
/// </summary>
internal sealed class QuerySteps : CallSteps
{
    private readonly QueryCall _call;
    private readonly List<QueryPartTask> _parts = [];
    private readonly HidesSteps? _hides;
    private readonly List<RegionId> _silent = [];
    private QueryPlacement _placement;
    private IReadOnlyList<ShardPlace> _asked;
    private RetrievePlan _plan;
    private long _deadline;
    private MissingReason _whyNotAsked = MissingReason.NoAnswer;
    private int _replans;
    private int _open;

    public QuerySteps(Gateway gateway, QueryCall call)
        : base(gateway)
    {
        _call = call;
        _plan = gateway.PlanOf(call);
        _placement = new QueryPlacement(gateway, call.Tenant);
        _asked = PlacesAsked();
        _hides = _plan.User is { } user ? new HidesSteps(gateway, call, user, OnHides, TryReplan) : null;
    }

    public override void Begin()
    {
        _deadline = Gateway.NowMicroseconds + (long)Gateway.Options.QueryDeadline.TotalMicroseconds;
        if (_hides is null)
        {
            Ask(_asked);
            return;
        }
        // Else a far shard whose primary is not known would be asked twice once the hides are there, and come too late.
        foreach (var place in _asked.Where(place => !Gateway.RouteTo(place).IsKnown))
            new LocateTask(Gateway, _call.Tenant, place, Gateway.NowMicroseconds + (long)Gateway.Options.HidesDeadline.TotalMicroseconds).Ask();
        _hides.Begin(_placement, _deadline);
    }

    public override void RefuseAsOverloaded() => _call.Result = Answer();

    internal void PartDone()
    {
        if (--_open == 0)
            Finish();
    }

    /// <summary>The tenant has moved: plans and asks all of it again, under the newest placement.</summary>
    /// <returns>False if it was planned anew as often as it may be.</returns>
    internal bool TryReplan()
    {
        if (_replans == Gateway.Options.ReplansMax)
            return false;
        _replans++;
        StopParts();
        _placement = new QueryPlacement(Gateway, _call.Tenant);
        _asked = PlacesAsked();
        Begin();
        return true;
    }

    /// <summary>The region that stands in for the gateway's own is silent: the next one does.</summary>
    internal void OnSilent(RegionId region)
    {
        StopParts();
        _silent.Add(region);
        Gateway.Regions.NoteSilent(region, Gateway.NowMicroseconds);
        _asked = PlacesAsked();
        Ask(_asked);
    }

    private ShardPlace[] PlacesAsked() => _plan.Read == ReadScope.Local
        ? LocalRegion(_silent) is { } local ? [.. _placement.PlacesIn(local)] : []
        : [.. _placement.Readers.SelectMany(_placement.PlacesIn)];

    /// <summary>The gateway's own region, or the one that stands in for it where the tenant's data may not be there (PROTOCOL 22).</summary>
    private RegionId? LocalRegion(IReadOnlyList<RegionId> silent) =>
        Gateway.Regions.ReaderFor(_call.Tenant, Gateway.NowMicroseconds, silent);

    private void OnHides(MissingReason? whyNone)
    {
        _whyNotAsked = whyNone ?? MissingReason.Hides;
        if (whyNone is not null)
        {
            Finish();
            return;
        }
        _plan = _plan with { Hidden = _hides!.Hidden };
        // The region that answers for the query is not the gateway's where the tenant may have no data there.
        if (_plan.Read == ReadScope.Local)
            _asked = [.. _placement.PlacesIn(_hides.AskingRegion!.Value)];
        var unheard = _hides.Unheard.ToList();
        Ask(_asked.Where(place => !unheard.Contains(place.Region)));
    }

    private void Ask(IEnumerable<ShardPlace> places)
    {
        foreach (var place in places)
        {
            _parts.Add(new QueryPartTask(Gateway, this, _call.Tenant, place, _plan, _deadline)
            {
                PlacementVersion = _placement.Version,
                Homes = _plan.Read == ReadScope.Home ? _placement.HomesOf(place.Region) : null,
                LeaveMicroseconds = LeaveMicroseconds(place.Region),
            });
        }
        _open = _parts.Count;
        if (_open == 0)
            Finish();
        foreach (var part in _parts)
            part.Ask();
    }

    // With a user the region that answered first for the hides is the one that is asked.
    private long LeaveMicroseconds(RegionId region) => _plan.Read == ReadScope.Local && _hides is null && LocalRegion([.. _silent, region]) is not null
        ? Gateway.NowMicroseconds + (long)Gateway.Options.HidesDeadline.TotalMicroseconds
        : long.MaxValue;

    private void StopParts()
    {
        foreach (var part in _parts)
            part.Stop();
        _parts.Clear();
    }

    private void Finish()
    {
        _hides?.End();
        _call.Result = Answer();
        Gateway.Complete(_call);
    }

    private QueryAnswer Answer()
    {
        var answered = _parts.Where(part => part.Reply is not null).ToList();
        // What was heard of hides since the shards were asked: a part may list what one of them hides.
        var plan = _hides is null ? _plan : _plan with { Hidden = _hides.Hidden };
        var merged = ShardAnswer.Merge([.. answered.Select(part => part.Reply!.Answer)], plan);
        return new QueryAnswer(merged.Items, new QueryStats
        {
            Asked = _asked,
            Answered = [.. answered.Select(part => part.Place)],
            Missing = [.. _asked.Except(answered.Select(part => part.Place)).Select(place => new MissingShard(place, WhyMissing(place)))],
            Staleness = [.. answered.SelectMany(StalenessOf)],
            HidesUnheard = [.. _hides?.Unheard ?? []],
            CandidatesConsidered = merged.CandidatesConsidered,
            CandidatesLeft = merged.CandidatesLeft,
            Replans = _replans,
            TimeSpent = TimeSpan.FromMicroseconds(Gateway.NowMicroseconds - _call.StartedMicroseconds),
        })
        {
            NextCursor = NextCursor(merged),
        };
    }

    private MissingReason WhyMissing(ShardPlace place) => _parts.Find(part => part.Place == place)?.WhyMissing ?? _whyNotAsked;

    // Less than a full page means that no part was cut, so nothing is left. With DIVERSITY there is no other page: it would need
    // to know how many items of each creator were on all those before.
    private string? NextCursor(ShardAnswer page) => page.GoesOnBehind is { } last
        ? new QueryCursor(_plan.ReadTimeMilliseconds, _placement.RoutingVersion, last, QueryCursor.FingerprintOf(_call.Query, _call.Tenant)).ToToken()
        : null;

    private IEnumerable<Staleness> StalenessOf(QueryPartTask part)
    {
        if (!part.Reply!.IsPrimary)
            yield return new Staleness(part.Place, part.Place.Region, part.Reply.Staleness);
        if (_plan.Read != ReadScope.Local)
            yield break;
        foreach (var origin in part.Reply.Origins)
            yield return new Staleness(part.Place, origin.Origin, origin.Staleness);
    }
}

/// <summary>
/// One shard's part of a query. The primary answers; when there is none to be found, all replicas are asked and the one
/// whose log is committed furthest answers for it.
/// </summary>
internal sealed class QueryPartTask(
    Gateway gateway, QuerySteps steps, TenantId tenant, ShardPlace place, RetrievePlan plan, long deadline)
    : ShardTask(gateway, tenant, place, deadline)
{
    /// <summary>So many times a replica that knew an older placement, and was told, is asked again.</summary>
    private const int AskedAgainMax = 4;

    private bool _asksAll;
    private bool _heardAnybody;
    private bool _hasMoved;
    private int _askedAgain;
    private int _followersAnswered;

    /// <summary>The part; null while, or because, it is missing.</summary>
    public ShardQueryReply? Reply { get; private set; }

    /// <summary>The homes that the region answers for; null for all that it holds.</summary>
    public IReadOnlyList<RegionId>? Homes { get; init; }

    public MissingReason WhyMissing => _hasMoved ? MissingReason.Moved : _heardAnybody ? MissingReason.NoPrimary : MissingReason.NoAnswer;

    protected override TimeSpan Timeout => Gateway.Options.ReadTimeout;

    public override void OnReply(GatewayReply reply)
    {
        var answer = (ShardQueryReply)reply;
        if (answer.IsPrimary || Reply is null || answer.CommitIndex > Reply.CommitIndex)
            Reply = answer;
        if (answer.IsPrimary || ++_followersAnswered >= Gateway.Replicas.Count() - 1)
            Finish();
    }

    protected override GatewayRequest Request(ulong tried, ulong epoch) => new ShardQueryRequest
    {
        Try = tried,
        Tenant = Tenant,
        Plan = plan,
        Homes = Homes,
        AcceptFollower = _asksAll,
    };

    /// <summary>Its answer is not wanted any more.</summary>
    public void Stop() => Done();

    protected override bool NeedsPrimary => false;

    protected override bool MayLeave => Reply is null && !_heardAnybody;

    protected override void OnLeave() => steps.OnSilent(Place.Region);

    protected override void OnPlacementChanged()
    {
        if (steps.TryReplan())
            return;
        _hasMoved = true;
        Finish();
    }

    // Each replica once, when all are asked.
    protected override void AskAgain(ReplicaId asked, ulong tried)
    {
        if (!_asksAll)
            base.AskAgain(asked, tried);
        else if (_askedAgain++ < AskedAgainMax)
            Gateway.Send(this, asked, Request(Gateway.NextTry(), 0));
    }

    /// <summary>Once all are asked each is asked once: a follower that answered twice would be counted for two.</summary>
    protected override bool FollowsRedirects => !_asksAll;

    protected override void OnTimeout()
    {
        Gateway.RouteTo(Place).Forget();
        AskAll();
    }

    protected override void OnNoPrimaryKnown()
    {
        _heardAnybody = true;
        AskAll();
    }

    protected override void OnDeadline() => Finish();

    private void AskAll()
    {
        WakeMicroseconds = Deadline;
        Gateway.WakeLater(this);
        if (_asksAll)
            return;
        _asksAll = true;
        foreach (var replica in Gateway.Replicas)
            Gateway.Send(this, replica, Request(Gateway.NextTry(), 0));
    }

    private void Finish()
    {
        Done();
        steps.PartDone();
    }
}

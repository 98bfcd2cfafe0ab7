using Tidal.Query;
using Tidal.Replication;
using Tidal.Schema;
using Tidal.Signals;

namespace Tidal.Placement;

/// <summary>
/// What a query for a user does before it asks the shards: it reads what the user hides, in every member region at once, from
/// confirmed primaries. The asking region must answer: then nothing that it acknowledged is missing. A region that does not
/// must not list anything: its replicas may know of a hide that nobody else does (PROTOCOL 22). What comes later still joins
/// the union, by which the merged list is filtered once more. Not safe for use by several threads.
/// </summary>
internal sealed class HidesSteps
{
    private readonly Gateway _gateway;
    private readonly QueryCall _call;
    private readonly UserId _user;
    private readonly Action<MissingReason?> _decided;
    private readonly Func<bool> _moved;
    private readonly List<HidesTask> _tasks = [];
    private readonly SortedDictionary<RegionId, ulong> _marks = [];
    private readonly HardNegativeSet _union = new();
    private Alarm? _alarm;
    private HidesTask? _again;
    private QueryPlacement? _placement;
    private long _deadline;
    private bool _isLate;
    private bool _isDecided;

    /// <summary>Makes the steps of one query.</summary>
    /// <param name="gateway">The gateway.</param>
    /// <param name="call">The query.</param>
    /// <param name="user">Its user.</param>
    /// <param name="decided">Told, once for each time that the query is planned, that the shards may be asked, or why none may.</param>
    /// <param name="moved">Told that the tenant has moved; answers whether the query is planned anew.</param>
    public HidesSteps(Gateway gateway, QueryCall call, UserId user, Action<MissingReason?> decided, Func<bool> moved) =>
        (_gateway, _call, _user, _decided, _moved) = (gateway, call, user, decided, moved);

    /// <summary>What the user hides, as far as it was heard.</summary>
    public HiddenTargets Hidden => new(_union.Hidden);

    /// <summary>
    /// The region that answers for the query: the gateway's, or where the tenant's data may not be there the first member, in
    /// region order, that has answered. Null while it has not.
    /// </summary>
    public RegionId? AskingRegion
    {
        get
        {
            foreach (var task in _tasks)
            {
                if (task.IsAnswered && (!IsMember || task.Place.Region == _gateway.Region))
                    return task.Place.Region;
            }
            return null;
        }
    }

    /// <summary>The regions that have not answered, in region order.</summary>
    public IEnumerable<RegionId> Unheard => _tasks.Where(task => !task.IsAnswered).Select(task => task.Place.Region);

    private bool IsMember => _tasks.Exists(task => task.Place.Region == _gateway.Region);

    /// <summary>
    /// Asks every region that answers the tenant's reads. When the query is planned anew, what was read stays read, and those
    /// that have told it are not asked again.
    /// </summary>
    /// <param name="placement">What the query is planned under.</param>
    /// <param name="deadline">When the query must be answered, monotonic microseconds.</param>
    public void Begin(QueryPlacement placement, long deadline)
    {
        Stop();
        (_placement, _deadline, _isLate, _isDecided) = (placement, deadline, false, false);
        var told = _tasks.Where(task => task.IsAnswered).ToDictionary(task => task.Place.Region);
        _tasks.Clear();
        foreach (var region in placement.Readers)
            _tasks.Add(told.TryGetValue(region, out var task) ? task : TaskIn(region));
        _alarm = new Alarm(_gateway, _gateway.NowMicroseconds + (long)_gateway.Options.HidesDeadline.TotalMicroseconds, OnLate);
        foreach (var task in _tasks.Where(task => !task.IsAnswered))
            task.Ask();
        if (!Unheard.Any())
            Decide();
    }

    /// <summary>The query is answered: nothing more is asked or heard, and what was read is what the session has seen.</summary>
    public void End()
    {
        Stop();
        if (_tasks.Count > 0)
            _call.Saw(_tasks[0].Place.Shard, Marks());
    }

    private void Stop()
    {
        _alarm?.PutOff();
        _again?.Stop();
        foreach (var task in _tasks)
            task.Stop();
    }

    internal bool OnMoved() => _moved();

    internal void OnReply(HidesTask task, HidesReply reply)
    {
        foreach (var (target, register) in reply.Registers)
            _union.Take(target, register);
        foreach (var (origin, number) in reply.Marks)
            _marks[origin] = Math.Max(number, _marks.GetValueOrDefault(origin));
        task.Stop();
        if (!_isDecided && (_isLate || !Unheard.Any()))
            Decide();
    }

    private void OnLate()
    {
        _isLate = true;
        if (_isDecided)
            return;
        Decide();
        if (_isDecided)
            return;
        // It waits for the session: whatever answers now may hold what the session has seen.
        _alarm = new Alarm(_gateway, _deadline, () => Decided(MissingReason.BehindSession));
    }

    private void Decide()
    {
        if (AskingRegion is not { } asking)
            Decided(MissingReason.Hides);
        else if (_call.Token is null || _call.Token.IsHeldBy(_call.Tenant, _tasks[0].Place.Shard, Marks()))
            Decided(null);
        else if (_call.WhenBehind == BehindSession.Refuse)
            Decided(MissingReason.BehindSession);
        else
            AskAgainLater(asking);
    }

    /// <summary>The region may hold what the session has seen in a moment.</summary>
    private void AskAgainLater(RegionId region)
    {
        if (_again is { IsDone: false })
            return;
        _again = TaskIn(region);
        _again.AskLater();
    }

    private HidesTask TaskIn(RegionId region) =>
        new(_gateway, this, _call.Tenant, _user, new ShardPlace(region, _gateway.ShardOf(_call.Tenant, _user)), _deadline) { PlacementVersion = _placement!.Version };

    private void Decided(MissingReason? why)
    {
        _isDecided = true;
        _decided(why);
    }

    // Whatever any region told is in the union, so the union holds what any of them holds.
    private OriginNumber[] Marks() => [.. _marks.Select(mark => new OriginNumber(mark.Key, mark.Value))];
}

/// <summary>The question what a user hides, in one region: asked of its primary, or of all its replicas while none is taken for it.</summary>
internal sealed class HidesTask(
    Gateway gateway, HidesSteps steps, TenantId tenant, UserId user, ShardPlace place, long deadline)
    : ShardTask(gateway, tenant, place, deadline)
{
    public bool IsAnswered { get; private set; }

    // Early enough to ask all others: a deposed primary that hears nobody keeps silent.
    protected override TimeSpan Timeout => Gateway.Options.HidesDeadline / 2;

    public override void OnReply(GatewayReply reply)
    {
        IsAnswered = true;
        steps.OnReply(this, (HidesReply)reply);
    }

    /// <summary>Begins after a pause.</summary>
    public void AskLater() => OnNoPrimaryKnown();

    public void Stop() => Done();

    protected override GatewayRequest Request(ulong tried, ulong epoch) => Locating(tried);

    // A read does no harm where it is not answered, and saves a way there and back, which may be a sixth of a second.
    protected override GatewayRequest Locating(ulong tried) => new HidesRequest { Try = tried, Tenant = Tenant, User = user };

    protected override void OnPlacementChanged()
    {
        if (!steps.OnMoved())
            Done();
    }

    protected override void OnDeadline() => Done();
}

using Tidal.Replication;
using Tidal.Schema;

namespace Tidal.Placement;

/// <summary>
/// Brings tenants to where the routing table wants them, step by step, and tells every node and gateway the newest table.
/// It is needed to change the cluster; no read, no write and no failover asks it. It keeps nothing that a crash could lose: what
/// is next follows from the table and from what the regions' primaries say. Several of them at a time only get in each
/// other's way, for each step is a compare-and-set. A pure state machine; not safe for use by several threads.
/// </summary>
public sealed class ControlPlane
{
    private readonly ControlPlaneSettings _settings;
    private readonly TableSender _tables;
    private readonly SortedDictionary<TenantId, MovingTenant> _moving = [];
    private ulong _tableVersion;
    private long _nextBeat;
    private ClockReading _now;

    /// <summary>Takes up the control plane; it finds out by itself what is to be done.</summary>
    /// <param name="settings">Where it stands and in what.</param>
    public ControlPlane(ControlPlaneSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        _settings = settings;
        _tables = new TableSender(settings);
    }

    /// <summary>Its address.</summary>
    public Address Self => Address.OfControlPlane(_settings.Region);

    /// <summary>What it wants of the world; the host sees to it and clears it after each input.</summary>
    public Effects Effects { get; } = new();

    /// <summary>
    /// The earliest monotonic time at which <see cref="Tick"/> has anything to do. The host wakes it too when the coordinator has a
    /// new table.
    /// </summary>
    public long NextDeadlineMicroseconds { get; private set; }

    /// <summary>The moves that it has seen, those that are over included, in order of the tenants.</summary>
    public IEnumerable<MigrationProgress> Migrations => _moving.Values.Where(moving => moving.Steps.Count > 0).Select(ProgressOf);

    /// <summary>How far the last move of a tenant is; null when none was seen.</summary>
    /// <param name="tenant">The tenant.</param>
    public MigrationProgress? ProgressOf(TenantId tenant) =>
        _moving.TryGetValue(tenant, out var moving) && moving.Steps.Count > 0 ? ProgressOf(moving) : null;

    /// <summary>Lets time pass, or has a look at a new table.</summary>
    /// <param name="now">The edge's clocks.</param>
    public void Tick(ClockReading now)
    {
        _now = now;
        var isNew = _settings.Coordinator.Current.Version != _tableVersion;
        Follow(_settings.Coordinator.Current);
        if (isNew || now.MonotonicMicroseconds >= _nextBeat)
            Beat();
        NextDeadlineMicroseconds = _tables.IsTelling || Unsettled.Any() ? _nextBeat : long.MaxValue;
    }

    /// <summary>Takes a message.</summary>
    /// <param name="now">The edge's clocks.</param>
    /// <param name="from">The sender.</param>
    /// <param name="message">The message.</param>
    public void Receive(ClockReading now, Address from, Message message)
    {
        _now = now;
        if (message is TableKnown known)
            _tables.OnKnown(from, known.Version);
        if (message is not TenantStandingReply reply || !_moving.TryGetValue(reply.Tenant, out var moving))
            return;
        moving.Reports.Take(from.Region, from.Shard, reply);
        Decide(moving);
        if (_settings.Coordinator.Current.Version != _tableVersion)
            Tick(now);
    }

    private IEnumerable<MovingTenant> Unsettled => _moving.Values.Where(moving => !TenantMigration.IsSettled(moving.Placement));

    private void Follow(RoutingTable table)
    {
        if (table.Version == _tableVersion)
            return;
        // What is under way at a start began before: nobody can say when.
        var isStart = _tableVersion == 0;
        _tableVersion = table.Version;
        foreach (var placement in table.Tenants)
        {
            if (_moving.TryGetValue(placement.Tenant, out var moving))
                moving.Follow(placement, _now.WallMilliseconds);
            else if (!TenantMigration.IsSettled(placement))
                _moving.Add(placement.Tenant, new MovingTenant(placement, isStart ? null : _now.WallMilliseconds));
        }
    }

    private void Beat()
    {
        _nextBeat = _now.MonotonicMicroseconds + _settings.Options.BeatInterval.Ticks / TimeSpan.TicksPerMicrosecond;
        _tables.Send(_settings.Coordinator.Current, Self, Effects);
        foreach (var moving in Unsettled.ToList())
        {
            Ask(moving.Placement);
            Decide(moving);
        }
        if (_settings.Coordinator.Current.Version == _tableVersion)
            return;
        Follow(_settings.Coordinator.Current);
        _tables.Send(_settings.Coordinator.Current, Self, Effects);
    }

    // All replicas: nobody but a primary answers, and who that is may change at any time.
    private void Ask(TenantPlacement placement)
    {
        foreach (var member in placement.Members)
        {
            foreach (var shard in _settings.Topology.Shards)
            {
                foreach (var replica in _settings.Topology.Replicas)
                    Effects.Send(new Address(member.Region, shard, replica), new TenantStandingRequest { Tenant = placement.Tenant });
            }
        }
    }

    private void Decide(MovingTenant moving)
    {
        var table = _settings.Coordinator.Current;
        if (table.Find(moving.Placement.Tenant) is not { } placement || placement.Version != moving.Placement.Version)
            return;
        if (!MayMove(placement))
        {
            moving.WaitsFor = [$"{_settings.Options.MigrationsMax} other tenants are on the move"];
            return;
        }
        var decision = TenantMigration.Decide(placement, moving.Reports, _settings.Topology, table.Version + 1);
        moving.WaitsFor = decision.WaitsFor;
        if (decision.Next is { } next)
            _settings.Coordinator.TryReplace(table.Version, table.Replace(next));
    }

    /// <summary>Whether a tenant is on the move already, or not too many others are.</summary>
    private bool MayMove(TenantPlacement placement) => IsUnderWay(placement)
        || _moving.Values.Count(moving => IsUnderWay(moving.Placement)) < _settings.Options.MigrationsMax;

    private static bool IsUnderWay(TenantPlacement placement) => placement.Writers.Count < placement.Members.Count;

    private static MigrationProgress ProgressOf(MovingTenant moving) => new()
    {
        Tenant = moving.Placement.Tenant,
        Name = moving.Placement.Name,
        From = moving.From,
        To = moving.To,
        Step = TenantMigration.StepOf(moving.Placement),
        WaitsFor = moving.WaitsFor,
        Steps = moving.Steps,
    };
}

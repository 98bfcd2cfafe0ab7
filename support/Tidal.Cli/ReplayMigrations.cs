using Tidal.Testing;
using Tidal.Testing.Oracles;

namespace Tidal.Cli;

/// <summary>
/// Moves tenants during a replay: changes the routing configuration at the times of the plan, and nothing else. While a move lasts
/// the tenant's queries are asked from every region, and it is told which step is reached and what is waited for.
/// </summary>
internal sealed class ReplayMigrations
{
    /// <summary>How often it is looked how far a move is.</summary>
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>How often each region asks while something happens.</summary>
    private static readonly TimeSpan AskInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>How often each region asks once nothing has happened for <see cref="LongWait"/>.</summary>
    private static readonly TimeSpan AskIntervalWhileWaiting = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan LongWait = TimeSpan.FromMinutes(1);

    /// <summary>How long after a move the disks are looked at: every replica has heard of its end by then.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(5);

    private readonly SimulatedCluster _cluster;
    private readonly ReplayPlan _plan;
    private readonly ReplayClients _clients;
    private readonly ReplayFaults _faults;
    private readonly IReplayObserver _observer;
    private readonly Action<Exception> _failed;
    private readonly Dictionary<string, Task> _lastOf = [];
    private bool _isOver;

    /// <summary>Prepares the migrations of a plan.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="clients">Through whom it is asked.</param>
    /// <param name="faults">The faults, which answers may come short of.</param>
    /// <param name="observer">Hears how it goes.</param>
    /// <param name="failed">Told of what goes wrong, as nobody awaits a move.</param>
    public ReplayMigrations(
        SimulatedCluster cluster, ReplayPlan plan, ReplayClients clients, ReplayFaults faults, IReplayObserver observer, Action<Exception> failed) =>
        (_cluster, _plan, _clients, _faults, _observer, _failed) = (cluster, plan, clients, faults, observer, failed);

    /// <summary>What came of the moves that have ended, or were given up, in that order.</summary>
    public List<PlayedMigration> Played { get; } = [];

    /// <summary>Whether every move has ended.</summary>
    public bool AreOver => Played.Count == _plan.Migrations.Count;

    /// <summary>Puts all on the calendar.</summary>
    public void Schedule()
    {
        foreach (var spec in _plan.Migrations)
            _cluster.After(_plan.At(spec.At) - _cluster.Now, () => Begin(spec));
    }

    /// <summary>Gives up what has not ended yet: it is told as it is.</summary>
    public void GiveUp() => _isOver = true;

    private void Begin(MigrationSpec spec) =>
        _lastOf[spec.Edition] = MoveAfterAsync(_lastOf.GetValueOrDefault(spec.Edition, Task.CompletedTask), spec);

    private async Task MoveAfterAsync(Task before, MigrationSpec spec)
    {
        try
        {
            if (!before.IsCompleted)
                _observer.Happened(_cluster.Now, $"{spec.Tenant} moves to {spec.To} once the move before it is over");
            await before.ConfigureAwait(false);
            await MoveAsync(spec).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            _failed(failure);
        }
    }

    private async Task MoveAsync(MigrationSpec spec)
    {
        var tenant = _cluster.TenantNamed(spec.Tenant);
        var began = _cluster.Now;
        var queries = new MigrationQueries(_cluster, _clients, _faults, spec.Edition, _failed);
        if (!_isOver)
            _cluster.ChangeRouting(tenant, _cluster.Topology.Region(spec.To));
        var watch = new MigrationWatch(spec, _observer, began, _cluster.Table.Version, () => _faults.Lasting);
        var nextAsk = began;
        while (!_isOver && (!watch.IsOver || _cluster.Now < watch.LastMoved + Settling))
        {
            if (_cluster.Now >= nextAsk)
            {
                queries.Ask();
                nextAsk = _cluster.Now + (_cluster.Now - watch.LastMoved < LongWait ? AskInterval : AskIntervalWhileWaiting);
            }
            await _cluster.Delay(LookInterval).ConfigureAwait(false);
            watch.Look(_cluster.ControlPlane?.ProgressOf(tenant), _cluster.Now);
        }
        while (queries.AreOutstanding)
            await _cluster.Delay(LookInterval).ConfigureAwait(false);
        Played.Add(new PlayedMigration(spec.Tenant, spec.From, spec.To, began, watch.IsOver, watch.Steps, watch.Waits)
        {
            Queries = queries.Asked,
            ShortQueries = queries.Short,
            CutOffQueries = queries.CutOff,
            BytesLeftBehind = TenantBytes.Of(_cluster, tenant, [_cluster.Topology.Region(spec.From)]).Sum(found => found.Bytes),
        });
    }
}

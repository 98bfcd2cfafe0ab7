using Tidal.Replication;
using Tidal.Schema;
using Tidal.Testing.Oracles;
using Tidal.Testing.RealTime;

namespace Tidal.Testing.Drivers;

// What is noted of a scenario while it runs. It only looks: the cluster's history is the same without it.
public sealed partial class ClusterDriver
{
    private static readonly TimeSpan ScoresReadAt = TimeSpan.FromMinutes(1);

    private bool _measuresArrivals;
    private ArrivalWatch? _arrivals;

    /// <summary>What is noted of the scenario.</summary>
    public ScenarioNotes Notes { get; } = new();

    /// <summary>The load that is measured; null where none is.</summary>
    public MeasuredLoad? MeasuredLoad => _measured;

    /// <summary>The clients that write and ask all the time; null where none do.</summary>
    public SteadyTraffic? TrafficSeen => _traffic;

    /// <summary>At which time of the cluster's first day the scores of <see cref="CountsNow"/> are read: the same for all, so that they can be compared.</summary>
    public static TimeSpan ScoresAsOf => ScoresReadAt;

    /// <summary>Notes that a step begins; before the first When also what the regions have counted by then.</summary>
    /// <param name="keyword">Given, When or Then.</param>
    /// <param name="text">Its text.</param>
    public void BeginStep(string keyword, string text)
    {
        Notes.Add(new StepNote(_cluster?.Elapsed ?? TimeSpan.Zero, Notes.Steps.Count + 1, keyword, text));
        if (keyword == "When" && HasCluster && Notes.Before is null)
            Notes.Before = CountsNow();
    }

    /// <summary>How long signals take from region to region is measured from here on: to be said before the cluster starts.</summary>
    public void MeasureArrivals() => _measuresArrivals = true;

    /// <summary>What each region has counted of the items that the scenario names; nothing where a shard has no replica alive.</summary>
    public IReadOnlyList<CountNote> CountsNow() => Cluster.Look(() => (
        from named in Notes.Items
        from signal in Cluster.SchemaOf(named.Tenant).Signals
        from region in Cluster.Topology.Regions
        let note = CountOf(named.Tenant, named.Item, signal.Id, region)
        where note is not null
        select note).ToList());

    /// <summary>What was measured of the way from region to region since the last call; null where it is not measured.</summary>
    public Histogram? TakeArrivals()
    {
        if (_measuresArrivals && _measured is null)
            Notes.Arrivals ??= (_cluster as RealTimeCluster)?.Lag.TakeWindow() ?? _arrivals?.Meter.TakeWindow();
        return Notes.Arrivals;
    }

    /// <summary>The homes of items as any region has them, by item; those that no region holds are missing.</summary>
    /// <param name="tenant">Whose items.</param>
    /// <param name="items">The items.</param>
    public IReadOnlyDictionary<ItemId, RegionId> HomesOf(TenantId tenant, IEnumerable<ItemId> items) => Cluster.Look(() =>
    {
        var homes = new Dictionary<ItemId, RegionId>();
        foreach (var item in items.Distinct())
        {
            var shard = Cluster.Router.ShardOf(tenant, item);
            var found = Cluster.Topology.Regions.SelectMany(region => Cluster.Replicas(region, shard))
                .Select(replica => replica.State.TenantOf(tenant).State.Find(item)?.Home).FirstOrDefault(home => home is not null);
            if (found is { } home)
                homes.Add(item, home);
        }
        return homes;
    });

    private CountNote? CountOf(TenantId tenant, ItemId item, SignalTypeId signal, RegionId region)
    {
        var furthest = Cluster.Replicas(region, Cluster.Router.ShardOf(tenant, item)).MaxBy(replica => replica.State.AppliedIndex);
        if (furthest is null || Cluster.PlacementOf(tenant).StandingOf(region) is null || !furthest.State.Tenants.TryGetValue(tenant, out var held))
            return null;
        var at = (Cluster.Options.Start + ScoresReadAt).ToUnixTimeMilliseconds();
        return new CountNote(
            tenant, item, signal, region,
            held.State.ReadCount(item, signal, CohortScope.Everyone, CountWindow.All, at), held.State.ReadDecayScore(item, signal, CohortScope.Everyone, at));
    }

    /// <summary>The cluster has started: from here on it is watched.</summary>
    private void BeginNotes(ClusterUnderTest cluster)
    {
        Notes.Began = cluster.Elapsed;
        if (cluster is not SimulatedCluster simulated)
            return;
        simulated.Add(Notes.LagWatch = new LagWatch(simulated));
        if (_measuresArrivals)
            simulated.Add(_arrivals = new ArrivalWatch(simulated));
    }

    private void NoteAgreement()
    {
        // Regions that a third one kept level had nothing to agree on.
        if (Notes.Healed is { } healed && LastReconciled() is { } reconciled && reconciled >= healed)
            Notes.AddAgreement(reconciled - healed);
        Notes.Healed = null;
    }

    private TimeSpan? LastReconciled()
    {
        for (var place = Cluster.History.Lines.Count - 1; place >= 0; place--)
        {
            if (Cluster.History.Lines[place].Event.Kind == ReplicaEventKind.ReconciliationDone)
                return TimeSpan.FromMicroseconds(Cluster.History.Lines[place].TimeMicroseconds);
        }
        return null;
    }

    private void NoteAnswer(string region, string text)
    {
        if (Answer is not null)
            Notes.Add(new AnswerNote(Cluster.Elapsed, region, text, Answer, Tenant));
    }
}

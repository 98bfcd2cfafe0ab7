using Tidal.Placement;
using Tidal.Testing.Faults;
using Tidal.Testing.History;
using Tidal.Testing.Oracles;

namespace Tidal.Testing.Drivers;

// Tenants that move from region to region, and the clients that are to notice nothing.
public sealed partial class ClusterDriver
{
    private SteadyTraffic? _traffic;

    /// <summary>What the clients that write and ask all the time have seen.</summary>
    /// <exception cref="InvalidOperationException">None do.</exception>
    public SteadyTraffic Traffic => _traffic ?? throw new InvalidOperationException("No clients write and ask all the time.");

    /// <summary>Clients in all regions begin to write and ask, and do so until the scenario ends.</summary>
    public void BeginTraffic()
    {
        _traffic = new SteadyTraffic(Cluster, Tenant);
        Pass(TimeSpan.FromSeconds(1));
    }

    /// <summary>Changes where a tenant is wanted; why that is refused, if it is, is kept.</summary>
    /// <param name="tenant">The tenant's name.</param>
    /// <param name="regions">The names of the regions.</param>
    public void Move(string tenant, IReadOnlyList<string> regions)
    {
        SpeakOf(tenant);
        Order(table => table.Move(tenant, regions, Cluster.Topology));
        if (WhyRefused is null)
            Cluster.WriteFault(HistoryKind.Returned, default, $"{tenant} is wanted in {string.Join(", ", regions)}", HistoryScope.Order);
    }

    /// <summary>Waits until a tenant is in the regions that it is wanted in, and has no byte anywhere else.</summary>
    /// <param name="bound">The longest wait.</param>
    /// <returns>The names of the regions that hold anything of it in the end.</returns>
    public IReadOnlyList<string> MovedWithin(TimeSpan bound)
    {
        var until = Cluster.Waited + bound;
        Cluster.RunUntil(() => TenantMigration.IsSettled(Cluster.PlacementOf(Tenant)), bound);
        Cluster.RunUntil(() => BytesOfStrangers.Count == 0, until - Cluster.Waited, TimeSpan.FromMilliseconds(100));
        Notes.BytesLeft = BytesOfStrangers.Count;
        var members = Cluster.PlacementOf(Tenant).Members.Select(member => member.Region).ToList();
        var holding = Cluster.Topology.Regions.Except(members).Where(region => TenantBytes.Of(Cluster, Tenant, [region]).Count > 0);
        return [.. members.Union(holding).Order().Select(Cluster.Topology.NameOf)];
    }

    /// <summary>Whether the tenant's move is at a step.</summary>
    /// <param name="step">The step.</param>
    public bool IsAt(MigrationStep step) => TenantMigration.StepOf(Cluster.PlacementOf(Tenant)) == step;

    /// <summary>Waits until the upgrade, or, if there is none, the tenant's move, says that it waits for something.</summary>
    /// <param name="bound">The longest wait.</param>
    /// <param name="what">What it waits for, in its own words.</param>
    /// <returns>All that it waits for in the end.</returns>
    public IEnumerable<string> WaitsWithin(TimeSpan bound, string what)
    {
        Cluster.RunUntil(() => WaitsFor().Contains(what), bound);
        return WaitsFor();
    }

    private IEnumerable<string> WaitsFor() => (Cluster as SimulatedCluster)?.Upgrade is null
        ? Cluster.ProgressOf(Tenant)?.WaitsFor ?? []
        : new[] { UpgradeWaitsFor() }.OfType<string>();

    /// <summary>Crashes the control plane; it comes back in the last region.</summary>
    /// <param name="after">After how long.</param>
    public void CrashControlPlane(TimeSpan after)
    {
        var crash = new ControlPlaneCrash(Cluster, Cluster.Topology.Regions.Last());
        Cluster.After(after, crash.Dispose);
    }

    private IReadOnlyList<FoundBytes> BytesOfStrangers => TenantBytes.Of(Cluster, Tenant, [.. Cluster.StrangersTo(Tenant)]);

    /// <summary>Ends the clients' calls, and lets every tenant come to where it is wanted.</summary>
    private void EndMoves()
    {
        _traffic?.End(Patience);
        if (!Cluster.RunUntil(() => Cluster.IsSettled, Patience))
            throw new TimeoutException($"A tenant is not where it is wanted after {Patience}: {string.Join("; ", Cluster.Tenants.SelectMany(tenant => Cluster.ProgressOf(tenant)?.WaitsFor ?? []))}.");
    }
}

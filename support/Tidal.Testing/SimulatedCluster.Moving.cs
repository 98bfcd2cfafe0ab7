using Tidal.Placement;
using Tidal.Replication;
using Tidal.Schema;
using Tidal.Testing.History;

namespace Tidal.Testing;

// Tenants on the move: what an operator changes, and the control plane that sees to it.
public sealed partial class SimulatedCluster
{
    /// <summary>The control plane; null while it is down. Read it, never drive it.</summary>
    public ControlPlane? ControlPlane => _controlPlane.Machine;

    /// <summary>Changes the routing configuration: where a tenant's data is wanted. The rest follows by itself.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="regions">The regions.</param>
    /// <exception cref="RoutingTableException">The tenant cannot be there.</exception>
    public void ChangeRouting(TenantId tenant, params IReadOnlyList<RegionId> regions)
    {
        MustBeOnTheRunningThread();
        WriteFault(HistoryKind.Returned, default, $"{NameOf(tenant)} is wanted in {string.Join(", ", regions.Select(Topology.NameOf))}");
        _coordinator.TryReplace(Table.Version, Table.Replace(PlacementOf(tenant) with { Wanted = [.. regions.Distinct().Order()] }));
    }

    /// <summary>Where a tenant is, by the newest routing table.</summary>
    /// <param name="tenant">The tenant.</param>
    public TenantPlacement PlacementOf(TenantId tenant) =>
        Table.Find(tenant) ?? throw new RoutingTableException($"There is no {tenant}.");

    /// <summary>Whether every tenant is where it is wanted, and nowhere else.</summary>
    public bool IsSettled => Table.Tenants.All(TenantMigration.IsSettled);

    /// <summary>Stops the control plane without a word.</summary>
    internal void CrashControlPlane()
    {
        WriteFault(HistoryKind.FaultBegan, Address.OfControlPlane(_controlPlane.Region), "the control plane crashes");
        _controlPlane.Crash();
    }

    /// <summary>Starts the control plane in a region; one that runs is stopped.</summary>
    internal void StartControlPlane(RegionId region)
    {
        WriteFault(HistoryKind.Returned, Address.OfControlPlane(region), $"the control plane is back, in {Topology.NameOf(region)}");
        _controlPlane.Start(region);
    }
}

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
        ChangeTable(table => table.Move(NameOf(tenant), [.. regions.Select(Topology.NameOf)], Topology));
    }

    /// <summary>Replaces the routing table, as an operator does.</summary>
    /// <param name="change">Makes the next one.</param>
    /// <exception cref="RoutingTableException">It breaks a rule; nothing has changed then.</exception>
    public void ChangeTable(Func<RoutingTable, RoutingTable> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        MustBeOnTheRunningThread();
        _coordinator.TryReplace(Table.Version, change(Table));
    }

    /// <summary>Changes how much a tenant may ask for.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="quotas">How much; null for as much as there is.</param>
    /// <exception cref="RoutingTableException">That cannot be.</exception>
    public void ChangeQuotas(TenantId tenant, TenantQuotas? quotas)
    {
        MustBeOnTheRunningThread();
        WriteFault(HistoryKind.Returned, default, $"{NameOf(tenant)} has other quotas: {quotas?.ToString() ?? "none"}");
        ChangeTable(table => table.Replace(PlacementOf(tenant) with { Quotas = quotas }));
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

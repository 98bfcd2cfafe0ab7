using Tidal.Placement;
using Tidal.Schema;
using Tidal.Testing.History;

namespace Tidal.Testing;

// Whose data the cluster holds, and where: as the newest routing table has it.
public abstract partial class ClusterUnderTest
{
    /// <summary>The newest routing table.</summary>
    public abstract RoutingTable Table { get; }

    /// <summary>The tenants, in order of their numbers.</summary>
    public IEnumerable<TenantId> Tenants => Table.Tenants.Select(placement => placement.Tenant);

    /// <summary>The tenant of a name.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="RoutingTableException">There is none.</exception>
    public TenantId TenantNamed(string name) => Table.Find(name)?.Tenant
        ?? throw new RoutingTableException($"There is no tenant '{name}'; the cluster has {string.Join(", ", Table.Tenants.Select(placement => placement.Name))}.");

    /// <summary>A tenant's name.</summary>
    /// <param name="tenant">The tenant.</param>
    public string NameOf(TenantId tenant) => PlacementOf(tenant).Name;

    /// <summary>What a tenant counts.</summary>
    /// <param name="tenant">The tenant.</param>
    public SignalSchema SchemaOf(TenantId tenant) => _schemas[tenant];

    /// <summary>Where a tenant is, by the newest routing table.</summary>
    /// <param name="tenant">The tenant.</param>
    public TenantPlacement PlacementOf(TenantId tenant) =>
        Table.Find(tenant) ?? throw new RoutingTableException($"There is no {tenant}.");

    /// <summary>The regions that take what is written of a tenant and must come to hold the same of it, in region order.</summary>
    /// <param name="tenant">The tenant.</param>
    public IReadOnlyList<RegionId> HoldersOf(TenantId tenant) => PlacementOf(tenant).Holders;

    /// <summary>The regions in which no byte of a tenant may be, in region order: those without any standing in the table.</summary>
    /// <param name="tenant">The tenant.</param>
    public IEnumerable<RegionId> StrangersTo(TenantId tenant) => Topology.Regions.Where(region => PlacementOf(tenant).StandingOf(region) is null);

    /// <summary>Whether every tenant is where it is wanted, and nowhere else.</summary>
    public bool IsSettled => Table.Tenants.All(TenantMigration.IsSettled);

    /// <summary>How far a tenant's last move is; null if the control plane is down or has seen none.</summary>
    /// <param name="tenant">The tenant.</param>
    public abstract MigrationProgress? ProgressOf(TenantId tenant);

    /// <summary>
    /// The steps that moves of tenants have reached, of each tenant in order, as far as they were seen: in real time those of its last move.
    /// </summary>
    public abstract IEnumerable<TenantStep> TenantSteps { get; }

    /// <summary>Replaces the routing table, as an operator does.</summary>
    /// <param name="change">Makes the next one.</param>
    /// <exception cref="RoutingTableException">It breaks a rule; nothing has changed then.</exception>
    public abstract void ChangeTable(Func<RoutingTable, RoutingTable> change);

    /// <summary>Changes the routing configuration: where a tenant's data is wanted. The rest follows by itself.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="regions">The regions.</param>
    /// <exception cref="RoutingTableException">The tenant cannot be there.</exception>
    public void ChangeRouting(TenantId tenant, params IReadOnlyList<RegionId> regions)
    {
        WriteFault(HistoryKind.Returned, default, $"{NameOf(tenant)} is wanted in {string.Join(", ", regions.Select(Topology.NameOf))}", HistoryScope.Order);
        ChangeTable(table => table.Move(NameOf(tenant), [.. regions.Select(Topology.NameOf)], Topology));
    }

    /// <summary>Changes how much a tenant may ask for.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="quotas">How much; null for as much as there is.</param>
    /// <exception cref="RoutingTableException">That cannot be.</exception>
    public void ChangeQuotas(TenantId tenant, TenantQuotas? quotas)
    {
        WriteFault(HistoryKind.Returned, default, $"{NameOf(tenant)} has other quotas: {quotas?.ToString() ?? "none"}", HistoryScope.Order);
        ChangeTable(table => table.Replace(PlacementOf(tenant) with { Quotas = quotas }));
    }
}

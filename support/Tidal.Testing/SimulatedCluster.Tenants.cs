using Tidal.Schema;

namespace Tidal.Testing;

// Whose data the cluster holds, and where: as the newest routing table has it.
public sealed partial class SimulatedCluster
{
    /// <summary>The newest routing table.</summary>
    public RoutingTable Table => _coordinator.Current;

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

    /// <summary>The regions that take what is written of a tenant and must come to hold the same of it, in region order.</summary>
    /// <param name="tenant">The tenant.</param>
    public IReadOnlyList<RegionId> HoldersOf(TenantId tenant) => PlacementOf(tenant).Holders;

    /// <summary>The regions in which no byte of a tenant may be, in region order: those without any standing in the table.</summary>
    /// <param name="tenant">The tenant.</param>
    public IEnumerable<RegionId> StrangersTo(TenantId tenant) => Topology.Regions.Where(region => PlacementOf(tenant).StandingOf(region) is null);

    private void PlaceTenants()
    {
        foreach (var tenant in Options.Tenants)
        {
            var id = new TenantId((uint)_schemas.Count + 1);
            var regions = tenant.Regions?.Select(Topology.Region) ?? Topology.Regions;
            var placement = new TenantPlacement(id, tenant.Name, [.. regions])
            {
                Residency = tenant.Residency is { } allowed ? [.. allowed.Select(Topology.Region)] : null,
                Quotas = tenant.Quotas,
            };
            _coordinator.TryReplace(Table.Version, Table.With(placement));
            _schemas.Add(id, tenant.Schema ?? Options.Schema);
        }
    }
}

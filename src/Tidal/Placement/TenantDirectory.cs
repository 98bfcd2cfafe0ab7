using Tidal.Replication;
using Tidal.Schema;

namespace Tidal.Placement;

/// <summary>The tenants of the newest routing table, with their schemas. Safe for use by several threads.</summary>
public sealed class TenantDirectory : ITenantDirectory
{
    private readonly ICoordinator _coordinator;
    private readonly IReadOnlyDictionary<TenantId, SignalSchema> _schemas;

    /// <summary>Reads tenants from a coordinator's table.</summary>
    /// <param name="coordinator">Keeps the table.</param>
    /// <param name="schemas">What each tenant counts.</param>
    public TenantDirectory(ICoordinator coordinator, IReadOnlyDictionary<TenantId, SignalSchema> schemas)
    {
        _coordinator = coordinator;
        _schemas = schemas;
    }

    /// <inheritdoc/>
    public IReadOnlyList<TenantId> Tenants
    {
        get
        {
            // Asked at every beat between regions.
            var placements = _coordinator.Current.Tenants;
            var tenants = new TenantId[placements.Count];
            for (var place = 0; place < tenants.Length; place++)
                tenants[place] = placements[place].Tenant;
            return tenants;
        }
    }

    /// <inheritdoc/>
    public ulong RoutingVersion => _coordinator.Current.Version;

    /// <inheritdoc/>
    public SignalSchema SchemaOf(TenantId tenant) =>
        _schemas.TryGetValue(tenant, out var schema) ? schema : throw new RoutingTableException($"There is no {tenant}.");

    /// <inheritdoc/>
    public IReadOnlyList<RegionId> MembersOf(TenantId tenant) => _coordinator.Current.Find(tenant)?.Members ?? [];
}

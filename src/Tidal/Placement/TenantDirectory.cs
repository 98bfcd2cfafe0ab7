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
    public RoutingTable Table => _coordinator.Current;

    /// <inheritdoc/>
    public SignalSchema SchemaOf(TenantId tenant) =>
        _schemas.TryGetValue(tenant, out var schema) ? schema : throw new RoutingTableException($"There is no {tenant}.");
}

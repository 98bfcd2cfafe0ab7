using Tidal.Replication;
using Tidal.Schema;

namespace Tidal.Placement;

/// <summary>
/// What one node, or one gateway, knows of the routing table: the newest one that it has heard of, from the control plane or
/// from any peer. It keeps nothing on disk: one that starts again has to hear of it again. Safe for use by several threads.
/// </summary>
public sealed class NodeDirectory : ITenantDirectory
{
    private readonly Lock _lock = new();
    private readonly IReadOnlyDictionary<TenantId, SignalSchema> _schemas;
    // Replaced under the lock, read without it: a table is immutable.
    private volatile RoutingTable _table = RoutingTable.Empty;

    /// <summary>A directory that has heard of no table yet.</summary>
    /// <param name="schemas">What each tenant counts.</param>
    public NodeDirectory(IReadOnlyDictionary<TenantId, SignalSchema> schemas) => _schemas = schemas;

    /// <inheritdoc/>
    public RoutingTable Table => _table;

    /// <inheritdoc/>
    public SignalSchema SchemaOf(TenantId tenant) =>
        _schemas.TryGetValue(tenant, out var schema) ? schema : throw new RoutingTableException($"There is no {tenant}.");

    /// <inheritdoc/>
    public bool Take(RoutingTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        lock (_lock)
        {
            if (table.Version <= _table.Version)
                return false;
            _table = table;
            return true;
        }
    }
}

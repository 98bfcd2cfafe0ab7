using Tidal.Schema;

namespace Tidal.Replication;

/// <content>Tenants whose bytes were erased here, and since when in the group's log (PROTOCOL 25).</content>
public sealed partial class ShardState
{
    private readonly SortedDictionary<TenantId, (ulong Version, ulong Index)> _erased = [];

    /// <summary>The index of the last erase: what the log holds up to there must go.</summary>
    public ulong ErasedAt { get; private set; }

    /// <summary>The table version of the last erase of a tenant; 0 when it was never erased here.</summary>
    /// <param name="tenant">The tenant.</param>
    public ulong ErasedBy(TenantId tenant) => _erased.TryGetValue(tenant, out var erased) ? erased.Version : 0;

    /// <summary>The tenants that were ever erased here, with the table version of the last time, in order.</summary>
    internal IEnumerable<(TenantId Tenant, ulong Version)> Erased => _erased.Select(pair => (pair.Key, pair.Value.Version));

    private void Erase(TenantId tenant, ulong version)
    {
        RememberErased(tenant, version, AppliedIndex);
        _tenants.Remove(tenant);
        _arriving.RemoveWhere((place, _) => place.Tenant == tenant);
    }

    private void RememberErased(TenantId tenant, ulong version, ulong index)
    {
        _erased[tenant] = (version, index);
        ErasedAt = Math.Max(ErasedAt, index);
    }
}

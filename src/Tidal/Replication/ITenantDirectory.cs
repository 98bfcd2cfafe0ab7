using Tidal.Schema;

namespace Tidal.Replication;

/// <summary>
/// The tenants, as a node or a gateway knows them. Safe for use by several threads; an answer may change from call to call.
/// </summary>
public interface ITenantDirectory
{
    /// <summary>The newest routing table that is known here; the empty one while none is.</summary>
    RoutingTable Table { get; }

    /// <summary>What a tenant counts: told to the program, not read from the table, for a log is read before the table is known.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <exception cref="RoutingTableException">There is no such tenant.</exception>
    SignalSchema SchemaOf(TenantId tenant);

    /// <summary>Hears of a routing table; one that is not newer than <see cref="Table"/> is ignored.</summary>
    /// <param name="table">The table.</param>
    /// <returns>Whether it is the newest that is known here, from now on.</returns>
    bool Take(RoutingTable table);
}

/// <summary>What is often asked of a directory.</summary>
public static class TenantDirectoryQuestions
{
    /// <summary>The regions that take a tenant's batches and snapshots, in region order.</summary>
    /// <param name="tenants">The directory.</param>
    /// <param name="tenant">The tenant.</param>
    public static IReadOnlyList<RegionId> HoldersOf(this ITenantDirectory tenants, TenantId tenant)
    {
        ArgumentNullException.ThrowIfNull(tenants);
        return tenants.Table.Find(tenant)?.Holders ?? [];
    }

    /// <summary>Whether a region takes a tenant's batches and snapshots.</summary>
    /// <param name="tenants">The directory.</param>
    /// <param name="tenant">The tenant.</param>
    /// <param name="region">The region.</param>
    public static bool IsHolder(this ITenantDirectory tenants, TenantId tenant, RegionId region) =>
        tenants.HoldersOf(tenant).Contains(region);

    /// <summary>Whether a region may have something of a tenant to give: it takes no more, perhaps, but has not begun to erase.</summary>
    /// <param name="tenants">The directory.</param>
    /// <param name="tenant">The tenant.</param>
    /// <param name="region">The region.</param>
    public static bool MayGive(this ITenantDirectory tenants, TenantId tenant, RegionId region)
    {
        ArgumentNullException.ThrowIfNull(tenants);
        return tenants.Table.Find(tenant)?.Keepers.Contains(region) == true;
    }

    /// <summary>The regions that answer a tenant's reads, in region order.</summary>
    /// <param name="tenants">The directory.</param>
    /// <param name="tenant">The tenant.</param>
    public static IReadOnlyList<RegionId> ReadersOf(this ITenantDirectory tenants, TenantId tenant)
    {
        ArgumentNullException.ThrowIfNull(tenants);
        return tenants.Table.Find(tenant)?.Readers ?? [];
    }
}

using Tidal.Schema;

namespace Tidal.Placement;

/// <summary>Where a tenant's data may be. Immutable.</summary>
/// <param name="Tenant">The tenant's number.</param>
/// <param name="Name">Its name.</param>
/// <param name="Members">The regions that hold its data, in region order.</param>
public sealed record TenantPlacement(TenantId Tenant, string Name, IReadOnlyList<RegionId> Members);

/// <summary>
/// The one thing that the whole cluster must agree on: which tenant's data is where. A new version replaces the last one
/// as a whole. Immutable and safe to share between threads.
/// </summary>
/// <param name="Version">Grows by one with each change; 0 is the empty table.</param>
/// <param name="Tenants">The tenants, in order of their numbers.</param>
public sealed record RoutingTable(ulong Version, IReadOnlyList<TenantPlacement> Tenants)
{
    /// <summary>The table of a cluster without tenants.</summary>
    public static readonly RoutingTable Empty = new(0, []);

    /// <summary>The table with one more tenant, at the next version.</summary>
    /// <param name="placement">The tenant.</param>
    /// <exception cref="RoutingTableException">The number or the name is taken, or no region is named.</exception>
    public RoutingTable With(TenantPlacement placement)
    {
        ArgumentNullException.ThrowIfNull(placement);
        if (placement.Members.Count == 0)
            throw new RoutingTableException($"The tenant '{placement.Name}' has no region to be in.");
        if (Tenants.Any(held => held.Tenant == placement.Tenant || held.Name == placement.Name))
            throw new RoutingTableException($"There is already a tenant '{placement.Name}' or number {placement.Tenant.Number}.");
        var members = placement.Members.Distinct().Order().ToArray();
        return new RoutingTable(Version + 1, [.. Tenants.Append(placement with { Members = members }).OrderBy(held => held.Tenant)]);
    }

    /// <summary>Where a tenant's data is, or null.</summary>
    /// <param name="tenant">The tenant.</param>
    public TenantPlacement? Find(TenantId tenant)
    {
        for (var place = 0; place < Tenants.Count; place++)
        {
            if (Tenants[place].Tenant == tenant)
                return Tenants[place];
        }
        return null;
    }
}

/// <summary>A routing table that could not be, or that came too late.</summary>
public sealed class RoutingTableException : TidalException
{
    /// <summary>Makes the error.</summary>
    /// <param name="message">What was wrong and what was expected.</param>
    public RoutingTableException(string message)
        : base(message)
    {
    }
}

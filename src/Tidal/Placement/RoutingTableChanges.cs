using Tidal.Schema;

namespace Tidal.Placement;

/// <summary>What a new tenant asks for. Immutable.</summary>
/// <param name="Name">Its name.</param>
public sealed record NewTenant(string Name)
{
    /// <summary>In how many regions its data is to be; null for all that its residency allows.</summary>
    public int? Copies { get; init; }

    /// <summary>The names of the regions that its data may be in; null for all.</summary>
    public IReadOnlyList<string>? Residency { get; init; }

    /// <summary>The names of the regions that it is to be in whatever the hashing says.</summary>
    public IReadOnlyList<string> Pins { get; init; } = [];

    /// <summary>How much it may ask for; null for as much as there is.</summary>
    public TenantQuotas? Quotas { get; init; }
}

/// <summary>What an operator changes in a routing table: tenants that come, and the regions that they are wanted in. Each makes the next version.</summary>
public static class RoutingTableChanges
{
    /// <summary>Adds a tenant, of the next number, and chooses its regions.</summary>
    /// <param name="table">The table as it is.</param>
    /// <param name="tenant">What it asks for.</param>
    /// <param name="topology">The cluster.</param>
    /// <exception cref="RoutingTableException">No such table may follow; the message says why.</exception>
    public static RoutingTable Add(this RoutingTable table, NewTenant tenant, Topology topology)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(tenant);
        ArgumentNullException.ThrowIfNull(topology);
        var id = new TenantId(table.Tenants.Count == 0 ? TenantId.First.Number : table.Tenants[^1].Tenant.Number + 1);
        var residency = tenant.Residency is { } allowed ? RegionsOf(allowed, topology) : null;
        var regions = Place(id, tenant, residency ?? [.. topology.Regions], topology);
        return Checked(table, table.With(new TenantPlacement(id, tenant.Name, regions) { Residency = residency, Quotas = tenant.Quotas }), topology);
    }

    /// <summary>
    /// Wants a tenant's data in other regions: the routing configuration, and the only thing by which a move is begun, or taken
    /// back. Which of them hold it already, and the steps in between, are no matter of this change.
    /// </summary>
    /// <param name="table">The table as it is.</param>
    /// <param name="tenant">The tenant's name.</param>
    /// <param name="regions">The names of the regions, in any order.</param>
    /// <param name="topology">The cluster.</param>
    /// <exception cref="RoutingTableException">No such table may follow; the message says why.</exception>
    public static RoutingTable Move(this RoutingTable table, string tenant, IReadOnlyList<string> regions, Topology topology)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(regions);
        ArgumentNullException.ThrowIfNull(topology);
        var placement = table.Find(tenant) ?? throw new RoutingTableException($"There is no tenant '{tenant}'.");
        return Checked(table, table.Replace(placement with { Wanted = RegionsOf(regions, topology) }), topology);
    }

    /// <summary>
    /// The regions of a new tenant: those that it names, then the best of the others by rendezvous hashing (Thaler and
    /// Ravishankar, 1998). A region more or less in the cluster changes the choice of no tenant but those that it is chosen for.
    /// </summary>
    private static RegionId[] Place(TenantId id, NewTenant tenant, RegionId[] allowed, Topology topology)
    {
        var pins = RegionsOf(tenant.Pins, topology);
        var copies = Math.Max(tenant.Copies ?? allowed.Length, pins.Length);
        if (tenant.Copies < 1)
            throw new RoutingTableException($"The tenant '{tenant.Name}' is to be in {tenant.Copies} regions: one at least.");
        if (tenant.Copies > allowed.Length)
            throw new RoutingTableException($"The tenant '{tenant.Name}' is to be in {tenant.Copies} regions, and is allowed in {allowed.Length}.");
        var hashed = allowed.Except(pins).OrderByDescending(region => WeightOf(id, region)).ThenBy(region => region);
        return [.. pins.Concat(hashed).Take(copies)];
    }

    // Of the ordinal, which is never used again: a region's name may be.
    private static ulong WeightOf(TenantId tenant, RegionId region) => EntityHash.Mix(EntityHash.Mix(tenant.Number) + region.Ordinal + 1);

    private static RegionId[] RegionsOf(IReadOnlyList<string> names, Topology topology)
    {
        var regions = new List<RegionId>(names.Count);
        foreach (var name in names)
        {
            regions.Add(topology.TryFindRegion(name, out var region)
                ? region
                : throw new RoutingTableException($"There is no region '{name}'; the regions are {string.Join(", ", topology.Regions.Select(topology.NameOf))}."));
        }
        return [.. regions.Order()];
    }

    private static RoutingTable Checked(RoutingTable before, RoutingTable after, Topology topology)
    {
        RoutingTableRules.Check(before, after, topology);
        return after;
    }
}

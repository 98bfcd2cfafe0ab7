using Tidal.Query;
using Tidal.Schema;

namespace Tidal.Placement;

/// <summary>
/// The one version of its tenant's placement that a query is planned and evaluated under: whom it asks, and for what. A gateway
/// that knows no placement yet asks its own region, which does or will in a moment. Immutable.
/// </summary>
internal sealed class QueryPlacement
{
    private readonly Gateway _gateway;
    private readonly TenantPlacement? _placement;

    public QueryPlacement(Gateway gateway, TenantId tenant)
    {
        _gateway = gateway;
        (RoutingVersion, _placement) = (gateway.Table.Version, gateway.Table.Find(tenant));
    }

    /// <summary>The version of the placement; 0 if none is known.</summary>
    public ulong Version => _placement?.Version ?? 0;

    /// <summary>The version of the table that it stands in.</summary>
    public ulong RoutingVersion { get; }

    /// <summary>The regions that answer reads, in region order.</summary>
    public IReadOnlyList<RegionId> Readers => _placement?.Readers ?? [_gateway.Region];

    /// <summary>The homes that do not answer for themselves, and who does, in region order.</summary>
    public IEnumerable<(RegionId Home, RegionId Answers)> Heirs =>
        from home in _gateway.Topology.Regions
        let answers = _placement?.ReaderFor(home)
        where answers is not null && answers != home
        select (home, answers.Value);

    /// <summary>The shards of a region.</summary>
    public IEnumerable<ShardPlace> PlacesIn(RegionId region) => _gateway.Topology.Shards.Select(shard => new ShardPlace(region, shard));

    /// <summary>The homes that a region is asked for.</summary>
    public IReadOnlyList<RegionId> HomesOf(RegionId region) => _placement is null
        ? [region]
        : [.. _gateway.Topology.Regions.Where(home => _placement.ReaderFor(home) == region)];
}

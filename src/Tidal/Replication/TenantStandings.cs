using Tidal.Log;
using Tidal.Schema;

namespace Tidal.Replication;

/// <summary>
/// What a primary may propose for a tenant: what the newest placement known here has its region do, and what the end of its
/// log allows (PROTOCOL 25). Both are looked at, for a primary may know a placement that is long over: then its log knows
/// better. The primary's part; not safe for use by several threads.
/// </summary>
internal sealed class TenantStandings(ShardReplica replica)
{
    // Mostly none of either, which is what is asked for at every input.
    private readonly List<TenantId> _preparing = [];
    private readonly List<TenantPlacement> _returning = [];

    private RegionId Region => replica.Self.Region;

    /// <summary>Tenants that this region takes in what the others hold of.</summary>
    public IReadOnlyList<TenantId> Preparing => _preparing;

    /// <summary>A newer table is known.</summary>
    public void OnTable(RoutingTable table)
    {
        _preparing.Clear();
        _returning.Clear();
        foreach (var placement in table.Tenants)
        {
            var standing = placement.StandingOf(Region);
            if (standing == MemberStanding.Preparing)
                _preparing.Add(placement.Tenant);
            if (standing == MemberStanding.Preparing || (standing is not null && placement.DepartedMarkOf(Region, replica.Self.Shard).Number > 0))
                _returning.Add(placement);
        }
    }

    /// <summary>
    /// Whether this region's own log of a tenant may not be held as far as it once went: it prepares, or it has left before and
    /// has not got back all that it had accepted.
    /// </summary>
    public bool IsComingBack(TenantId tenant)
    {
        for (var place = 0; place < _returning.Count; place++)
        {
            var placement = _returning[place];
            if (placement.Tenant == tenant)
                return placement.StandingOf(Region) == MemberStanding.Preparing || OwnMark(tenant).Number < placement.DepartedMarkOf(Region, replica.Self.Shard).Number;
        }
        return false;
    }

    /// <summary>Whether another region's batches, and chunks of snapshots, may be appended.</summary>
    public bool TakesShipped(TenantId tenant) => PlacementOf(tenant) is { } placement && TakesShipped(placement);

    /// <summary>Whether records of this region's own may be appended.</summary>
    public bool TakesOwn(TenantId tenant) =>
        PlacementOf(tenant) is { } placement && TakesShipped(placement) && !replica.Tail!.StandingOf(tenant).IsSealed
        && placement.StandingOf(Region) == MemberStanding.Serving && !IsComingBack(tenant);

    /// <summary>Whether everything of a tenant is to come from others, and nothing has: then a snapshot comes first.</summary>
    public bool AwaitsSnapshot(TenantId tenant) =>
        _preparing.Contains(tenant) && !replica.State.TenantOf(tenant).HoldsAnything && !replica.State.HasTakenSnapshot(tenant);

    /// <summary>The seal that ends this region's own log, or the marker that reopens it, if the placement asks for one and the log has none of its version or a newer.</summary>
    public RecordKind? OwnRecordDue(TenantPlacement placement)
    {
        if (placement.MemberIn(Region) is not { } member || !TakesShipped(placement))
            return null;
        var standing = replica.Tail!.StandingOf(placement.Tenant);
        return standing.Version >= member.Since ? null
            : member.Standing == MemberStanding.Closing ? RecordKind.Seal
            : member.Standing == MemberStanding.Serving && standing.IsSealed ? RecordKind.TenantMarker
            : null;
    }

    /// <summary>Whether the placement asks for an erase that the log does not have.</summary>
    public bool IsEraseDue(TenantPlacement placement) =>
        placement.MemberIn(Region) is { Standing: MemberStanding.Erasing } member && replica.Tail!.ErasedBy(placement.Tenant) < member.Since;

    private bool TakesShipped(TenantPlacement placement) =>
        placement.Holders.Contains(Region) && placement.Version > replica.Tail!.ErasedBy(placement.Tenant);

    private OriginMark OwnMark(TenantId tenant) => replica.State.TenantOf(tenant).OriginOf(Region).Mark;

    private TenantPlacement? PlacementOf(TenantId tenant) => replica.Settings.Tenants.Table.Find(tenant);
}

using Tidal.Replication;
using Tidal.Schema;

namespace Tidal.Placement;

/// <summary>
/// What the primaries of a tenant's regions have said since they knew a placement of it. What one said first is kept beside
/// what it said last: it is what a region must hold that was not told of before. Not safe for use by several threads.
/// </summary>
public sealed class TenantReports
{
    private readonly SortedDictionary<(RegionId, ShardId), Said> _said = [];

    /// <summary>Begins without any.</summary>
    /// <param name="placementVersion">The version of the placement.</param>
    public TenantReports(ulong placementVersion) => PlacementVersion = placementVersion;

    private readonly record struct Said(TenantStandingReply First, TenantStandingReply Last);

    /// <summary>The version of the placement that all of them know.</summary>
    public ulong PlacementVersion { get; }

    /// <summary>Takes what a primary says. One that does not know the placement yet has said nothing.</summary>
    /// <param name="region">Its region.</param>
    /// <param name="shard">Its shard.</param>
    /// <param name="reply">What it says.</param>
    public void Take(RegionId region, ShardId shard, TenantStandingReply reply)
    {
        ArgumentNullException.ThrowIfNull(reply);
        if (reply.PlacementVersion != PlacementVersion)
            return;
        var first = _said.TryGetValue((region, shard), out var said) ? said.First : reply;
        _said[(region, shard)] = new Said(first, reply);
    }

    /// <summary>What a shard's primary in a region said first; null while it has said nothing.</summary>
    /// <param name="region">The region.</param>
    /// <param name="shard">The shard.</param>
    public TenantStandingReply? First(RegionId region, ShardId shard) => _said.TryGetValue((region, shard), out var said) ? said.First : null;

    /// <summary>What a shard's primary in a region said last; null while it has said nothing.</summary>
    /// <param name="region">The region.</param>
    /// <param name="shard">The shard.</param>
    public TenantStandingReply? Last(RegionId region, ShardId shard) => _said.TryGetValue((region, shard), out var said) ? said.Last : null;
}

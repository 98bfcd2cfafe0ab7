using Tidal.Schema;

namespace Tidal.Replication;

/// <summary>
/// What must be held before a session that has ended is forgotten: the ends of the regions that may still write under it, and the
/// whole logs of those that have left, which end nothing any more. The log that is read may be older than the table that says so.
/// Immutable and safe to share between threads.
/// </summary>
/// <param name="Ending">The regions whose ends are waited for, in region order; none if no session is to be forgotten.</param>
/// <param name="Left">The regions that have left, and how far their logs went.</param>
public sealed record SessionMembers(IReadOnlyList<RegionId> Ending, IReadOnlyList<OriginNumber> Left)
{
    /// <summary>No session is forgotten, wherever it has ended.</summary>
    public static readonly SessionMembers None = new([], []);

    /// <summary>Those of a tenant's shard.</summary>
    /// <param name="placement">Where the tenant is; null while that is not known.</param>
    /// <param name="shard">The shard.</param>
    public static SessionMembers Of(TenantPlacement? placement, ShardId shard) => placement is null ? None : new(
        placement.Keepers,
        [.. placement.Departed.Where(origin => !placement.Keepers.Contains(origin.Region))
            .Select(origin => new OriginNumber(origin.Region, origin.Shards[shard.Number].Number))]);
}

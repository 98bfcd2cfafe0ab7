using Tidal.Schema;

namespace Tidal.Placement;

/// <summary>
/// Keeps each tenant to its region's share of signals a second, at the gateway, before anything is sent. The share is read
/// from the placement each time: another one counts from the next signal on. Not safe for use by several threads.
/// </summary>
internal sealed class SignalRates(RegionId region, Topology topology)
{
    private readonly Dictionary<TenantId, TokenBucket> _buckets = [];

    /// <summary>Takes one more signal of a tenant.</summary>
    /// <param name="placement">The tenant's placement.</param>
    /// <param name="now">Monotonic microseconds.</param>
    /// <returns>Null if it may go on; else why not, and for how long.</returns>
    public QuotaProblem? Take(TenantPlacement placement, long now)
    {
        if (placement.Quotas is not { } quotas || quotas.SignalsPerSecondIn(region, topology) is not { } perSecond)
            return null;
        return BucketOf(placement.Tenant, perSecond, quotas.SignalBurstIn(region, topology)!.Value, now).TryTake(now, out var missing)
            ? null
            : new QuotaProblem(QuotaKind.SignalsPerSecond, perSecond, missing);
    }

    private TokenBucket BucketOf(TenantId tenant, long perSecond, long burst, long now)
    {
        if (_buckets.TryGetValue(tenant, out var bucket))
            bucket.Change(perSecond, burst, now);
        else
            _buckets.Add(tenant, bucket = new TokenBucket(perSecond, burst, now));
        return bucket;
    }
}

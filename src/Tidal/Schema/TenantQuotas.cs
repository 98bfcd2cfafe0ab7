namespace Tidal.Schema;

/// <summary>A region's share of what a tenant may ask for.</summary>
/// <param name="Region">The region.</param>
/// <param name="PerThousand">Its share, in thousandths of the whole.</param>
public readonly record struct RegionShare(RegionId Region, int PerThousand);

/// <summary>
/// How much of the cluster a tenant may ask for, over all regions. Each region has a share of it and needs no other to keep to
/// it; of entities and bytes each shard of the region has an equal part. The parts add up to the whole, to the last one.
/// Immutable and safe to share between threads.
/// </summary>
/// <param name="SignalsPerSecond">Signals, and what takes them back, accepted a second in the long run; null for no bound.</param>
/// <param name="Entities">Items and users with records; one that was written in several regions counts in each. Null for no bound.</param>
/// <param name="Bytes">Bytes of its origin logs, deleted ones included; null for no bound.</param>
public sealed record TenantQuotas(long? SignalsPerSecond = null, long? Entities = null, long? Bytes = null)
{
    private const int Whole = 1000;

    /// <summary>Signals that may come at once after a rest; null for those of one second.</summary>
    public long? SignalBurst { get; init; }

    /// <summary>The regions' shares; a region that is not named has none. Empty, the default: all regions of the cluster have equal shares.</summary>
    public IReadOnlyList<RegionShare> Shares { get; init; } = [];

    /// <summary>What is impossible about them, or null: a negative amount, a region named twice, shares of more than the whole.</summary>
    public string? Problem
    {
        get
        {
            if (SignalsPerSecond < 0 || Entities < 0 || Bytes < 0 || SignalBurst < 0)
                return "an amount is negative";
            if (Shares.Any(share => share.PerThousand < 0) || Shares.Sum(share => (long)share.PerThousand) > Whole)
                return $"the regions' shares are {string.Join(" + ", Shares.Select(share => share.PerThousand))} thousandths; none below 0 and {Whole} together were expected";
            return Shares.DistinctBy(share => share.Region).Count() < Shares.Count ? "a region has two shares" : null;
        }
    }

    /// <summary>Signals that a region accepts a second in the long run; null for no bound.</summary>
    /// <param name="region">The region.</param>
    /// <param name="topology">The cluster.</param>
    public long? SignalsPerSecondIn(RegionId region, Topology topology) => PartOf(SignalsPerSecond, region, topology);

    /// <summary>Signals that a region accepts at once after a rest; null for no bound.</summary>
    /// <param name="region">The region.</param>
    /// <param name="topology">The cluster.</param>
    public long? SignalBurstIn(RegionId region, Topology topology) => PartOf(SignalBurst ?? SignalsPerSecond, region, topology);

    /// <summary>Items and users that a shard of a region accepts; null for no bound.</summary>
    /// <param name="region">The region.</param>
    /// <param name="shard">The shard.</param>
    /// <param name="topology">The cluster.</param>
    public long? EntitiesIn(RegionId region, ShardId shard, Topology topology) => PartOf(PartOf(Entities, region, topology), shard.Number, topology.ShardCount);

    /// <summary>Bytes that a shard of a region accepts; null for no bound.</summary>
    /// <param name="region">The region.</param>
    /// <param name="shard">The shard.</param>
    /// <param name="topology">The cluster.</param>
    public long? BytesIn(RegionId region, ShardId shard, Topology topology) => PartOf(PartOf(Bytes, region, topology), shard.Number, topology.ShardCount);

    private long? PartOf(long? amount, RegionId region, Topology topology)
    {
        ArgumentNullException.ThrowIfNull(topology);
        if (Shares.Count == 0)
            return PartOf(amount, region.Ordinal, topology.RegionCount);
        var (before, own) = (0, 0);
        foreach (var share in Shares)
        {
            before += share.Region.CompareTo(region) < 0 ? share.PerThousand : 0;
            own += share.Region == region ? share.PerThousand : 0;
        }
        return Up(amount, before + own, Whole) - Up(amount, before, Whole);
    }

    private static long? PartOf(long? amount, int place, int parts) => Up(amount, place + 1, parts) - Up(amount, place, parts);

    // Rounded down at each bound, and not part by part: so nothing is lost between the parts.
    private static long? Up(long? amount, int to, int parts) => amount is { } whole ? (long)((Int128)whole * to / parts) : null;
}

using Tidal.Crdt;
using Tidal.Log;
using Tidal.Schema;

namespace Tidal.Replication.Reconciling;

/// <summary>How a range of an origin log gets to the region that lacks it.</summary>
public enum MergeMeans
{
    /// <summary>Both hold the same: nothing is shipped.</summary>
    Nothing,

    /// <summary>As the batches in which it was accepted.</summary>
    Batches,

    /// <summary>As a snapshot: the log of the region that is ahead does not reach back so far.</summary>
    Snapshot,

    /// <summary>Not at all: the two hold different records under one number, and somebody must look.</summary>
    Diverged,
}

/// <summary>What is to be done about one origin log.</summary>
/// <param name="Origin">The region in which its records were accepted.</param>
/// <param name="HeldByFirst">Up to which number the plan's first region held it.</param>
/// <param name="HeldBySecond">Up to which number the second did.</param>
/// <param name="To">Up to which number both hold it once the plan is carried out.</param>
/// <param name="Means">How what is missing is shipped.</param>
public readonly record struct OriginMerge(RegionId Origin, ulong HeldByFirst, ulong HeldBySecond, ulong To, MergeMeans Means)
{
    /// <summary>Whether something is shipped.</summary>
    public bool Ships => Means is MergeMeans.Batches or MergeMeans.Snapshot;
}

/// <summary>A hard negative that the two regions know differently, and what they will both know.</summary>
/// <param name="Key">Which.</param>
/// <param name="First">What the plan's first region knew.</param>
/// <param name="Second">What the second knew.</param>
/// <param name="Resolved">What both know once the plan is carried out.</param>
public readonly record struct NegativeMerge(
    NegativeKey Key, HardNegativeRegister First, HardNegativeRegister Second, HardNegativeRegister Resolved);

/// <summary>An operation that was accepted in more than one region, and the one record of it that counts.</summary>
/// <param name="Identity">Which, or whether it is its retraction.</param>
/// <param name="Copies">Its records on both sides, in the order in which they count.</param>
public readonly record struct OperationMerge(RecordIdentity Identity, IReadOnlyList<OperationCopy> Copies)
{
    /// <summary>The record that counts; the others are void.</summary>
    public OperationCopy Counts => Copies[0];

    /// <summary>Whether two say the same.</summary>
    /// <param name="other">The other one.</param>
    public bool Equals(OperationMerge other) => Identity == other.Identity && Copies.SequenceEqual(other.Copies);

    /// <inheritdoc/>
    public override int GetHashCode() => Identity.GetHashCode();
}

/// <summary>
/// How two regions come to hold the same of one tenant in one shard: a function of what both hold, and so the same on either
/// side. It ships records; what they come to follows from them, and is told here so that people know before. Equal by value.
/// Immutable and safe to share between threads.
/// </summary>
public sealed record MergePlan
{
    /// <summary>Whose data.</summary>
    public required TenantId Tenant { get; init; }

    /// <summary>The shard.</summary>
    public required ShardId Shard { get; init; }

    /// <summary>The one region: the first in region order.</summary>
    public required RegionId First { get; init; }

    /// <summary>The other.</summary>
    public required RegionId Second { get; init; }

    /// <summary>Every origin log that either holds, in region order.</summary>
    public required IReadOnlyList<OriginMerge> Origins { get; init; }

    /// <summary>The hard negatives that the two know differently, in order.</summary>
    public required IReadOnlyList<NegativeMerge> Negatives { get; init; }

    /// <summary>The operations that both together hold more than once, in order.</summary>
    public required IReadOnlyList<OperationMerge> Operations { get; init; }

    /// <summary>Hard negatives and operations that there was no room for: they are merged like the others and only not told.</summary>
    public int LeftOut { get; init; }

    /// <summary>Whether the two hold the same already.</summary>
    public bool IsEmpty => Origins.All(origin => origin.Means == MergeMeans.Nothing);

    /// <summary>Records that a region lacks, over all origins.</summary>
    /// <param name="region">One of the two.</param>
    public ulong RecordsFor(RegionId region) => Origins.Where(origin => origin.Ships)
        .Aggregate(0UL, (sum, origin) => sum + (origin.To - HeldBy(region, origin)));

    /// <summary>Up to which number one of the two held an origin log.</summary>
    /// <param name="region">One of the two.</param>
    /// <param name="origin">What the plan says of the log.</param>
    public ulong HeldBy(RegionId region, OriginMerge origin) => region == First ? origin.HeldByFirst : origin.HeldBySecond;

    /// <summary>
    /// Both plans as one, when this one was interrupted and the later one went on from where it had come: what was held before
    /// this one, and what is held after that one.
    /// </summary>
    /// <param name="later">The later plan between the same two.</param>
    /// <param name="entriesMax">How many hard negatives, and how many operations, it may list.</param>
    public MergePlan Then(MergePlan later, int entriesMax)
    {
        ArgumentNullException.ThrowIfNull(later);
        var origins = Joined(Origins, later.Origins, origin => origin.Origin, Then);
        var negatives = Joined(Negatives, later.Negatives, negative => negative.Key, (before, after) => before with { Resolved = before.Resolved.Merge(after.Resolved) });
        var operations = Joined(Operations, later.Operations, operation => operation.Identity, (_, after) => after);
        var over = Math.Max(0, negatives.Count - entriesMax) + Math.Max(0, operations.Count - entriesMax);
        return this with
        {
            Origins = origins,
            Negatives = [.. negatives.Take(entriesMax)],
            Operations = [.. operations.Take(entriesMax)],
            LeftOut = LeftOut + later.LeftOut + over,
        };
    }

    /// <summary>Whether two plans say the same.</summary>
    /// <param name="other">The other plan.</param>
    public bool Equals(MergePlan? other) =>
        other is not null && Tenant == other.Tenant && Shard == other.Shard && First == other.First && Second == other.Second
        && LeftOut == other.LeftOut && Origins.SequenceEqual(other.Origins) && Negatives.SequenceEqual(other.Negatives)
        && Operations.SequenceEqual(other.Operations);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Tenant, Shard, First, Second, Origins.Count, Negatives.Count, Operations.Count);

    /// <summary>The plan as a table.</summary>
    /// <param name="topology">Names the regions.</param>
    public string ToText(Topology topology)
    {
        ArgumentNullException.ThrowIfNull(topology);
        return MergePlanText.Of(this, topology.NameOf);
    }

    /// <summary>The plan as a table, its regions by their ordinals.</summary>
    public override string ToString() => MergePlanText.Of(this, region => region.ToString());

    private static OriginMerge Then(OriginMerge before, OriginMerge after) => after with
    {
        HeldByFirst = Math.Min(before.HeldByFirst, after.HeldByFirst),
        HeldBySecond = Math.Min(before.HeldBySecond, after.HeldBySecond),
        To = Math.Max(before.To, after.To),
        Means = before.Means > after.Means ? before.Means : after.Means,
    };

    private static List<T> Joined<TKey, T>(IEnumerable<T> before, IEnumerable<T> after, Func<T, TKey> keyOf, Func<T, T, T> join)
        where TKey : notnull
    {
        var joined = new SortedDictionary<TKey, T>(before.ToDictionary(keyOf));
        foreach (var entry in after)
            joined[keyOf(entry)] = joined.TryGetValue(keyOf(entry), out var earlier) ? join(earlier, entry) : entry;
        return [.. joined.Values];
    }
}

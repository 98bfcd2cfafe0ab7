using Tidal.Crdt;
using Tidal.Schema;

namespace Tidal.Query;

/// <summary>An item of an answer. Better items come first: the higher score, and of equal scores the lower item id, ordinally.</summary>
/// <param name="Item">The item.</param>
/// <param name="Score">What it was ranked by: a score, a weighted count, or (for <c>new</c>) milliseconds since 1970.</param>
public readonly record struct RankedItem(ItemId Item, double Score) : IComparable<RankedItem>
{
    /// <summary>The record that names the item's home, as far as the shard that lists it knows.</summary>
    internal LwwRegister<RegionId> FirstRecord { get; init; }

    /// <inheritdoc/>
    public int CompareTo(RankedItem other)
    {
        var byScore = other.Score.CompareTo(Score);
        return byScore != 0 ? byScore : Item.CompareTo(other.Item);
    }
}

/// <summary>A shard's part of an answer. Immutable.</summary>
/// <param name="Items">The items, best first, at most the plan's limit.</param>
/// <param name="CandidatesConsidered">Items looked at.</param>
/// <param name="CandidatesLeft">Items that passed every condition, listed or not.</param>
public sealed record ShardAnswer(IReadOnlyList<RankedItem> Items, long CandidatesConsidered, long CandidatesLeft)
{
    /// <summary>
    /// Merges the parts of several shards. An item that two regions take to be at home with them, because they have not yet
    /// heard of each other's record of it, is listed once: from the home that the lower record names (PROTOCOL 20).
    /// </summary>
    /// <param name="parts">The parts.</param>
    /// <param name="limit">The most items wanted.</param>
    public static ShardAnswer Merge(IReadOnlyCollection<ShardAnswer> parts, int limit)
    {
        ArgumentNullException.ThrowIfNull(parts);
        var items = new Dictionary<ItemId, RankedItem>();
        foreach (var item in parts.SelectMany(part => part.Items))
        {
            if (!items.TryGetValue(item.Item, out var listed) || listed.FirstRecord.IsLaterThan(item.FirstRecord))
                items[item.Item] = item;
        }
        return new ShardAnswer(
            [.. items.Values.Order().Take(limit)],
            parts.Sum(part => part.CandidatesConsidered),
            parts.Sum(part => part.CandidatesLeft));
    }
}

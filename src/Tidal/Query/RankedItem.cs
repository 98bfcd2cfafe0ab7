using Tidal.Schema;

namespace Tidal.Query;

/// <summary>An item of an answer. Better items come first: the higher score, and of equal scores the lower item id, ordinally.</summary>
/// <param name="Item">The item.</param>
/// <param name="Score">What it was ranked by: a score, a weighted count, or (for <c>new</c>) milliseconds since 1970.</param>
public readonly record struct RankedItem(ItemId Item, double Score) : IComparable<RankedItem>
{
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
    /// <summary>Merges the parts of several shards, which hold different items.</summary>
    /// <param name="parts">The parts.</param>
    /// <param name="limit">The most items wanted.</param>
    public static ShardAnswer Merge(IReadOnlyCollection<ShardAnswer> parts, int limit) => new(
        [.. parts.SelectMany(part => part.Items).Order().Take(limit)],
        parts.Sum(part => part.CandidatesConsidered),
        parts.Sum(part => part.CandidatesLeft));
}

using System.Runtime.InteropServices;
using Tidal.Crdt;
using Tidal.Schema;

namespace Tidal.Query;

/// <summary>An item of an answer. Better items come first: the higher score, and of equal scores the lower item id, ordinally.</summary>
/// <param name="Item">The item.</param>
/// <param name="Score">What it was ranked by: a score, a weighted count, or (for <c>new</c>) milliseconds since 1970.</param>
public readonly record struct RankedItem(ItemId Item, double Score) : IComparable<RankedItem>
{
    /// <summary>
    /// The region that lists the item: the one at which it is at home, as far as is known there, or the one that answers for items
    /// of a home that has left; with <c>READ local</c> the region that was read.
    /// </summary>
    public RegionId Home { get; init; }

    /// <summary>The record that names the item's home, as far as the shard that lists it knows.</summary>
    internal LwwRegister<RegionId> FirstRecord { get; init; }

    /// <summary>The item's creator; null when it has none, or when the plan has neither a bound on creators nor a user.</summary>
    internal string? Creator { get; init; }

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
/// <param name="CandidatesLeft">
/// Items that passed every condition, of those looked at: as many as are listed if there are no others, else more than the limit. With
/// a bound on creators there may be more than are listed.
/// </param>
public sealed record ShardAnswer(IReadOnlyList<RankedItem> Items, long CandidatesConsidered, long CandidatesLeft)
{
    /// <summary>Of a merged answer: the item behind which the next page begins; null when there is none. With a bound on creators there is one page.</summary>
    internal RankedItem? GoesOnBehind { get; init; }

    /// <summary>
    /// Merges the parts of several shards. An item that two regions take to be at home with them, because they have not yet
    /// heard of each other's record of it, is listed once: from the home that the lower record names (PROTOCOL 20).
    /// </summary>
    /// <remarks>
    /// Parts that each are their shard's best, with at most n items of one creator and cut to the limit, are enough for the
    /// same over all shards. Creators do not touch each other, so the whole answer is, best first, the items that have fewer
    /// than n better ones of their creator, cut to the limit. Let x be in it. In its shard, too, x has fewer than n better ones of
    /// its creator. Of every creator that has k &lt;= n items before x in the shard's list, the whole list has at least min(n, k) = k
    /// before x. So no more items stand before x in its shard's list than in the whole one: fewer than the limit, and
    /// x is in the part. (An item that two regions list for a while, as above, can take a place in one part that it loses here; so
    /// can one that is found to be hidden after its shard listed it.)
    /// </remarks>
    /// <param name="parts">The parts.</param>
    /// <param name="plan">The plan that every part carried out.</param>
    public static ShardAnswer Merge(IReadOnlyCollection<ShardAnswer> parts, RetrievePlan plan)
    {
        ArgumentNullException.ThrowIfNull(parts);
        ArgumentNullException.ThrowIfNull(plan);
        var hidden = HiddenOf(parts, plan);
        var horizon = HorizonOf(parts, plan, hidden);
        var best = new BestItems();
        best.Begin(plan.Limit, plan.MaxPerCreator);
        foreach (var item in ListedOnce(parts, hidden, horizon).Values)
            best.Offer(item);
        var left = parts.Sum(part => part.CandidatesLeft) - hidden.Count;
        var page = best.Take();
        return new ShardAnswer(page, parts.Sum(part => part.CandidatesConsidered), left)
        {
            GoesOnBehind = plan.MaxPerCreator is not null ? null : page.Length == plan.Limit && left > plan.Limit ? page[^1] : horizon,
        };
    }

    // Room for all at once: growing would copy them several times.
    private static Dictionary<ItemId, RankedItem> ListedOnce(IReadOnlyCollection<ShardAnswer> parts, HashSet<ItemId> hidden, RankedItem? horizon)
    {
        var items = new Dictionary<ItemId, RankedItem>(parts.Sum(static part => part.Items.Count));
        foreach (var part in parts)
        {
            for (var place = 0; place < part.Items.Count; place++)
            {
                var item = part.Items[place];
                // What follows in the part ranks behind it.
                if (horizon is { } last && item.CompareTo(last) > 0)
                    break;
                if (hidden.Count > 0 && hidden.Contains(item.Item))
                    continue;
                ref var listed = ref CollectionsMarshal.GetValueRefOrAddDefault(items, item.Item, out var isListed);
                if (!isListed || listed.FirstRecord.IsLaterThan(item.FirstRecord))
                    listed = item;
            }
        }
        return items;
    }

    // What the shards listed before they, or the gateway, knew that it is hidden; by the word of either, if two regions list it.
    private static HashSet<ItemId> HiddenOf(IEnumerable<ShardAnswer> parts, RetrievePlan plan) => plan.Hidden.IsEmpty
        ? []
        : [.. parts.SelectMany(part => part.Items).Where(item => plan.Hidden.Hides(item.Item, item.Creator)).Select(item => item.Item)];

    /// <summary>
    /// A part that was cut and then lost an item says nothing of what comes behind its last one: there the page must end,
    /// full or not, or the next one would begin behind items that were on neither. Null if there is no such part.
    /// </summary>
    private static RankedItem? HorizonOf(IEnumerable<ShardAnswer> parts, RetrievePlan plan, HashSet<ItemId> hidden)
    {
        if (hidden.Count == 0 || plan.MaxPerCreator is not null)
            return null;
        var ends = parts.Where(part => part.CandidatesLeft > part.Items.Count && part.Items.Any(item => hidden.Contains(item.Item)))
            .Select(part => part.Items[^1]).ToList();
        return ends.Count == 0 ? null : ends.Min();
    }
}

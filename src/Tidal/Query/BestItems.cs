namespace Tidal.Query;

/// <summary>
/// The best of the items offered so far: what is left when, best first, each is taken unless its creator has its full
/// number already, cut to the limit. Memory is bounded by the limit, whatever is offered. Not safe for use by several threads.
/// </summary>
internal sealed class BestItems
{
    // Best first, so that the worst is the maximum.
    private readonly SortedSet<RankedItem> _kept = [];
    private readonly Dictionary<string, SortedSet<RankedItem>> _byCreator = new(StringComparer.Ordinal);
    private int _limit;
    private int _creatorLimit;

    /// <summary>Begins anew.</summary>
    /// <param name="limit">The most items kept.</param>
    /// <param name="maxPerCreator">The most of one creator; null for no bound.</param>
    public void Begin(int limit, int? maxPerCreator)
    {
        (_limit, _creatorLimit) = (limit, maxPerCreator ?? int.MaxValue);
        _kept.Clear();
        _byCreator.Clear();
    }

    /// <summary>
    /// Offers an item; each is offered once. What was let go is never missed later: an item is let go only for a better one
    /// of its creator, or for as many better ones as are kept, and neither leaves but for a better one still.
    /// </summary>
    /// <param name="item">The item.</param>
    public void Offer(in RankedItem item)
    {
        if (_kept.Count == _limit && item.CompareTo(_kept.Max) > 0)
            return;
        var ofCreator = OfCreator(item);
        if (ofCreator?.Count >= _creatorLimit)
        {
            if (item.CompareTo(ofCreator.Max) > 0)
                return;
            Remove(ofCreator.Max);
        }
        else if (_kept.Count == _limit)
        {
            Remove(_kept.Max);
        }
        _kept.Add(item);
        ofCreator?.Add(item);
    }

    /// <summary>What is kept, best first.</summary>
    public RankedItem[] Take()
    {
        RankedItem[] items = [.. _kept];
        _kept.Clear();
        _byCreator.Clear();
        return items;
    }

    private void Remove(RankedItem item)
    {
        _kept.Remove(item);
        OfCreator(item)?.Remove(item);
    }

    private SortedSet<RankedItem>? OfCreator(in RankedItem item)
    {
        if (item.Creator is null || _creatorLimit == int.MaxValue)
            return null;
        if (!_byCreator.TryGetValue(item.Creator, out var items))
            _byCreator.Add(item.Creator, items = []);
        return items;
    }
}

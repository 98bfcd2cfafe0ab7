using System.Runtime.InteropServices;

namespace Tidal.Query;

/// <summary>
/// The best of the items offered so far: what is left when, best first, each is taken unless its creator has its full
/// number already, cut to the limit. Memory is bounded by the limit, whatever is offered, and used again. Not safe for use by
/// several threads.
/// </summary>
internal sealed class BestItems
{
    private const int SmallestCapacity = 32;

    // Best first.
    private RankedItem[] _kept = [];
    private readonly Dictionary<string, OfCreator> _byCreator = new(StringComparer.Ordinal);
    private int _limit;
    private int _creatorLimit;

    private struct OfCreator
    {
        public int Count;
        public RankedItem Worst;
    }

    /// <summary>How many are kept.</summary>
    public int Count { get; private set; }

    /// <summary>Whether as many are kept as may be: another one enters only if it is better than the worst.</summary>
    public bool IsFull => Count == _limit;

    /// <summary>The worst that is kept; there must be one.</summary>
    public ref readonly RankedItem Worst => ref _kept[Count - 1];

    /// <summary>Begins anew.</summary>
    /// <param name="limit">The most items kept.</param>
    /// <param name="maxPerCreator">The most of one creator; null for no bound.</param>
    public void Begin(int limit, int? maxPerCreator)
    {
        (_limit, _creatorLimit) = (limit, maxPerCreator ?? int.MaxValue);
        Clear();
    }

    /// <summary>
    /// Offers an item; each is offered once. What was let go is never missed later: an item is let go only for a better one
    /// of its creator, or for as many better ones as are kept, and neither leaves but for a better one still.
    /// </summary>
    /// <param name="item">The item.</param>
    public void Offer(in RankedItem item)
    {
        if (IsFull && item.CompareTo(Worst) > 0)
            return;
        if (item.Creator is null || _creatorLimit == int.MaxValue)
        {
            MakeRoom();
            Insert(item);
            return;
        }
        ref var ofCreator = ref CollectionsMarshal.GetValueRefOrAddDefault(_byCreator, item.Creator, out _);
        if (ofCreator.Count == _creatorLimit)
        {
            if (item.CompareTo(ofCreator.Worst) > 0)
                return;
            RemoveAt(PlaceOf(ofCreator.Worst));
        }
        else
        {
            MakeRoom();
        }
        Insert(item);
        Recount(item.Creator);
    }

    /// <summary>What is kept, best first.</summary>
    public RankedItem[] Take()
    {
        var items = _kept.AsSpan(0, Count).ToArray();
        Clear();
        return items;
    }

    private void Clear()
    {
        Array.Clear(_kept, 0, Count);
        Count = 0;
        _byCreator.Clear();
    }

    private void MakeRoom()
    {
        if (!IsFull)
            return;
        var creator = Worst.Creator;
        RemoveAt(Count - 1);
        if (creator is not null && _creatorLimit != int.MaxValue)
            Recount(creator);
    }

    private void Insert(in RankedItem item)
    {
        if (Count == _kept.Length)
            Array.Resize(ref _kept, Math.Max(SmallestCapacity, 2 * Count));
        var place = PlaceOf(item);
        Array.Copy(_kept, place, _kept, place + 1, Count - place);
        _kept[place] = item;
        Count++;
    }

    private void RemoveAt(int place)
    {
        Count--;
        Array.Copy(_kept, place + 1, _kept, place, Count - place);
        _kept[Count] = default;
    }

    // Where the item is, or belongs: the first place that is not before it.
    private int PlaceOf(in RankedItem item)
    {
        var (low, high) = (0, Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_kept[middle].CompareTo(item) < 0)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }

    private void Recount(string creator)
    {
        OfCreator found = default;
        for (var place = 0; place < Count; place++)
        {
            if (_kept[place].Creator != creator)
                continue;
            found.Count++;
            found.Worst = _kept[place];
        }
        _byCreator[creator] = found;
    }
}

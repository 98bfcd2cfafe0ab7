using Tidal.Schema;

namespace Tidal.Signals;

/// <summary>
/// The best items of one order, kept on write: what is not in it ranks behind its threshold, and most writes cost one
/// comparison with that. It holds up to twice as many items as it must, in no order, and drops the worse half at once, so a
/// write never sorts; who reads it takes a <see cref="RankHeads"/>. What it holds depends on the order of writes and decides
/// how long an answer takes, never what the answer is. Not safe for use by several threads.
/// </summary>
internal sealed class RankIndex
{
    private const int SmallestCapacity = 64;

    private readonly int _most;
    private readonly RankHeads _heads;
    private readonly RankPlaces _places = new();
    private long[] _keys = [];
    private ItemState[] _items = [];
    private ItemState? _thresholdItem;

    /// <summary>An index that holds nothing and knows of nothing that it does not hold.</summary>
    /// <param name="order">What it orders by.</param>
    /// <param name="type">The signal type, where it orders by signals.</param>
    /// <param name="scope">Whose signals.</param>
    /// <param name="most">How many items are kept when some are dropped, at least 1.</param>
    /// <param name="heads">What it finds out by which those are; shared with others.</param>
    public RankIndex(RankOrder order, SignalType? type, CohortScope scope, int most, RankHeads heads) =>
        (Order, Type, Scope, _most, _heads) = (order, type, scope, most, heads);

    /// <summary>What it orders by.</summary>
    public RankOrder Order { get; }

    /// <summary>The signal type; null where it does not order by signals.</summary>
    public SignalType? Type { get; }

    /// <summary>Whose signals.</summary>
    public CohortScope Scope { get; }

    /// <summary>When it was last asked for, counted in questions.</summary>
    public long LastAsked { get; set; }

    /// <summary>How many items it holds.</summary>
    public int Count { get; private set; }

    /// <summary>The key at or below which everything is that it does not hold; <see cref="RankKey.None"/> when it holds all.</summary>
    public long ThresholdKey { get; private set; } = RankKey.None;

    /// <summary>Everything of the threshold's key that it does not hold has this id or a higher one; null when it holds all.</summary>
    public ItemId? ThresholdItem => _thresholdItem?.Item;

    /// <summary>Whether so much was dropped from it by what was taken back that filling it again would help.</summary>
    public bool IsDepleted => ThresholdKey != RankKey.None && Count < (_most + 1) / 2;

    /// <summary>The keys of the items, in no order; with <see cref="Items"/>, until the next write.</summary>
    public ReadOnlySpan<long> Keys => _keys.AsSpan(0, Count);

    /// <summary>The items, each at the place of its key.</summary>
    public ItemState[] Items => _items;

    /// <summary>Begins anew with the best of all items.</summary>
    /// <param name="items">All items.</param>
    public void Fill(IReadOnlyCollection<ItemState> items)
    {
        (Count, ThresholdKey, _thresholdItem) = (0, RankKey.None, null);
        Array.Clear(_items);
        _places.Fill(_items, 0);
        foreach (var item in items)
            Take(item, KeyOf(item), onlyGrows: true);
        if (Count > _most)
            Trim();
    }

    /// <summary>Takes note that one of an item's cells may rank otherwise than before.</summary>
    /// <param name="item">The item.</param>
    /// <param name="cell">The cell.</param>
    /// <param name="onlyGrows">Whether it was never more than now.</param>
    public void Take(ItemState item, CrdtSignalState cell, bool onlyGrows) => Take(item, KeyOf(item, cell), onlyGrows);

    /// <summary>Takes note that an item may rank otherwise than before.</summary>
    public void Take(ItemState item) => Take(item, KeyOf(item), onlyGrows: false);

    private void Take(ItemState item, long key, bool onlyGrows)
    {
        if (key <= ThresholdKey && !RanksBeforeThreshold(item, key))
        {
            // What only grows was not above it before.
            if (!onlyGrows && _places.TryFind(item, _items, out var dropped))
                Remove(dropped);
        }
        else if (_places.TryFind(item, _items, out var place))
        {
            _keys[place] = key;
        }
        else
        {
            Add(item, key);
        }
    }

    // Of one key the lower ids rank first, as in an answer.
    private bool RanksBeforeThreshold(ItemState item, long key) =>
        key == ThresholdKey && _thresholdItem is { } threshold && item.Item.CompareTo(threshold.Item) < 0;

    /// <summary>By what an item is ordered now.</summary>
    public long KeyOf(ItemState item) => Order == RankOrder.Created
        ? RankKey.Of(item.CreatedMilliseconds)
        : KeyOf(item, item.Signals(Type!.Id, Scope));

    // What has no record yet is not listed, and must not take the place of what is.
    private long KeyOf(ItemState item, CrdtSignalState? cell)
    {
        if (cell is not { } counted || !item.IsListed)
            return RankKey.None;
        return Order == RankOrder.Count ? RankKey.Of(counted.Count(CountWindow.All, 0)) : RankKey.Of(counted.Score);
    }

    private void Add(ItemState item, long key)
    {
        if (Count == 2 * _most)
        {
            Trim();
            // The threshold has risen.
            if (key < ThresholdKey || (key == ThresholdKey && !RanksBeforeThreshold(item, key)))
                return;
        }
        if (Count == _keys.Length)
            Grow();
        (_keys[Count], _items[Count]) = (key, item);
        _places.Put(item, Count++, _items);
    }

    private void Grow()
    {
        var capacity = Math.Min(2 * _most, Math.Max(SmallestCapacity, 2 * _keys.Length));
        Array.Resize(ref _keys, capacity);
        Array.Resize(ref _items, capacity);
        _places.Grow(capacity);
        _places.Fill(_items, Count);
    }

    private void Remove(int place)
    {
        _places.Remove(_items[place], _items);
        var last = --Count;
        if (place != last)
        {
            _places.Put(_items[last], place, _items);
            (_keys[place], _items[place]) = (_keys[last], _items[last]);
        }
        _items[last] = null!;
    }

    // Everything but the best goes; the best that goes is the new threshold.
    private void Trim()
    {
        _heads.Begin(this);
        for (var skipped = 0; skipped < _most; skipped++)
            _heads.Skip();
        (ThresholdKey, _thresholdItem) = (_heads.NextKey, _heads.NextItem);
        _heads.End();
        var kept = 0;
        for (var place = 0; place < Count; place++)
        {
            if (_keys[place] > ThresholdKey || RanksBeforeThreshold(_items[place], _keys[place]))
                (_keys[kept], _items[kept++]) = (_keys[place], _items[place]);
        }
        Array.Clear(_items, kept, Count - kept);
        Count = kept;
        _places.Fill(_items, Count);
    }
}

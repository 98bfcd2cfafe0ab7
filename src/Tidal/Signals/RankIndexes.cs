using Tidal.Schema;

namespace Tidal.Signals;

/// <summary>
/// The rank indexes of one tenant in one shard. One is made when a query first asks for it and kept on write from then on;
/// when there are too many, the one goes that was not asked for the longest. So a scope that nobody asks for costs nothing.
/// They are no part of what the state is: no digest and no snapshot holds them. Not safe for use by several threads.
/// </summary>
internal sealed class RankIndexes(SignalSchema schema)
{
    private readonly List<RankIndex> _all = [];
    private readonly Dictionary<(SignalTypeId Type, CohortScope Scope), (RankIndex? Score, RankIndex? Count)> _byCell = [];
    private readonly RankHeads _heads = new();
    private RankIndex? _created;

    /// <summary>The most indexes kept at a time.</summary>
    public int Most => schema.RankIndexesMax;

    /// <summary>How often one was asked for.</summary>
    public long Questions { get; private set; }

    /// <summary>How many are kept now.</summary>
    public int Count => _all.Count;

    /// <summary>An index; filled from all items if it is not there, or if what was taken back has emptied it.</summary>
    /// <param name="order">What it orders by.</param>
    /// <param name="type">The signal type, where it orders by signals.</param>
    /// <param name="scope">Whose signals.</param>
    /// <param name="items">All items.</param>
    public RankIndex Of(RankOrder order, SignalTypeId type, CohortScope scope, IReadOnlyCollection<ItemState> items)
    {
        var index = Find(order, type, scope) ?? Make(order, type, scope, items);
        if (index.IsDepleted)
            index.Fill(items);
        index.LastAsked = ++Questions;
        return index;
    }

    /// <summary>What an item counts of one type in one scope has changed.</summary>
    public void Changed(ItemState item, CrdtSignalState cell)
    {
        // The usual case where nobody asks.
        if (_byCell.Count == 0 || !_byCell.TryGetValue((cell.Type.Id, cell.Scope), out var indexes))
            return;
        indexes.Score?.Take(item, cell);
        indexes.Count?.Take(item, cell);
    }

    /// <summary>An item's first record has changed: it may be listed from now on.</summary>
    public void Listed(ItemState item)
    {
        _created?.Take(item);
        foreach (var cell in item.AllSignals)
            Changed(item, cell);
    }

    private RankIndex? Find(RankOrder order, SignalTypeId type, CohortScope scope)
    {
        if (order == RankOrder.Created)
            return _created;
        var (score, count) = _byCell.GetValueOrDefault((type, scope));
        return order == RankOrder.Score ? score : count;
    }

    private RankIndex Make(RankOrder order, SignalTypeId type, CohortScope scope, IReadOnlyCollection<ItemState> items)
    {
        if (_all.Count == Most)
            Drop(_all.MinBy(index => index.LastAsked)!);
        var index = new RankIndex(order, order == RankOrder.Created ? null : schema[type], scope, schema.RankedItemsMax, _heads);
        index.Fill(items);
        _all.Add(index);
        Put(index, index);
        return index;
    }

    private void Drop(RankIndex index)
    {
        _all.Remove(index);
        Put(index, null);
    }

    private void Put(RankIndex place, RankIndex? index)
    {
        if (place.Order == RankOrder.Created)
        {
            _created = index;
            return;
        }
        var cell = (place.Type!.Id, place.Scope);
        var (score, count) = _byCell.GetValueOrDefault(cell);
        var indexes = place.Order == RankOrder.Score ? (index, count) : (score, index);
        if (indexes == (null, null))
            _byCell.Remove(cell);
        else
            _byCell[cell] = indexes;
    }
}

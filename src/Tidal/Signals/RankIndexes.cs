using Tidal.Schema;

namespace Tidal.Signals;

/// <summary>
/// The rank indexes of one tenant in one shard. One is made when a query first asks for it and kept on write from then on;
/// when there are too many, the one goes that was not asked for the longest. So a scope that nobody asks for costs nothing.
/// They are no part of what the state is: no digest and no snapshot holds them. Not safe for use by several threads.
/// </summary>
internal sealed class RankIndexes(SignalSchema schema, SignalLedger ledger, ItemTable items)
{
    private readonly List<RankIndex> _all = [];
    private readonly Dictionary<(SignalTypeId Type, CohortScope Scope), (RankIndex? Score, RankIndex? Count)> _byCell = [];
    private readonly RankHeads _heads = new();

    // What is asked for of each column of the ledger, looked up once; empty when it must be looked up anew.
    private OfColumn[] _byColumn = [];
    private RankIndex? _created;
    private long _questions;

    /// <summary>The most indexes kept at a time.</summary>
    public int Most => schema.RankIndexesMax;

    /// <summary>An index; filled from all items if it is not there, or if what was taken back has emptied it.</summary>
    /// <param name="order">What it orders by.</param>
    /// <param name="type">The signal type, where it orders by signals.</param>
    /// <param name="scope">Whose signals.</param>
    public RankIndex Of(RankOrder order, SignalTypeId type, CohortScope scope)
    {
        var index = Find(order, type, scope) ?? Make(order, type, scope);
        if (index.IsDepleted)
            index.Fill(items);
        index.LastAsked = ++_questions;
        return index;
    }

    /// <summary>Whether anything is kept by what is counted in a column; asked at every signal.</summary>
    public bool IsFor(int column)
    {
        // The usual case where nobody asks.
        if (_byCell.Count == 0)
            return false;
        if (column >= _byColumn.Length || !_byColumn[column].IsKnown)
            LookUp(column);
        return _byColumn[column].Score is not null || _byColumn[column].Count is not null;
    }

    /// <summary>An item has counted one signal more in a column that something is kept by.</summary>
    public void Grew(int item, int column)
    {
        var (key, indexes) = (SignalLedger.KeyOf(item, column), _byColumn[column]);
        // The usual case: it is too few to rank, so that the item itself need not be looked at.
        if (indexes.Count is null && ledger.OnlyGrows(key) && RankKey.Of(ledger.Forward(key)) < indexes.Score!.ThresholdKey)
            return;
        Changed(items.StateOf(item), new CrdtSignalState(ledger, key));
    }

    /// <summary>What an item counts of one type in one scope has changed.</summary>
    public void Changed(ItemState item, CrdtSignalState cell) => Changed(item, cell, cell.OnlyGrows);

    /// <summary>What an item counts of one type in one scope is less than before.</summary>
    public void Fell(ItemState item, CrdtSignalState cell) => Changed(item, cell, onlyGrows: false);

    /// <summary>An item's first record has changed: it may be listed from now on.</summary>
    public void Listed(ItemState item)
    {
        _created?.Take(item);
        foreach (var cell in item.AllSignals)
            Changed(item, cell);
    }

    private void Changed(ItemState item, CrdtSignalState cell, bool onlyGrows)
    {
        if (_byCell.Count == 0 || !_byCell.TryGetValue((cell.Type.Id, cell.Scope), out var indexes))
            return;
        indexes.Score?.Take(item, cell, onlyGrows);
        indexes.Count?.Take(item, cell, onlyGrows);
    }

    /// <summary>Forgets all: the state was made anew.</summary>
    public void Clear()
    {
        _all.Clear();
        _byCell.Clear();
        _byColumn = [];
        _created = null;
    }

    private void LookUp(int column)
    {
        if (column >= _byColumn.Length)
            Array.Resize(ref _byColumn, Math.Max(2 * _byColumn.Length, column + 1));
        var (score, count) = _byCell.GetValueOrDefault((ledger.TypeOf(column).Id, ledger.ScopeOf(column)));
        _byColumn[column] = new OfColumn(true, score, count);
    }

    private RankIndex? Find(RankOrder order, SignalTypeId type, CohortScope scope)
    {
        if (order == RankOrder.Created)
            return _created;
        var (score, count) = _byCell.GetValueOrDefault((type, scope));
        return order == RankOrder.Score ? score : count;
    }

    private RankIndex Make(RankOrder order, SignalTypeId type, CohortScope scope)
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
        _byColumn = [];
        var cell = (place.Type!.Id, place.Scope);
        var (score, count) = _byCell.GetValueOrDefault(cell);
        var indexes = place.Order == RankOrder.Score ? (index, count) : (score, index);
        if (indexes == (null, null))
            _byCell.Remove(cell);
        else
            _byCell[cell] = indexes;
    }

    private readonly record struct OfColumn(bool IsKnown, RankIndex? Score, RankIndex? Count);
}

namespace Tidal.Signals;

/// <summary>
/// An index read best first: a heap of its keys (Williams 1964, made in linear time as Floyd 1964), so that reading a few heads
/// costs little more than one pass over the keys. To be used until the next write; its buffers are used again. Not safe for
/// use by several threads.
/// </summary>
internal sealed class RankHeads
{
    private long[] _keys = [];
    private int[] _places = [];
    private ItemState[] _items = [];
    private int _count;

    /// <summary>Whether nothing is left.</summary>
    public bool IsEmpty => _count == 0;

    /// <summary>The key of the best item left.</summary>
    public long NextKey => _keys[0];

    /// <summary>The best item left.</summary>
    public ItemState NextItem => _items[_places[0]];

    /// <summary>Begins with the best of an index.</summary>
    public void Begin(RankIndex index)
    {
        (_count, _items) = (index.Count, index.Items);
        if (_keys.Length < _count)
            (_keys, _places) = (new long[_items.Length], new int[_items.Length]);
        index.Keys.CopyTo(_keys);
        for (var place = 0; place < _count; place++)
            _places[place] = place;
        for (var parent = _count / 2 - 1; parent >= 0; parent--)
            Sink(parent, _keys[parent], _places[parent]);
    }

    /// <summary>Leaves the best item behind.</summary>
    public void Skip()
    {
        _count--;
        if (_count > 0)
            Sink(0, _keys[_count], _places[_count]);
    }

    /// <summary>Lets go of the items.</summary>
    public void End() => (_items, _count) = ([], 0);

    private void Sink(int hole, long key, int place)
    {
        for (var child = 2 * hole + 1; child < _count; child = 2 * hole + 1)
        {
            if (child + 1 < _count && RanksBefore(_keys[child + 1], _places[child + 1], _keys[child], _places[child]))
                child++;
            if (!RanksBefore(_keys[child], _places[child], key, place))
                break;
            (_keys[hole], _places[hole]) = (_keys[child], _places[child]);
            hole = child;
        }
        (_keys[hole], _places[hole]) = (key, place);
    }

    private bool RanksBefore(long key, int place, long otherKey, int otherPlace) =>
        key != otherKey ? key > otherKey : _items[place].Item.CompareTo(_items[otherPlace].Item) < 0;
}

namespace Tidal.Signals;

/// <summary>
/// Finds the parts of a cell, an (item, signal type, scope), by its key: open addressing, linear probing, 16 bytes a cell.
/// Not safe for use by several threads.
/// </summary>
internal sealed class CellTable
{
    /// <summary>A cell, or none where the key is 0.</summary>
    public struct Cell
    {
        /// <summary>Which cell; 0 for a slot that is free.</summary>
        public ulong Key;

        /// <summary>The place of its first part.</summary>
        public int First;

        /// <summary>How many parts stand there, a region each, in region order.</summary>
        public int Parts;
    }

    private const ulong Multiplier = 0x9E3779B97F4A7C15;
    private Cell[] _cells = new Cell[8];
    private int _shift = 61;

    /// <summary>Cells held.</summary>
    public int Count { get; private set; }

    /// <summary>A cell, or what has the key 0. Good until a cell is added or removed.</summary>
    public ref Cell Find(ulong key)
    {
        var (cells, mask) = (_cells, _cells.Length - 1);
        var place = HomeOf(key);
        while (cells[place].Key != key && cells[place].Key != 0)
            place = (place + 1) & mask;
        return ref cells[place];
    }

    /// <summary>Asks for the memory where a cell would be.</summary>
    public void Prefetch(ulong key) => CacheLines.Fetch(ref _cells[HomeOf(key)]);

    /// <summary>Adds a cell that is not there.</summary>
    public ref Cell Add(ulong key)
    {
        if (4 * ++Count > 3 * _cells.Length)
            Grow();
        ref var cell = ref Find(key);
        cell.Key = key;
        return ref cell;
    }

    /// <summary>Takes a cell out.</summary>
    public void Remove(ulong key)
    {
        var mask = _cells.Length - 1;
        var hole = HomeOf(key);
        while (_cells[hole].Key != key)
            hole = (hole + 1) & mask;
        Count--;
        // What would no longer be found behind the hole moves into it.
        for (var place = (hole + 1) & mask; _cells[place].Key != 0; place = (place + 1) & mask)
        {
            if (((place - HomeOf(_cells[place].Key)) & mask) < ((place - hole) & mask))
                continue;
            _cells[hole] = _cells[place];
            hole = place;
        }
        _cells[hole] = default;
    }

    private int HomeOf(ulong key) => (int)((key ^ (key >> 32)) * Multiplier >> _shift);

    private void Grow()
    {
        var old = _cells;
        (_cells, _shift) = (new Cell[2 * old.Length], _shift - 1);
        foreach (ref readonly var cell in old.AsSpan())
        {
            if (cell.Key != 0)
                Find(cell.Key) = cell;
        }
    }
}

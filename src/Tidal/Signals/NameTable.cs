using System.Text;
using Tidal.Log;

namespace Tidal.Signals;

/// <summary>
/// Gives each name a row, numbered from 0 in order of first sight, and finds it again by its UTF-8 without making a string: open
/// addressing, linear probing. A name is never taken out. Not safe for use by several threads.
/// </summary>
internal sealed class NameTable
{
    private const int StackBytesMax = 512;

    private struct Slot
    {
        public uint Hash;
        public int RowAfter;
        public int Start;
        public int Length;
    }

    private readonly Paged<byte> _bytes = new(16);
    private readonly Paged<(int Start, int Length)> _names = new(12);
    private Slot[] _slots = new Slot[8];

    /// <summary>Names held.</summary>
    public int Count => _names.Count;

    /// <summary>The row of a name, or -1.</summary>
    public int Find(ReadOnlySpan<byte> name)
    {
        var hash = Utf8Hash.Of(name);
        return _slots[PlaceOf(name, hash)].RowAfter - 1;
    }

    /// <summary>The row of a name, or -1.</summary>
    public int Find(string name)
    {
        var bytesMax = Encoding.UTF8.GetMaxByteCount(name.Length);
        var utf8 = bytesMax <= StackBytesMax ? stackalloc byte[StackBytesMax] : new byte[bytesMax];
        return Find(utf8[..Encoding.UTF8.GetBytes(name, utf8)]);
    }

    /// <summary>Asks for the memory where a name would be: the first of three steps to its row, each for many names before the next.</summary>
    /// <returns>The name's hash.</returns>
    public uint Prefetch(ReadOnlySpan<byte> name)
    {
        var hash = Utf8Hash.Of(name);
        CacheLines.Fetch(ref _slots[(int)hash & (_slots.Length - 1)]);
        return hash;
    }

    /// <summary>Asks for the memory of the name that seems to be there.</summary>
    public void PrefetchName(uint hash)
    {
        ref readonly var slot = ref _slots[(int)hash & (_slots.Length - 1)];
        if (slot.RowAfter != 0 && slot.Length != 0)
            CacheLines.Fetch(ref _bytes[slot.Start]);
    }

    /// <summary>The row of a name, which gets one if it has none.</summary>
    public int RowOf(ReadOnlySpan<byte> name) => RowOf(name, Utf8Hash.Of(name));

    /// <summary>The row of a name, which gets one if it has none.</summary>
    /// <param name="name">The name.</param>
    /// <param name="hash">Its hash.</param>
    public int RowOf(ReadOnlySpan<byte> name, uint hash)
    {
        var place = PlaceOf(name, hash);
        var row = _slots[place].RowAfter - 1;
        return row >= 0 ? row : Add(name, hash, place);
    }

    /// <summary>The row of a name, which gets one if it has none.</summary>
    public int RowOf(string name)
    {
        var bytesMax = Encoding.UTF8.GetMaxByteCount(name.Length);
        var utf8 = bytesMax <= StackBytesMax ? stackalloc byte[StackBytesMax] : new byte[bytesMax];
        return RowOf(utf8[..Encoding.UTF8.GetBytes(name, utf8)]);
    }

    /// <summary>A row's name.</summary>
    public ReadOnlySpan<byte> BytesOf(int row) => _names[row].Length == 0 ? default : _bytes.Run(_names[row].Start, _names[row].Length);

    /// <summary>A row's name as a string of its own.</summary>
    public string TextOf(int row) => Encoding.UTF8.GetString(BytesOf(row));

    /// <summary>All rows in the order of their names as strings are compared ordinally.</summary>
    public int[] InOrder()
    {
        var rows = new int[Count];
        for (var row = 0; row < rows.Length; row++)
            rows[row] = row;
        Array.Sort(rows, Compare);
        return rows;
    }

    /// <summary>Compares two rows' names as strings are compared ordinally: by their UTF-16, not by their UTF-8.</summary>
    public int Compare(int left, int right)
    {
        if (left == right)
            return 0;
        var one = BytesOf(left);
        var other = BytesOf(right);
        var same = one.CommonPrefixLength(other);
        if (same == one.Length || same == other.Length)
            return one.Length.CompareTo(other.Length);
        var (first, second) = (one[same], other[same]);
        // Only what needs two units of UTF-16 (4 bytes, from F0 on) is out of order: its units are below U+E000 (EE and EF).
        return first >= 0xEE && second >= 0xEE && first >= 0xF0 != second >= 0xF0 ? second.CompareTo(first) : first.CompareTo(second);
    }

    private int Add(ReadOnlySpan<byte> name, uint hash, int place)
    {
        var row = _names.Take();
        var start = name.IsEmpty ? 0 : _bytes.Take(name.Length);
        if (!name.IsEmpty)
            name.CopyTo(_bytes.Run(start, name.Length));
        _names[row] = (start, name.Length);
        _slots[place] = new Slot { Hash = hash, RowAfter = row + 1, Start = start, Length = name.Length };
        if (4 * Count > 3 * _slots.Length)
            Grow();
        return row;
    }

    /// <summary>The slot that a name is in, or the empty one that it would be put into.</summary>
    private int PlaceOf(ReadOnlySpan<byte> name, uint hash)
    {
        var (slots, mask) = (_slots, _slots.Length - 1);
        var place = (int)hash & mask;
        while (true)
        {
            ref readonly var slot = ref slots[place];
            if (slot.RowAfter == 0 || (slot.Hash == hash && slot.Length == name.Length && IsAt(slot, name)))
                return place;
            place = (place + 1) & mask;
        }
    }

    private bool IsAt(in Slot slot, ReadOnlySpan<byte> name) => name.IsEmpty || _bytes.Run(slot.Start, slot.Length).SequenceEqual(name);

    private void Grow()
    {
        var old = _slots;
        _slots = new Slot[2 * old.Length];
        var mask = _slots.Length - 1;
        foreach (ref readonly var slot in old.AsSpan())
        {
            if (slot.RowAfter == 0)
                continue;
            var place = (int)slot.Hash & mask;
            while (_slots[place].RowAfter != 0)
                place = (place + 1) & mask;
            _slots[place] = slot;
        }
    }
}

namespace Tidal.Log;

/// <summary>
/// The strings that stand in a batch of version 3 so far, in order of their first use: what the records behind them refer back
/// to. An entry is a place in the payload, so that writer and reader keep the same table of the same bytes and nothing is copied.
/// It is bounded (<see cref="LogLimits"/>): once full it takes no more, and what is not in it is spelt out. Not thread safe.
/// </summary>
internal sealed class BatchDictionary
{
    /// <summary>Up to so many entries are searched one by one: most batches are small, and need no table of hashes.</summary>
    private const int SearchedMax = 8;

    private Entry[] _entries = new Entry[SearchedMax];
    private int[] _slots = [];
    private int _bytes;

    /// <summary>Strings in it.</summary>
    public int Count { get; private set; }

    /// <summary>Looks a string up.</summary>
    /// <param name="payload">The payload so far.</param>
    /// <param name="text">The string's bytes.</param>
    /// <returns>Its entry, or -1.</returns>
    public int Find(ReadOnlySpan<byte> payload, ReadOnlySpan<byte> text)
    {
        if (text.Length < LogLimits.DictionaryStringBytesMin)
            return -1;
        if (Count > SearchedMax)
            return _slots[SlotOf(payload, text)] - 1;
        for (var entry = 0; entry < Count; entry++)
        {
            if (BytesOf(payload, entry).SequenceEqual(text))
                return entry;
        }
        return -1;
    }

    /// <summary>Enters a string that is not in it, if it is long enough and there is room.</summary>
    /// <param name="payload">The payload so far, the string included.</param>
    /// <param name="start">Where in it the string's bytes begin.</param>
    /// <param name="length">How many there are.</param>
    /// <param name="text">The string itself, for a reader that keeps strings.</param>
    public void Add(ReadOnlySpan<byte> payload, int start, int length, string? text = null)
    {
        if (length < LogLimits.DictionaryStringBytesMin || Count == LogLimits.DictionaryEntriesMax || _bytes + length > LogLimits.DictionaryBytesMax)
            return;
        if (Count == _entries.Length)
            Array.Resize(ref _entries, 2 * Count);
        _entries[Count++] = new Entry(start, length, text);
        _bytes += length;
        if (Count > SearchedMax)
            Index(payload);
    }

    /// <summary>How many bytes an entry has.</summary>
    public int LengthOf(int entry) => _entries[entry].Length;

    /// <summary>An entry's string, as it was entered.</summary>
    public string? TextOf(int entry) => _entries[entry].Text;

    /// <summary>Takes out what was entered last, down to so many entries.</summary>
    /// <param name="payload">The payload that they were entered with.</param>
    /// <param name="count">How many stay.</param>
    public void CutBackTo(ReadOnlySpan<byte> payload, int count)
    {
        // Last in, first out: no entry that stays was put into its slot because of one that goes.
        for (; Count > count; Count--)
        {
            var text = BytesOf(payload, Count - 1);
            if (Count > SearchedMax)
                _slots[SlotOf(payload, text)] = 0;
            _bytes -= text.Length;
        }
    }

    /// <summary>Takes out everything.</summary>
    public void Clear() => (Count, _bytes) = (0, 0);

    private ReadOnlySpan<byte> BytesOf(ReadOnlySpan<byte> payload, int entry) =>
        payload.Slice(_entries[entry].Start, _entries[entry].Length);

    /// <summary>Puts the newest entry into its slot, or all of them when there are no slots yet or too few.</summary>
    private void Index(ReadOnlySpan<byte> payload)
    {
        var first = Count - 1;
        if (2 * Count > _slots.Length || first == SearchedMax)
        {
            if (2 * Count > _slots.Length)
                _slots = new int[Math.Max(4 * SearchedMax, 2 * _slots.Length)];
            else
                Array.Clear(_slots);
            first = 0;
        }
        for (var entry = first; entry < Count; entry++)
            _slots[SlotOf(payload, BytesOf(payload, entry))] = entry + 1;
    }

    /// <summary>The slot that a string is in, or the empty one that it would be put into.</summary>
    private int SlotOf(ReadOnlySpan<byte> payload, ReadOnlySpan<byte> text)
    {
        // Seeded by each process anew, so that nobody can send strings that all fall together; no outcome depends on it.
        var hash = default(HashCode);
        hash.AddBytes(text);
        var slot = hash.ToHashCode() & (_slots.Length - 1);
        while (_slots[slot] is var entry and not 0 && !BytesOf(payload, entry - 1).SequenceEqual(text))
            slot = (slot + 1) & (_slots.Length - 1);
        return slot;
    }

    private readonly record struct Entry(int Start, int Length, string? Text);
}

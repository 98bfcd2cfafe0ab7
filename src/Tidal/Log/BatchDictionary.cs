using System.Text;

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
    private string?[] _texts = [];
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
    /// <param name="isFound">Whether it is to be found by <see cref="Find"/>; then all before it are.</param>
    /// <returns>The string's entry, or -1 when it was not entered.</returns>
    public int Add(ReadOnlySpan<byte> payload, int start, int length, bool isFound = true)
    {
        if (length < LogLimits.DictionaryStringBytesMin || Count == LogLimits.DictionaryEntriesMax || _bytes + length > LogLimits.DictionaryBytesMax)
            return -1;
        if (Count == _entries.Length)
            Array.Resize(ref _entries, 2 * Count);
        _entries[Count++] = new Entry { Start = start, Length = length };
        _bytes += length;
        if (isFound && Count > SearchedMax)
            Index(payload);
        return Count - 1;
    }

    /// <summary>An entry.</summary>
    public ref Entry this[int entry] => ref _entries[entry];

    /// <summary>An entry's string, made when it is first asked for.</summary>
    public string TextOf(ReadOnlySpan<byte> payload, int entry)
    {
        if (_texts.Length < _entries.Length)
            Array.Resize(ref _texts, _entries.Length);
        return _texts[entry] ??= Encoding.UTF8.GetString(BytesOf(payload, entry));
    }

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
    public void Clear()
    {
        Array.Clear(_texts, 0, Math.Min(Count, _texts.Length));
        (Count, _bytes) = (0, 0);
    }

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
        var slot = (int)Utf8Hash.Of(text) & (_slots.Length - 1);
        while (_slots[slot] is var entry and not 0 && !BytesOf(payload, entry - 1).SequenceEqual(text))
            slot = (slot + 1) & (_slots.Length - 1);
        return slot;
    }

    /// <summary>A string's place in the payload, and what whoever applies the records has found for it.</summary>
    public struct Entry
    {
        /// <summary>Where its bytes begin.</summary>
        public int Start;

        /// <summary>How many there are.</summary>
        public int Length;

        /// <summary>One more than the row of the item of this name; 0 while it was not looked up.</summary>
        public int Item;

        /// <summary>One more than the row of the user of this name; 0 while it was not looked up.</summary>
        public int User;

        /// <summary>The last cohort of this value that was looked up; 0 for none.</summary>
        public int Cohort;
    }
}

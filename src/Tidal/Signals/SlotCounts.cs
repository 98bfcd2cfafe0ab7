using Tidal.Crdt;

namespace Tidal.Signals;

/// <summary>
/// Counts by absolute time slot, sparse: two parallel arrays in order of slot, because most items are cold and most
/// events fall into the last slot. Not safe for use by several threads.
/// </summary>
internal sealed class SlotCounts
{
    private int[] _slots = [];
    private int[] _counts = [];
    private int _used;

    /// <summary>Whether nothing is counted.</summary>
    public bool IsEmpty => _used == 0;

    /// <summary>Counts one event.</summary>
    public void Add(int slot)
    {
        var place = _used;
        while (place > 0 && _slots[place - 1] > slot)
            place--;
        if (place > 0 && _slots[place - 1] == slot)
        {
            _counts[place - 1]++;
            return;
        }
        Insert(place, slot);
    }

    /// <summary>The events of the slots from <paramref name="first"/> to <paramref name="last"/>, both included.</summary>
    public long Sum(int first, int last)
    {
        long sum = 0;
        for (var place = _used - 1; place >= 0 && _slots[place] >= first; place--)
        {
            if (_slots[place] <= last)
                sum += _counts[place];
        }
        return sum;
    }

    /// <summary>Forgets the slots before one: they will never be read again.</summary>
    public void DropBefore(int slot)
    {
        var dead = CountBefore(slot);
        if (dead == 0)
            return;
        _used -= dead;
        Array.Copy(_slots, dead, _slots, 0, _used);
        Array.Copy(_counts, dead, _counts, 0, _used);
    }

    /// <summary>Adds what is live to a digest: whether dead slots were already dropped must not show.</summary>
    public void AddTo(StateWriter digest, int liveFrom)
    {
        var dead = CountBefore(liveFrom);
        digest.Add(_used - dead);
        for (var place = dead; place < _used; place++)
        {
            digest.Add(_slots[place]);
            digest.Add(_counts[place]);
        }
    }

    /// <summary>A copy that shares nothing with this one.</summary>
    public SlotCounts Copy() => new() { _slots = [.. _slots], _counts = [.. _counts], _used = _used };

    /// <summary>Reads counts back: the slots that were live when they were added.</summary>
    public static SlotCounts Read(StateReader reader)
    {
        var counts = new SlotCounts { _used = reader.ReadCount(2 * sizeof(long)) };
        (counts._slots, counts._counts) = (new int[counts._used], new int[counts._used]);
        for (var place = 0; place < counts._used; place++)
            (counts._slots[place], counts._counts[place]) = (reader.ReadInt32(), reader.ReadInt32());
        return counts;
    }

    private int CountBefore(int slot)
    {
        var count = 0;
        while (count < _used && _slots[count] < slot)
            count++;
        return count;
    }

    private void Insert(int place, int slot)
    {
        if (_used == _slots.Length)
        {
            Array.Resize(ref _slots, Math.Max(2, _used * 2));
            Array.Resize(ref _counts, _slots.Length);
        }
        Array.Copy(_slots, place, _slots, place + 1, _used - place);
        Array.Copy(_counts, place, _counts, place + 1, _used - place);
        _slots[place] = slot;
        _counts[place] = 1;
        _used++;
    }
}

using System.Runtime.CompilerServices;

namespace Tidal.Signals;

/// <summary>
/// Where in an index each of its items is: open addressing with linear probing, at most half full, by the item's object and
/// not by its name. Not safe for use by several threads.
/// </summary>
internal sealed class RankPlaces
{
    // A place + 1; 0 is free.
    private int[] _slots = [];

    /// <summary>Makes room for so many items; <see cref="Fill"/> follows.</summary>
    public void Grow(int capacity) => _slots = new int[System.Numerics.BitOperations.RoundUpToPowerOf2((uint)capacity * 2)];

    /// <summary>Forgets what it knew for the items given, each at its place.</summary>
    public void Fill(ItemState[] items, int count)
    {
        Array.Clear(_slots);
        for (var place = 0; place < count; place++)
            Put(items[place], place, items);
    }

    /// <summary>Looks an item up.</summary>
    public bool TryFind(ItemState item, ItemState[] items, out int place)
    {
        place = _slots.Length == 0 ? -1 : _slots[SlotOf(item, items)] - 1;
        return place >= 0;
    }

    /// <summary>Takes note of an item's place, new or changed.</summary>
    public void Put(ItemState item, int place, ItemState[] items) => _slots[SlotOf(item, items)] = place + 1;

    /// <summary>Forgets an item that is there.</summary>
    public void Remove(ItemState item, ItemState[] items)
    {
        var free = SlotOf(item, items);
        var mask = _slots.Length - 1;
        // Whoever was pushed on over the slot moves back into it, so that no search ends early.
        for (var slot = (free + 1) & mask; _slots[slot] != 0; slot = (slot + 1) & mask)
        {
            var home = HomeOf(items[_slots[slot] - 1]);
            if (((slot - home) & mask) < ((slot - free) & mask))
                continue;
            _slots[free] = _slots[slot];
            free = slot;
        }
        _slots[free] = 0;
    }

    // The slot of the item, or the free one where it belongs.
    private int SlotOf(ItemState item, ItemState[] items)
    {
        var mask = _slots.Length - 1;
        var slot = HomeOf(item);
        while (_slots[slot] is var taken and not 0 && !ReferenceEquals(items[taken - 1], item))
            slot = (slot + 1) & mask;
        return slot;
    }

    private int HomeOf(ItemState item) => (int)((uint)RuntimeHelpers.GetHashCode(item) * 2654435769u >> 8) & (_slots.Length - 1);
}

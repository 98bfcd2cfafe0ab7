using Tidal.Crdt;

namespace Tidal.Signals;

/// <summary>A count of events in one absolute time slot.</summary>
internal struct SlotCount
{
    public int Slot;
    public int Count;
}

/// <summary>
/// Lists of counts by time slot, in order of slot, all in the same pages: for the few parts with events in more slots than the
/// one that is kept with the part. Lists grow by halves of a page at most and give their old room to others. Not safe for use
/// by several threads.
/// </summary>
internal sealed class SlotLists
{
    private const int FirstRoom = 2;

    private struct List
    {
        public int Start;
        public ushort Used;
        public ushort Room;
    }

    private readonly Paged<List> _lists = new(10);
    private readonly Paged<SlotCount> _counts = new(12);
    private readonly int[] _free = new int[16];

    /// <summary>Makes empty lists next to each other.</summary>
    /// <returns>The first.</returns>
    public int Make(int lists) => _lists.Take(lists);

    /// <summary>What a list holds.</summary>
    public ReadOnlySpan<SlotCount> this[int list] => Live(ref _lists[list]);

    /// <summary>Counts events in a slot, after forgetting the slots before one: they will never be read again.</summary>
    public void Add(int list, int slot, int count, int liveFrom)
    {
        ref var held = ref _lists[list];
        DropBefore(ref held, liveFrom);
        var counts = Live(ref held);
        var place = counts.Length;
        while (place > 0 && counts[place - 1].Slot > slot)
            place--;
        if (place > 0 && counts[place - 1].Slot == slot)
            counts[place - 1].Count += count;
        else
            Insert(ref held, place, new SlotCount { Slot = slot, Count = count });
    }

    /// <summary>The events of the slots from <paramref name="first"/> to <paramref name="last"/>, both included.</summary>
    public static long Sum(ReadOnlySpan<SlotCount> counts, int first, int last)
    {
        long sum = 0;
        for (var place = counts.Length - 1; place >= 0 && counts[place].Slot >= first; place--)
        {
            if (counts[place].Slot <= last)
                sum += counts[place].Count;
        }
        return sum;
    }

    /// <summary>Counts that are live: whether dead slots were already dropped must not show.</summary>
    public static ReadOnlySpan<SlotCount> LiveOf(ReadOnlySpan<SlotCount> counts, int liveFrom)
    {
        var dead = 0;
        while (dead < counts.Length && counts[dead].Slot < liveFrom)
            dead++;
        return counts[dead..];
    }

    private Span<SlotCount> Live(ref List list) => list.Used == 0 ? default : _counts.Run(list.Start, list.Used);

    private void DropBefore(ref List list, int liveFrom)
    {
        var counts = Live(ref list);
        var live = LiveOf(counts, liveFrom).Length;
        if (live == counts.Length)
            return;
        counts[^live..].CopyTo(counts);
        list.Used = (ushort)live;
    }

    private void Insert(ref List list, int place, SlotCount count)
    {
        if (list.Used == list.Room)
            Grow(ref list);
        list.Used++;
        var counts = Live(ref list);
        counts[place..^1].CopyTo(counts[(place + 1)..]);
        counts[place] = count;
    }

    private void Grow(ref List list)
    {
        var room = Math.Max(FirstRoom, 2 * list.Room);
        // No origin can have as many live slots: the bytes of a snapshot are none.
        if (room > _counts.RunMax)
            throw new SnapshotDamagedException(0, $"a window of more than {list.Room} slots");
        var start = Room(room);
        Live(ref list).CopyTo(_counts.Run(start, list.Used));
        if (list.Room > 0)
        {
            ref var free = ref _free[ClassOf(list.Room)];
            (_counts[list.Start].Slot, free) = (free, list.Start + 1);
        }
        (list.Start, list.Room) = (start, (ushort)room);
    }

    private int Room(int room)
    {
        ref var free = ref _free[ClassOf(room)];
        if (free == 0)
            return _counts.Take(room);
        var start = free - 1;
        free = _counts[start].Slot;
        return start;
    }

    private static int ClassOf(int room) => int.Log2(room);
}

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Tidal.Crdt;

namespace Tidal.Signals;

/// <summary>
/// What users have seen of a shard's items: of each user the latest so many by (event time, item), each at its latest event. It is
/// the greatest elements of a map of maxima, so the order of records and of merges does not show: what falls out has as many
/// above it as are kept, and those only rise (PROTOCOL 17). A retraction does not unsee. Users and items are rows, so that what a
/// user has seen is one array. Not safe for use by several threads.
/// </summary>
internal sealed class SeenItems : ICrdt<SeenItems>
{
    // Rows in order of (event time, item), and behind the room for rows their event times, two ints each.
    private struct Seen
    {
        public int[]? Data;
        public int Count;

        public readonly int Room => Data is null ? 0 : Data.Length / 3;

        public readonly Span<int> Items => Data.AsSpan(0, Count);

        public readonly Span<long> Times => MemoryMarshal.Cast<int, long>(Data.AsSpan(Room))[..Count];
    }

    private const int FirstRoom = 2;
    private const int IntsALine = 16;
    private readonly int _most;
    private readonly NameTable _items;
    private readonly NameTable _users = new();
    private readonly Paged<Seen> _seen = new(10);

    /// <summary>Nothing seen yet.</summary>
    /// <param name="most">The most items kept of a user, at least 1.</param>
    /// <param name="items">The items' rows.</param>
    public SeenItems(int most, NameTable items) => (_most, _items) = (most, items);

    /// <summary>The users' rows.</summary>
    public NameTable Users => _users;

    /// <summary>Asks for the memory in which it stands where that is which a user has seen.</summary>
    public void Prefetch(int user) => CacheLines.Fetch(ref _seen[user]);

    /// <summary>Asks for the memory of what a user has seen.</summary>
    public void PrefetchItems(int user)
    {
        ref readonly var seen = ref _seen[user];
        if (seen.Data is not { } data)
            return;
        // Without its length, which would have to be waited for.
        ref var first = ref MemoryMarshal.GetArrayDataReference(data);
        for (var place = 0; place < 3 * seen.Count; place += IntsALine)
            CacheLines.Fetch(ref Unsafe.Add(ref first, place));
    }

    /// <summary>The row of a user, who gets one.</summary>
    public int RowOf(ReadOnlySpan<byte> user) => RowOf(_users.RowOf(user));

    /// <summary>The row of a user, who gets one.</summary>
    public int RowOf(ReadOnlySpan<byte> user, uint hash) => RowOf(_users.RowOf(user, hash));

    /// <summary>The row of a user, who gets one.</summary>
    public int RowOf(string user) => RowOf(_users.RowOf(user));

    /// <summary>Whether an item is among the latest that a user has seen.</summary>
    public bool Contains(string user, string item) =>
        _users.Find(user) is >= 0 and var row && _items.Find(item) is >= 0 and var seen && _seen[row].Items.Contains(seen);

    /// <summary>What a user has seen, longest ago first.</summary>
    public IEnumerable<(long EventTime, string Item)> Of(string user)
    {
        var row = _users.Find(user);
        for (var place = 0; row >= 0 && place < _seen[row].Count; place++)
            yield return (_seen[row].Times[place], _items.TextOf(_seen[row].Items[place]));
    }

    /// <summary>Takes note that a user has seen an item.</summary>
    /// <param name="user">The user's row.</param>
    /// <param name="item">The item's row.</param>
    /// <param name="eventTime">When, in milliseconds since 1970.</param>
    public void See(int user, int item, long eventTime)
    {
        ref var seen = ref _seen[user];
        var held = seen.Items.IndexOf(item);
        if (held >= 0 && eventTime <= seen.Times[held])
            return;
        var place = PlaceOf(seen, item, eventTime);
        if (held >= 0)
            Move(seen, held, place - 1, item, eventTime);
        else if (seen.Count < _most)
            Insert(ref seen, place, item, eventTime);
        else if (place > 0)
            Move(seen, 0, place - 1, item, eventTime);
    }

    /// <inheritdoc/>
    public SeenItems Merge(SeenItems other)
    {
        var merged = new SeenItems(Math.Max(_most, other._most), new NameTable());
        merged.TakeCopy(this);
        merged.TakeCopy(other);
        return merged;
    }

    /// <summary>Takes what a copy knows.</summary>
    public void TakeCopy(SeenItems copy)
    {
        for (var user = 0; user < copy._seen.Count; user++)
        {
            var row = RowOf(copy._users.BytesOf(user));
            for (var place = 0; place < copy._seen[user].Count; place++)
                See(row, _items.RowOf(copy._items.BytesOf(copy._seen[user].Items[place])), copy._seen[user].Times[place]);
        }
    }

    /// <inheritdoc/>
    public void AddTo(StateWriter digest)
    {
        digest.Add(_users.Count);
        foreach (var user in _users.InOrder())
        {
            digest.AddBytes(_users.BytesOf(user));
            ref readonly var seen = ref _seen[user];
            digest.Add(seen.Count);
            for (var place = 0; place < seen.Count; place++)
            {
                digest.Add(seen.Times[place]);
                digest.AddBytes(_items.BytesOf(seen.Items[place]));
            }
        }
    }

    /// <summary>Reads back what <see cref="AddTo"/> added, into one in which nothing is.</summary>
    /// <exception cref="SnapshotDamagedException">The bytes are no seen items, or more of a user than are kept.</exception>
    public void ReadFrom(StateReader reader)
    {
        for (var left = reader.ReadCount(sizeof(long)); left > 0; left--)
        {
            var user = RowOf(reader.ReadString());
            for (var items = reader.ReadInt32(0, _most); items > 0; items--)
            {
                var eventTime = reader.ReadInt64();
                See(user, _items.RowOf(reader.ReadString()), eventTime);
            }
        }
    }

    private int RowOf(int row)
    {
        while (_seen.Count <= row)
            _seen.Take();
        return row;
    }

    /// <summary>The place before which an event belongs; nearly always at the end.</summary>
    private int PlaceOf(in Seen seen, int item, long eventTime)
    {
        var items = seen.Items;
        var times = seen.Times;
        var place = times.Length;
        while (place > 0 && (times[place - 1] > eventTime || (times[place - 1] == eventTime && _items.Compare(items[place - 1], item) > 0)))
            place--;
        return place;
    }

    /// <summary>Takes one out and puts another in behind it.</summary>
    private static void Move(in Seen seen, int from, int to, int item, long eventTime)
    {
        var items = seen.Items;
        var times = seen.Times;
        items[(from + 1)..(to + 1)].CopyTo(items[from..]);
        times[(from + 1)..(to + 1)].CopyTo(times[from..]);
        (items[to], times[to]) = (item, eventTime);
    }

    private void Insert(ref Seen seen, int place, int item, long eventTime)
    {
        if (seen.Count == seen.Room)
            Grow(ref seen);
        seen.Count++;
        var items = seen.Items;
        var times = seen.Times;
        items[place..^1].CopyTo(items[(place + 1)..]);
        times[place..^1].CopyTo(times[(place + 1)..]);
        (items[place], times[place]) = (item, eventTime);
    }

    private void Grow(ref Seen seen)
    {
        // Even, so that the times are aligned.
        var room = (int)Math.Min(Math.Max(FirstRoom, 2L * seen.Count), ((long)_most + 1) & ~1L);
        var larger = new Seen { Data = new int[3 * room], Count = seen.Count };
        seen.Items.CopyTo(larger.Items);
        seen.Times.CopyTo(larger.Times);
        seen = larger;
    }
}

using Tidal.Crdt;
using Tidal.Schema;

namespace Tidal.Signals;

/// <summary>
/// What a user has seen of a shard's items: the latest so many by (event time, item), each at its latest event. It is the
/// greatest elements of a map of maxima, so the order of records and of merges does not show: what falls out has as many
/// above it as are kept, and those only rise (PROTOCOL 17). A retraction does not unsee. Not safe for use by several threads.
/// </summary>
internal sealed class SeenSet : ICrdt<SeenSet>
{
    private static readonly Comparer<(long EventTime, ItemId Item)> ByTimeThenItem = Comparer<(long EventTime, ItemId Item)>.Create(
        static (left, right) => left.EventTime != right.EventTime ? left.EventTime.CompareTo(right.EventTime) : left.Item.CompareTo(right.Item));

    private readonly int _most;
    private readonly Dictionary<ItemId, long> _latest = [];
    private readonly SortedSet<(long EventTime, ItemId Item)> _inOrder = new(ByTimeThenItem);

    /// <summary>Nothing seen yet.</summary>
    /// <param name="most">The most items kept, at least 1.</param>
    public SeenSet(int most) => _most = most;

    /// <summary>The items kept, the one seen longest ago first.</summary>
    public IEnumerable<(long EventTime, ItemId Item)> Items => _inOrder;

    public bool Contains(ItemId item) => _latest.ContainsKey(item);

    /// <summary>Takes note that an item was seen.</summary>
    /// <param name="item">The item.</param>
    /// <param name="eventTime">When, in milliseconds since 1970.</param>
    public void See(ItemId item, long eventTime)
    {
        if (_latest.TryGetValue(item, out var before))
        {
            if (eventTime <= before)
                return;
            _inOrder.Remove((before, item));
        }
        _latest[item] = eventTime;
        _inOrder.Add((eventTime, item));
        if (_inOrder.Count > _most)
            Forget(_inOrder.Min);
    }

    /// <inheritdoc/>
    public SeenSet Merge(SeenSet other)
    {
        var merged = new SeenSet(Math.Max(_most, other._most));
        foreach (var (eventTime, item) in _inOrder.Concat(other._inOrder))
            merged.See(item, eventTime);
        return merged;
    }

    /// <inheritdoc/>
    public void AddTo(StateWriter digest)
    {
        digest.Add(_inOrder.Count);
        foreach (var (eventTime, item) in _inOrder)
        {
            digest.Add(eventTime);
            digest.Add(item.Value);
        }
    }

    /// <summary>Reads back what <see cref="AddTo"/> added.</summary>
    /// <param name="reader">Where from.</param>
    /// <param name="most">The most items kept: the schema says.</param>
    /// <exception cref="SnapshotDamagedException">The bytes are no seen set, or one of more items.</exception>
    public static SeenSet Read(StateReader reader, int most)
    {
        var seen = new SeenSet(most);
        for (var left = reader.ReadInt32(0, most); left > 0; left--)
        {
            var eventTime = reader.ReadInt64();
            seen.See(new ItemId(reader.ReadString()), eventTime);
        }
        return seen;
    }

    private void Forget((long EventTime, ItemId Item) oldest)
    {
        _inOrder.Remove(oldest);
        _latest.Remove(oldest.Item);
    }
}

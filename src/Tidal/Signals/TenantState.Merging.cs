using Tidal.Crdt;
using Tidal.Schema;

namespace Tidal.Signals;

/// <content>Read back from a snapshot, and two copies made one.</content>
public sealed partial class TenantState
{
    /// <summary>
    /// Both copies made one, as if the records of both had been applied. What one origin alone decides (its parts, its counts)
    /// is taken from the copy that holds more of it; what any record may raise is joined.
    /// </summary>
    /// <param name="other">A copy of the same tenant and shard.</param>
    internal TenantState Merge(TenantState other)
    {
        var merged = new TenantState(_schema);
        Join(merged._materialized, _materialized, other._materialized, Math.Max);
        Join(merged._highestEventTimes, _highestEventTimes, other._highestEventTimes, Math.Max);
        Join(merged._items, _items, other._items, static (one, another) => one.Merge(another));
        Join(merged._users, _users, other._users, static (one, another) => one.Merge(another));
        Join(merged._hardNegatives, _hardNegatives, other._hardNegatives, static (one, another) => one.Merge(another));
        return merged;
    }

    /// <summary>Reads a state back.</summary>
    internal static TenantState Read(StateReader reader, SignalSchema schema)
    {
        var state = new TenantState(schema);
        Read(reader, state._materialized);
        Read(reader, state._highestEventTimes);
        for (var left = reader.ReadCount(sizeof(long)); left > 0; left--)
        {
            var item = ItemState.Read(reader, schema, state._highestEventTimes);
            state._items.Add(item.Item, item);
        }
        for (var left = reader.ReadCount(sizeof(long)); left > 0; left--)
            state._users.Add(new UserId(reader.ReadString()), AttributeSet.Read(reader));
        for (var left = reader.ReadCount(sizeof(long)); left > 0; left--)
            state._hardNegatives.Add(new UserId(reader.ReadString()), HardNegativeSet.Read(reader));
        return state;
    }

    private static void AddTo(StateWriter digest, Dictionary<RegionId, long> byOrigin)
    {
        digest.Add(byOrigin.Count);
        foreach (var (origin, value) in byOrigin.OrderBy(pair => pair.Key))
        {
            digest.Add(origin.Ordinal);
            digest.Add(value);
        }
    }

    private static void Read(StateReader reader, Dictionary<RegionId, long> byOrigin)
    {
        for (var left = reader.ReadCount(2 * sizeof(long)); left > 0; left--)
            byOrigin.Add(reader.ReadRegion(), reader.ReadInt64());
    }

    // Merging a copy with itself copies it: the result shares nothing with either.
    private static void Join<TKey, TValue>(
        Dictionary<TKey, TValue> merged, Dictionary<TKey, TValue> one, Dictionary<TKey, TValue> other, Func<TValue, TValue, TValue> join)
        where TKey : notnull
    {
        foreach (var (key, value) in one)
            merged.Add(key, join(value, other.TryGetValue(key, out var another) ? another : value));
        foreach (var (key, value) in other)
        {
            if (!one.ContainsKey(key))
                merged.Add(key, join(value, value));
        }
    }
}

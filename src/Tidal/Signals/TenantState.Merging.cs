using Tidal.Crdt;
using Tidal.Schema;

namespace Tidal.Signals;

/// <content>Read back from a snapshot, and two copies made one.</content>
public sealed partial class TenantState
{
    /// <summary>
    /// Takes what two copies know, as if the records of both had been applied; nothing may be held here yet. What one origin
    /// alone decides (its parts, its counts) is taken from the copy that holds more of it; what any record may raise is
    /// joined. Which later attempts count is decided by <see cref="ResolveLater"/>.
    /// </summary>
    internal void TakeMerged(TenantState one, TenantState other)
    {
        TakeCopy(one);
        TakeCopy(other);
        Join(_users, one._users, other._users, static (left, right) => left.Merge(right));
        Join(_hardNegatives, one._hardNegatives, other._hardNegatives, static (left, right) => left.Merge(right));
        CountEntities();
    }

    /// <summary>Reads a state into this one, of which nothing is held yet; <see cref="ResolveLater"/> follows.</summary>
    internal void ReadFrom(StateReader reader)
    {
        for (var left = reader.ReadCount(2 * sizeof(long)); left > 0; left--)
            _ledger.OriginOf(reader.ReadRegion()).FirstSignals = reader.ReadInt64();
        for (var left = reader.ReadCount(2 * sizeof(long)); left > 0; left--)
            _ledger.OriginOf(reader.ReadRegion()).Note(reader.ReadInt64());
        for (var left = reader.ReadCount(sizeof(long)); left > 0; left--)
            _items.StateOf(new ItemId(reader.ReadString())).Read(reader);
        for (var left = reader.ReadCount(sizeof(long)); left > 0; left--)
            _users.Add(new UserId(reader.ReadString()), AttributeSet.Read(reader));
        for (var left = reader.ReadCount(sizeof(long)); left > 0; left--)
            _hardNegatives.Add(new UserId(reader.ReadString()), HardNegativeSet.Read(reader));
        _seen.ReadFrom(reader);
        CountEntities();
    }

    private void TakeCopy(TenantState copy)
    {
        _ledger.TakeOrigins(copy._ledger);
        foreach (var item in copy._items)
            _items.StateOf(item.Item).TakeCopy(item);
        _seen.TakeCopy(copy._seen);
    }

    private static void AddTo(StateWriter digest, IEnumerable<(RegionId Origin, long Value)> byOrigin)
    {
        var values = byOrigin.ToList();
        digest.Add(values.Count);
        foreach (var (origin, value) in values)
        {
            digest.Add(origin.Ordinal);
            digest.Add(value);
        }
    }

    // Merging a copy with itself copies it: the result shares nothing with either.
    private static void Join<TKey, TValue>(
        IDictionary<TKey, TValue> merged, IDictionary<TKey, TValue> one, IDictionary<TKey, TValue> other, Func<TValue, TValue, TValue> join)
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

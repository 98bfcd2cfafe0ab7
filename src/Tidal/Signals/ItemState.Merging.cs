using Tidal.Crdt;
using Tidal.Schema;

namespace Tidal.Signals;

/// <content>Read back, and two copies made one.</content>
public sealed partial class ItemState
{
    /// <summary>Both copies made one: the lowest record names the home, attributes and signals join by their own merge.</summary>
    internal ItemState Merge(ItemState other)
    {
        var merged = new ItemState(Item) { FirstRecord = FirstRecord, _attributes = _attributes.Merge(other._attributes) };
        if (other.FirstRecord is { } record)
            merged.TakeFirst(record);
        foreach (var state in _signals)
            merged._signals.Add(state.Merge(other.Signals(state.Type.Id, state.Scope) ?? state));
        foreach (var state in other._signals)
        {
            if (Signals(state.Type.Id, state.Scope) is null)
                merged._signals.Add(state.Merge(state));
        }
        return merged;
    }

    /// <summary>Reads an item back.</summary>
    internal static ItemState Read(StateReader reader, SignalSchema schema, IReadOnlyDictionary<RegionId, long> highestEventTimes)
    {
        var item = new ItemState(new ItemId(reader.ReadString()));
        if (reader.ReadInt32(0, 1) == 1)
            item.FirstRecord = LwwRegister<RegionId>.Read(reader, static value => value.ReadRegion());
        item._attributes = AttributeSet.Read(reader);
        for (var left = reader.ReadCount(sizeof(long)); left > 0; left--)
            item._signals.Add(CrdtSignalState.Read(reader, schema, highestEventTimes));
        return item;
    }

    // The first record decides the home for good: of two made at once, the one of the lowest (clock, node).
    private void TakeFirst(LwwRegister<RegionId> record)
    {
        if (FirstRecord is not { } first || first.IsLaterThan(record))
            FirstRecord = record;
    }
}

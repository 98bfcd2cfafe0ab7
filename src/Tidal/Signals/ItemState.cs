using Tidal.Crdt;
using Tidal.Schema;

namespace Tidal.Signals;

/// <summary>
/// All that a shard holds of one item: what its item records say, and its signals by type and cohort. An item may have
/// signals before its record arrives; it is listed once the record is there. Not safe for use by several threads.
/// </summary>
public sealed partial class ItemState
{
    private readonly List<CrdtSignalState> _signals = new(capacity: 2);
    private AttributeSet _attributes = new();

    internal ItemState(ItemId item) => Item = item;

    /// <summary>The item.</summary>
    public ItemId Item { get; }

    /// <summary>Whether an item record has arrived.</summary>
    public bool IsListed => FirstRecord is not null;

    /// <summary>The region at which the item is at home: named by its record of the lowest (clock, node). Null until a record is there.</summary>
    public RegionId? Home => FirstRecord?.Value;

    /// <summary>When the item's first record was stamped, in milliseconds since 1970; 0 until one is there.</summary>
    public long CreatedMilliseconds => FirstRecord?.Stamp.UnixMilliseconds ?? 0;

    /// <summary>The record of the lowest (clock, node): it names the home. Null until a record is there.</summary>
    internal LwwRegister<RegionId>? FirstRecord { get; private set; }

    /// <summary>The value of an attribute, or null.</summary>
    /// <param name="key">The attribute's name.</param>
    public string? Attribute(string key) => _attributes.Value(key);

    /// <summary>The state of one signal type in one cohort, or null when nothing was counted there.</summary>
    /// <param name="type">The signal type.</param>
    /// <param name="scope">The cohort, or everyone.</param>
    public CrdtSignalState? Signals(SignalTypeId type, CohortScope scope)
    {
        foreach (var state in _signals)
        {
            if (state.Type.Id == type && state.Scope == scope)
                return state;
        }
        return null;
    }

    /// <summary>Whether anything was counted in a cohort.</summary>
    /// <param name="scope">The cohort, or everyone.</param>
    public bool HasSignalsIn(CohortScope scope)
    {
        foreach (var state in _signals)
        {
            if (state.Scope == scope)
                return true;
        }
        return false;
    }

    /// <summary>The last question of <see cref="RankIndexes"/> that came to it: no part of what is known of it.</summary>
    internal long LookedAt { get; set; }

    /// <summary>The regions in whose logs there is a record of it, in region order.</summary>
    internal IReadOnlyList<RegionId> Writers => _attributes.Writers;

    /// <returns>Whether it is the first one in its region's log.</returns>
    internal bool ApplyRecord(RegionId home, IReadOnlyList<Log.AttributeValue> attributes, HlcTimestamp stamp, NodeId node)
    {
        TakeFirst(new LwwRegister<RegionId>(home, stamp, node));
        return _attributes.Write(attributes, stamp, node);
    }

    /// <summary>The states of every signal type and cohort, in no particular order.</summary>
    internal IReadOnlyList<CrdtSignalState> AllSignals => _signals;

    /// <summary>Whether nothing is known of it any more: it was made for a later attempt that turned out not to count.</summary>
    internal bool IsEmpty => _signals.Count == 0 && !IsListed;

    internal CrdtSignalState StateOf(SignalType type, CohortScope scope)
    {
        var state = Signals(type.Id, scope);
        if (state is null)
            _signals.Add(state = new CrdtSignalState(type, scope));
        return state;
    }

    /// <summary>Forgets what was made for later attempts that turned out not to count: a digest shows what counts, not what came first.</summary>
    internal void DropEmpty() => _signals.RemoveAll(state => state.IsEmpty);

    // No two have the same type and scope.
    private static int InCanonicalOrder(CrdtSignalState left, CrdtSignalState right)
    {
        var byType = left.Type.Id.CompareTo(right.Type.Id);
        return byType != 0 ? byType : left.Scope.CompareTo(right.Scope);
    }

    internal void AddTo(StateWriter digest, IReadOnlyDictionary<RegionId, long> highestEventTimes)
    {
        digest.Add(Item.Value);
        digest.Add(IsListed ? 1 : 0);
        FirstRecord?.AddTo(digest);
        _attributes.AddTo(digest);
        digest.Add(_signals.Count);
        var states = _signals.ToArray();
        Array.Sort(states, InCanonicalOrder);
        foreach (var state in states)
            state.AddTo(digest, highestEventTimes);
    }
}

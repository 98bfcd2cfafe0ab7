using Tidal.Crdt;
using Tidal.Schema;

namespace Tidal.Signals;

/// <summary>
/// All that a shard holds of one item: what its item records say, and in which columns of the ledger it has signals. An item may
/// have signals before its record arrives; it is listed once the record is there. Not safe for use by several threads.
/// </summary>
public sealed class ItemState
{
    private static readonly AttributeSet NoAttributes = new();

    private readonly SignalLedger _ledger;
    private AttributeSet? _attributes;
    private int[] _columns = [];
    private int _columnCount;

    internal ItemState(ItemId item, int row, SignalLedger ledger) => (Item, Row, _ledger) = (item, row, ledger);

    /// <summary>The item.</summary>
    public ItemId Item { get; }

    /// <summary>Whether an item record has arrived.</summary>
    public bool IsListed => FirstRecord is not null;

    /// <summary>The region at which the item is at home: named by its record of the lowest (clock, node). Null until a record is there.</summary>
    public RegionId? Home => FirstRecord?.Value;

    /// <summary>When the item's first record was stamped, in milliseconds since 1970; 0 until one is there.</summary>
    public long CreatedMilliseconds => FirstRecord?.Stamp.UnixMilliseconds ?? 0;

    /// <summary>The item's row in the ledger.</summary>
    internal int Row { get; }

    /// <summary>The record of the lowest (clock, node): it names the home. Null until a record is there.</summary>
    internal LwwRegister<RegionId>? FirstRecord { get; private set; }

    /// <summary>The regions in whose logs there is a record of it, in region order.</summary>
    internal IReadOnlyList<RegionId> Writers => (_attributes ?? NoAttributes).Writers;

    /// <summary>The states of every signal type and cohort, in no particular order.</summary>
    internal IEnumerable<CrdtSignalState> AllSignals => _columns.Take(_columnCount).Select(column => new CrdtSignalState(_ledger, KeyOf(column)));

    /// <summary>Whether nothing is known of it any more: it was made for a later attempt that turned out not to count.</summary>
    internal bool IsEmpty => _columnCount == 0 && !IsListed;

    /// <summary>The value of an attribute, or null.</summary>
    /// <param name="key">The attribute's name.</param>
    public string? Attribute(string key) => _attributes?.Value(key);

    /// <summary>The state of one signal type in one cohort, or null when nothing was counted there.</summary>
    /// <param name="type">The signal type.</param>
    /// <param name="scope">The cohort, or everyone.</param>
    public CrdtSignalState? Signals(SignalTypeId type, CohortScope scope)
    {
        var column = _ledger.FindColumn(type.Number, scope);
        return column >= 0 && _ledger.Has(KeyOf(column)) ? new CrdtSignalState(_ledger, KeyOf(column)) : null;
    }

    /// <summary>Whether anything was counted in a cohort.</summary>
    /// <param name="scope">The cohort, or everyone.</param>
    public bool HasSignalsIn(CohortScope scope)
    {
        foreach (var column in _columns.AsSpan(0, _columnCount))
        {
            if (_ledger.ScopeOf(column) == scope)
                return true;
        }
        return false;
    }

    /// <returns>Whether it is the first one in its region's log.</returns>
    internal bool ApplyRecord(RegionId home, IReadOnlyList<Log.AttributeValue> attributes, HlcTimestamp stamp, NodeId node)
    {
        TakeFirst(new LwwRegister<RegionId>(home, stamp, node));
        return (_attributes ??= new AttributeSet()).Write(attributes, stamp, node);
    }

    /// <summary>The state of one signal type in one cohort, made if it is not there.</summary>
    internal CrdtSignalState StateOf(SignalType type, CohortScope scope)
    {
        var column = _ledger.ColumnOf(type.Id.Number, _ledger.Scopes.NumberOf(scope));
        if (_ledger.Make(KeyOf(column)))
            AddColumn(column);
        return new CrdtSignalState(_ledger, KeyOf(column));
    }

    /// <summary>Takes note of a new cell.</summary>
    internal void AddColumn(int column)
    {
        if (_columnCount == _columns.Length)
            Array.Resize(ref _columns, Math.Max(2, _columnCount + _columnCount / 2));
        _columns[_columnCount++] = column;
    }

    /// <summary>Forgets what was made for later attempts that turned out not to count: a digest shows what counts, not what came first.</summary>
    internal void DropEmpty()
    {
        var kept = 0;
        foreach (var column in _columns.AsSpan(0, _columnCount))
        {
            if (_ledger.IsEmpty(KeyOf(column)))
                _ledger.Remove(KeyOf(column));
            else
                _columns[kept++] = column;
        }
        _columnCount = kept;
    }

    /// <summary>Takes what a copy knows: the lowest record names the home, attributes and signals join by their own merge.</summary>
    internal void TakeCopy(ItemState copy)
    {
        if (copy.FirstRecord is { } record)
            TakeFirst(record);
        if (copy._attributes is { } attributes)
            _attributes = (_attributes ?? NoAttributes).Merge(attributes);
        foreach (var column in copy._columns.AsSpan(0, copy._columnCount))
        {
            var type = copy._ledger.TypeOf(column);
            _ledger.TakeCopy(StateOf(type, copy._ledger.ScopeOf(column)).Key, copy._ledger, copy.KeyOf(column));
        }
    }

    internal void AddTo(StateWriter digest)
    {
        digest.Add(Item.Value);
        digest.Add(IsListed ? 1 : 0);
        FirstRecord?.AddTo(digest);
        (_attributes ?? NoAttributes).AddTo(digest);
        digest.Add(_columnCount);
        var columns = _columns.AsSpan(0, _columnCount).ToArray();
        Array.Sort(columns, InCanonicalOrder);
        foreach (var column in columns)
            _ledger.AddTo(digest, KeyOf(column));
    }

    /// <summary>Reads back what <see cref="AddTo"/> added after the item's name, into one of which nothing is known.</summary>
    internal void Read(StateReader reader)
    {
        if (reader.ReadInt32(0, 1) == 1)
            FirstRecord = LwwRegister<RegionId>.Read(reader, static value => value.ReadRegion());
        _attributes = AttributeSet.Read(reader);
        for (var left = reader.ReadCount(sizeof(long)); left > 0; left--)
            AddColumn(_ledger.Read(reader, Row));
    }

    private ulong KeyOf(int column) => SignalLedger.KeyOf(Row, column);

    // No two have the same type and scope.
    private int InCanonicalOrder(int left, int right)
    {
        var byType = _ledger.TypeOf(left).Id.CompareTo(_ledger.TypeOf(right).Id);
        return byType != 0 ? byType : _ledger.ScopeOf(left).CompareTo(_ledger.ScopeOf(right));
    }

    // The first record decides the home for good: of two made at once, the one of the lowest (clock, node).
    private void TakeFirst(LwwRegister<RegionId> record)
    {
        if (FirstRecord is not { } first || first.IsLaterThan(record))
            FirstRecord = record;
    }
}

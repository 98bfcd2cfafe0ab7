using Tidal.Log;
using Tidal.Schema;

namespace Tidal.Signals;

/// <content>
/// The usual record, the first attempt at a signal, taken as it stands in its batch: known items, users and cohorts are found
/// without a string, and what the batch says again is not looked up again. Some are taken at a time: where each of them leads
/// is looked at before any is counted, for a processor waits for the memory of many in the time that it waits for that of one.
/// </content>
public sealed partial class TenantState
{
    // Signals that come together are of one moment.
    private struct TermMemo
    {
        public long EventTime;
        public double Weight;
        public ForwardScore Term;
    }

    /// <summary>Records taken at a time.</summary>
    internal const int ViewsMax = 16;

    private readonly int[] _itemRows = new int[ViewsMax];
    private readonly int[] _userRows = new int[ViewsMax];
    private readonly TermMemo[] _terms;
    private ulong _touched;
    private OriginTotals _origin = new(default);

    /// <summary>Begins with a batch's records.</summary>
    internal void Begin(in BatchHeader header) => _origin = _ledger.OriginOf(header.Origin.Region);

    /// <summary>Finds what first attempts at signals are about, before <see cref="ApplyFirst"/> counts them one by one.</summary>
    /// <param name="batch">The batch in which they stand.</param>
    /// <param name="views">Up to <see cref="ViewsMax"/> of its records.</param>
    internal void LookUp(scoped in BatchReader batch, ReadOnlySpan<RecordView> views)
    {
        var touched = 0UL;
        foreach (ref readonly var view in views)
            touched += _items.Names.Touch(batch.BytesOf(view.Item)) + (ulong)_seen.Touch(batch.BytesOf(view.User));
        for (var place = 0; place < views.Length; place++)
        {
            ref readonly var view = ref views[place];
            _itemRows[place] = ItemOf(batch, view.Item);
            _userRows[place] = _schema[view.SignalType].MarksSeen ? UserOf(batch, view.User) : -1;
            touched += Touch(batch, view, _itemRows[place]);
        }
        for (var place = 0; place < views.Length; place++)
        {
            touched += (ulong)_ledger.TouchParts(SignalLedger.KeyOf(_itemRows[place], _ledger.ColumnOf(views[place].SignalType.Number, ScopeTable.Everyone)));
            foreach (var cohort in batch.CohortsOf(views[place]))
                touched += (ulong)_ledger.TouchParts(SignalLedger.KeyOf(_itemRows[place], _ledger.ColumnOf(views[place].SignalType.Number, ScopeOf(batch, cohort))));
            if (_userRows[place] >= 0)
                touched += (ulong)_seen.TouchItems(_userRows[place]);
        }
        // Kept, so that looking is not left out.
        _touched = touched;
    }

    /// <summary>Applies the first attempt at a signal that <see cref="LookUp"/> was called with.</summary>
    /// <param name="batch">The batch in which it stands.</param>
    /// <param name="header">The batch's header, with which <see cref="Begin"/> was called.</param>
    /// <param name="record">The record.</param>
    /// <param name="place">Which of those found it is.</param>
    internal void ApplyFirst(scoped in BatchReader batch, in BatchHeader header, in RecordView record, int place)
    {
        if (_later.Count > 0)
            DropLater(new RecordIdentity(record.Operation, IdentityKind.Write));
        var type = _schema[record.SignalType];
        var highest = _origin.Note(record.EventTimeMilliseconds);
        var signal = new Contribution(
            header.Origin.Region, header.OriginEpoch, record.Number, TermOf(type, record),
            WindowSlots.Of(record.EventTimeMilliseconds, highest), type.HasWindows);
        var item = _itemRows[place];
        Take(item, type.Id.Number, ScopeTable.Everyone, signal);
        foreach (var cohort in batch.CohortsOf(record))
            Take(item, type.Id.Number, ScopeOf(batch, cohort), signal);
        _origin.FirstSignals++;
        if (type.MarksSeen)
            _seen.See(_userRows[place], item, record.EventTimeMilliseconds);
    }

    private ulong Touch(scoped in BatchReader batch, in RecordView view, int item)
    {
        var touched = _ledger.Touch(SignalLedger.KeyOf(item, _ledger.ColumnOf(view.SignalType.Number, ScopeTable.Everyone)));
        foreach (var cohort in batch.CohortsOf(view))
            touched += _ledger.Touch(SignalLedger.KeyOf(item, _ledger.ColumnOf(view.SignalType.Number, ScopeOf(batch, cohort))));
        return touched;
    }

    private void Take(int item, int type, int scope, in Contribution signal)
    {
        var column = _ledger.ColumnOf(type, scope);
        if (_ledger.Take(SignalLedger.KeyOf(item, column), signal))
            _items.StateOf(item).AddColumn(column);
        if (Ranks.IsFor(column))
            Ranks.Grew(item, column);
    }

    private ForwardScore TermOf(SignalType type, in RecordView record)
    {
        ref var memo = ref _terms[type.Id.Number];
        if (memo.EventTime != record.EventTimeMilliseconds || memo.Weight != record.Weight)
        {
            memo = new TermMemo
            {
                EventTime = record.EventTimeMilliseconds,
                Weight = record.Weight,
                Term = ForwardScore.Term(record.Weight, record.EventTimeMilliseconds, type.HalfLifeMilliseconds),
            };
        }
        return memo.Term;
    }

    private int ItemOf(scoped in BatchReader batch, TextPlace place)
    {
        if (place.Entry < 0)
            return _items.Names.RowOf(batch.BytesOf(place));
        ref var row = ref batch.EntryOf(place).Item;
        if (row == 0)
            row = _items.Names.RowOf(batch.BytesOf(place)) + 1;
        return row - 1;
    }

    private int UserOf(scoped in BatchReader batch, TextPlace place)
    {
        if (place.Entry < 0)
            return _seen.RowOf(batch.BytesOf(place));
        ref var row = ref batch.EntryOf(place).User;
        if (row == 0)
            row = _seen.RowOf(batch.BytesOf(place)) + 1;
        return row - 1;
    }

    private int ScopeOf(scoped in BatchReader batch, CohortPlace cohort)
    {
        if (cohort.Value.Entry < 0)
            return _ledger.Scopes.NumberOf(cohort.Attribute, batch.BytesOf(cohort.Value));
        ref var scope = ref batch.EntryOf(cohort.Value).Cohort;
        // The same value may be one of another attribute.
        if (scope == 0 || _ledger.Scopes[scope].Attribute != cohort.Attribute)
            scope = _ledger.Scopes.NumberOf(cohort.Attribute, batch.BytesOf(cohort.Value));
        return scope;
    }
}

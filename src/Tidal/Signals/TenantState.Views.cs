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
    internal const int ViewsMax = 32;

    private readonly int[] _itemRows = new int[ViewsMax];
    private readonly int[] _userRows = new int[ViewsMax];
    private readonly TermMemo[] _terms;
    private readonly uint[] _itemHashes = new uint[ViewsMax];
    private readonly uint[] _userHashes = new uint[ViewsMax];
    private OriginTotals _origin = new(default);

    /// <summary>Begins with a batch's records.</summary>
    internal void Begin(in BatchHeader header) => _origin = _ledger.OriginOf(header.Origin.Region);

    /// <summary>Finds what first attempts at signals are about, before <see cref="ApplyFirst"/> counts them one by one.</summary>
    /// <param name="batch">The batch in which they stand.</param>
    /// <param name="views">Up to <see cref="ViewsMax"/> of its records.</param>
    internal void LookUp(scoped in BatchReader batch, ReadOnlySpan<RecordView> views)
    {
        for (var place = 0; place < views.Length; place++)
        {
            _itemHashes[place] = _items.Names.Prefetch(batch.BytesOf(views[place].Item));
            _userHashes[place] = _seen.Users.Prefetch(batch.BytesOf(views[place].User));
        }
        for (var place = 0; place < views.Length; place++)
        {
            _items.Names.PrefetchName(_itemHashes[place]);
            _seen.Users.PrefetchName(_userHashes[place]);
        }
        for (var place = 0; place < views.Length; place++)
            FindRows(batch, views[place], place);
        for (var place = 0; place < views.Length; place++)
            PrefetchParts(batch, views[place], place);
    }

    private void FindRows(scoped in BatchReader batch, in RecordView view, int place)
    {
        var item = _itemRows[place] = ItemOf(batch, view.Item, _itemHashes[place]);
        _userRows[place] = _schema[view.SignalType].MarksSeen ? UserOf(batch, view.User, _userHashes[place]) : -1;
        if (_userRows[place] >= 0)
            _seen.Prefetch(_userRows[place]);
        _ledger.Prefetch(SignalLedger.KeyOf(item, _ledger.ColumnOf(view.SignalType.Number, ScopeTable.Everyone)));
        foreach (var cohort in batch.CohortsOf(view))
            _ledger.Prefetch(SignalLedger.KeyOf(item, _ledger.ColumnOf(view.SignalType.Number, ScopeOf(batch, cohort))));
    }

    private void PrefetchParts(scoped in BatchReader batch, in RecordView view, int place)
    {
        var item = _itemRows[place];
        _ledger.PrefetchParts(SignalLedger.KeyOf(item, _ledger.ColumnOf(view.SignalType.Number, ScopeTable.Everyone)));
        foreach (var cohort in batch.CohortsOf(view))
            _ledger.PrefetchParts(SignalLedger.KeyOf(item, _ledger.ColumnOf(view.SignalType.Number, ScopeOf(batch, cohort))));
        if (_userRows[place] >= 0)
            _seen.PrefetchItems(_userRows[place]);
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

    private int ItemOf(scoped in BatchReader batch, TextPlace place, uint hash)
    {
        if (place.Entry < 0)
            return _items.Names.RowOf(batch.BytesOf(place), hash);
        ref var row = ref batch.EntryOf(place).Item;
        if (row == 0)
            row = _items.Names.RowOf(batch.BytesOf(place), hash) + 1;
        return row - 1;
    }

    private int UserOf(scoped in BatchReader batch, TextPlace place, uint hash)
    {
        if (place.Entry < 0)
            return _seen.RowOf(batch.BytesOf(place), hash);
        ref var row = ref batch.EntryOf(place).User;
        if (row == 0)
            row = _seen.RowOf(batch.BytesOf(place), hash) + 1;
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

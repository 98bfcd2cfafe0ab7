using Tidal.Log;
using Tidal.Schema;

namespace Tidal.Signals;

/// <content>
/// The usual record, the first attempt at a signal, taken as it stands in its batch: known items, users and cohorts are found
/// without a string, and what the batch says again is not looked up again.
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

    private readonly TermMemo[] _terms;
    private OriginTotals _origin = new(default);

    /// <summary>Begins with a batch's records.</summary>
    internal void Begin(in BatchHeader header) => _origin = _ledger.OriginOf(header.Origin.Region);

    /// <summary>Applies the first attempt at a signal; <see cref="Begin"/> was called with its batch's header.</summary>
    internal void ApplyFirst(scoped in BatchReader batch, in BatchHeader header, in RecordView record)
    {
        if (_later.Count > 0)
            DropLater(new RecordIdentity(record.Operation, IdentityKind.Write));
        var type = _schema[record.SignalType];
        var highest = _origin.Note(record.EventTimeMilliseconds);
        var signal = new Contribution(
            header.Origin.Region, header.OriginEpoch, batch.Number, TermOf(type, record),
            WindowSlots.Of(record.EventTimeMilliseconds, highest), type.HasWindows);
        var item = ItemOf(batch, record.Item);
        Take(item, type.Id.Number, ScopeTable.Everyone, signal);
        foreach (var cohort in batch.CohortsOf(record))
            Take(item, type.Id.Number, ScopeOf(batch, cohort), signal);
        _origin.FirstSignals++;
        if (type.MarksSeen)
            _seen.See(UserOf(batch, record.User), item, record.EventTimeMilliseconds);
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

using Tidal.Log;
using Tidal.Schema;

namespace Tidal.Signals;

/// <content>
/// Which record of an operation counts (DESIGN §6): of all that the logs held say of it the one of the lowest (attempt,
/// region, number). A first attempt goes into its origin's part for good; later ones stand beside the parts, and are decided
/// here, for the whole tenant: an attempt may say of an operation something else than the one before it did, and all of it
/// must go when it does not count.
/// </content>
public sealed partial class TenantState
{
    /// <summary>The later attempt at something that counts, and all that it was added to.</summary>
    private readonly record struct Counting(byte Attempt, RegionId Region, ulong Number, ItemId Item, SignalTypeId Type, IReadOnlyList<CohortScope> Cohorts)
    {
        public bool CountsBefore(in Counting other) =>
            (Attempt, (Region, Number)).CompareTo((other.Attempt, (other.Region, other.Number))) < 0;
    }

    private readonly Dictionary<RecordIdentity, Counting> _later = [];
    private readonly Predicate<RecordIdentity> _isFirstHeld;
    private long _laterSignals;

    /// <summary>Signals that count, over all origins: first attempts, and the one later attempt of an operation that has no first.</summary>
    public long SignalsMaterialized => _ledger.Origins.Sum(origin => origin.FirstSignals) + _laterSignals;

    /// <summary>Whether a later attempt at something counts, as far as this copy knows.</summary>
    internal bool CountsLater(RecordIdentity identity) => _later.ContainsKey(identity);

    /// <summary>Whether a later attempt at an operation counts, as far as this copy knows; asked at every record.</summary>
    internal bool CountsLater(OperationId operation) => _later.Count > 0 && CountsLater(new RecordIdentity(operation, IdentityKind.Write));

    /// <summary>The later attempt at something that counts, as far as this copy knows: its attempt, and where it was accepted.</summary>
    internal (byte Attempt, RegionId Region)? FindLater(RecordIdentity identity) =>
        _later.TryGetValue(identity, out var counting) ? (counting.Attempt, counting.Region) : null;

    /// <summary>
    /// Decides anew which later attempts count, after states were read back or merged: of each identity the lowest, and none
    /// of one that does not count for another reason.
    /// </summary>
    /// <param name="isVoid">Whether none counts of an identity: its first attempt is held, or another copy knew better.</param>
    internal void ResolveLater(Predicate<RecordIdentity> isVoid)
    {
        Ranks.Clear();
        _later.Clear();
        _laterSignals = 0;
        if (!_ledger.HasLater)
            return;
        foreach (var (identity, counting) in FindLater().Where(pair => !isVoid(pair.Key)))
            Remember(identity, counting);
        foreach (var state in _items.SelectMany(item => item.AllSignals))
            state.Void(later => !_later.TryGetValue(later.Identity, out var counts) || (counts.Region, counts.Number) != later.Place);
        foreach (var item in _items.ToList())
            DropEmpty(item);
    }

    private void ApplyCounted(in BatchHeader header, ulong number, in LogRecord record)
    {
        var signal = EventOf(header, number, record);
        var identity = record.Identity;
        if (record.Attempt > 0)
        {
            TakeLater(identity, record, signal);
            return;
        }
        DropLater(identity);
        var (item, type) = (_items.StateOf(record.Item), _schema[record.SignalType]);
        Apply(item, item.StateOf(type, CohortScope.Everyone), identity.Kind, signal);
        foreach (var cohort in record.Cohorts ?? [])
            Apply(item, item.StateOf(type, cohort), identity.Kind, signal);
        if (record.Kind == RecordKind.Signal)
            _ledger.OriginOf(signal.Origin).FirstSignals++;
    }

    private void Apply(ItemState item, CrdtSignalState cell, IdentityKind kind, in SignalEvent signal)
    {
        cell.Apply(kind, signal);
        Ranks.Changed(item, cell);
    }

    private void TakeLater(RecordIdentity identity, in LogRecord record, in SignalEvent signal)
    {
        var cohorts = record.Cohorts ?? [];
        var counting = new Counting(record.Attempt, signal.Origin, signal.Number, record.Item, record.SignalType, cohorts);
        if (_isFirstHeld(identity) || (_later.TryGetValue(identity, out var held) && !counting.CountsBefore(held)))
            return;
        DropLater(identity);
        Remember(identity, counting);
        var (item, type) = (_items.StateOf(record.Item), _schema[record.SignalType]);
        foreach (var scope in cohorts.Prepend(CohortScope.Everyone))
        {
            var cell = item.StateOf(type, scope);
            cell.ApplyLater(identity, record.Attempt, signal);
            Ranks.Changed(item, cell);
        }
    }

    private void DropLater(RecordIdentity identity)
    {
        // The usual case, at every record.
        if (_later.Count == 0 || !_later.Remove(identity, out var counted))
            return;
        if (identity.Kind == IdentityKind.Write)
            _laterSignals--;
        var item = _items.Find(counted.Item)!;
        foreach (var scope in counted.Cohorts.Prepend(CohortScope.Everyone))
        {
            if (item.Signals(counted.Type, scope) is not { } cell)
                continue;
            _ledger.RemoveLater(cell.Key, identity);
            Ranks.Fell(item, cell);
        }
        DropEmpty(item);
    }

    private void Remember(RecordIdentity identity, in Counting counting)
    {
        _later.Add(identity, counting);
        if (identity.Kind == IdentityKind.Write)
            _laterSignals++;
    }

    private void DropEmpty(ItemState item)
    {
        item.DropEmpty();
        if (item.IsEmpty)
            _items.Remove(item);
    }

    /// <summary>Of each identity the lowest later attempt that stands at any item, with the cohorts that it stands in there.</summary>
    private Dictionary<RecordIdentity, Counting> FindLater()
    {
        var found = new Dictionary<RecordIdentity, Counting>();
        foreach (var item in _items)
        {
            foreach (var state in item.AllSignals)
            {
                foreach (var later in state.Later)
                    Find(found, item.Item, state, later);
            }
        }
        return found;
    }

    private static void Find(Dictionary<RecordIdentity, Counting> found, ItemId item, CrdtSignalState state, in LaterAttempt later)
    {
        var scopes = state.Scope == CohortScope.Everyone ? new List<CohortScope>() : [state.Scope];
        var counting = new Counting(later.Attempt, later.Place.Region, later.Place.Number, item, state.Type.Id, scopes);
        if (!found.TryGetValue(later.Identity, out var held) || counting.CountsBefore(held))
            found[later.Identity] = counting;
        else if (!held.CountsBefore(counting))
            ((List<CohortScope>)held.Cohorts).AddRange(scopes);
    }
}

using System.Collections.ObjectModel;
using Tidal.Crdt;
using Tidal.Log;
using Tidal.Schema;

namespace Tidal.Signals;

/// <summary>
/// One tenant's derived state in one shard: the signal ledger, its items and its users. A function of the records applied:
/// each origin's in that origin's order, in any interleaving. Not safe for use by several threads.
/// </summary>
public sealed partial class TenantState
{
    private static readonly int[] KindsApplied =
    [
        (int)RecordKind.Signal, (int)RecordKind.Retraction, (int)RecordKind.HardNegative,
        (int)RecordKind.Item, (int)RecordKind.UserAttributes, (int)RecordKind.Session,
        (int)RecordKind.TenantMarker, (int)RecordKind.Seal,
    ];

    private readonly SignalSchema _schema;
    private readonly SignalLedger _ledger;
    private readonly ItemTable _items;
    private readonly SeenItems _seen;
    private readonly Dictionary<UserId, AttributeSet> _users = [];
    private readonly Dictionary<UserId, HardNegativeSet> _hardNegatives = [];

    /// <summary>An empty state.</summary>
    /// <param name="schema">What the tenant counts.</param>
    /// <param name="isFirstHeld">
    /// Whether the first attempt at something is in a log that is held; null where every record is a first attempt.
    /// </param>
    public TenantState(SignalSchema schema, Predicate<RecordIdentity>? isFirstHeld = null)
    {
        _schema = schema;
        _ledger = new SignalLedger([.. schema.Signals]);
        _items = new ItemTable(_ledger);
        _seen = new SeenItems(schema.SeenItemsMax, _items.Names);
        _terms = new TermMemo[schema.Signals.Count];
        Ranks = new RankIndexes(schema, _ledger, _items);
        _isFirstHeld = isFirstHeld ?? (static _ => false);
    }

    /// <summary>Every item that has a signal or a record, in no particular order.</summary>
    public IReadOnlyCollection<ItemState> Items => _items;

    /// <summary>The best of the items, by what queries have asked for: not part of the state, but following it.</summary>
    internal RankIndexes Ranks { get; }

    /// <summary>The best items of one order.</summary>
    internal RankIndex Rank(RankOrder order, SignalTypeId type, CohortScope scope) => Ranks.Of(order, type, scope);

    /// <summary>An item's state, or null when nothing is known of it.</summary>
    /// <param name="item">The item.</param>
    public ItemState? Find(ItemId item) => _items.Find(item);

    /// <summary>The value of a user's attribute, or null.</summary>
    /// <param name="user">The user.</param>
    /// <param name="attribute">The attribute's name.</param>
    public string? UserAttribute(UserId user, string attribute) => _users.GetValueOrDefault(user)?.Value(attribute);

    /// <summary>The decayed sum of an item's signals of one type, as the acceptance text's <c>read_decay_score</c>.</summary>
    /// <param name="item">The item.</param>
    /// <param name="signal">The signal type.</param>
    /// <param name="scope">The cohort, or everyone.</param>
    /// <param name="timeMilliseconds">The read time, in milliseconds since 1970.</param>
    /// <returns>The score; 0 when nothing was counted.</returns>
    public double ReadDecayScore(ItemId item, SignalTypeId signal, CohortScope scope, long timeMilliseconds) =>
        Find(item)?.Signals(signal, scope)?.DecayScore(timeMilliseconds) ?? 0;

    /// <summary>The number of an item's signals of one type in a window.</summary>
    /// <param name="item">The item.</param>
    /// <param name="signal">The signal type.</param>
    /// <param name="scope">The cohort, or everyone.</param>
    /// <param name="window">The window, which ends at the read time.</param>
    /// <param name="timeMilliseconds">The read time, in milliseconds since 1970.</param>
    public long ReadCount(ItemId item, SignalTypeId signal, CohortScope scope, CountWindow window, long timeMilliseconds) =>
        Find(item)?.Signals(signal, scope)?.Count(window, timeMilliseconds) ?? 0;

    /// <summary>Whether a user has hidden, muted or blocked a target and not undone it; to be asked in the user's shard.</summary>
    /// <param name="user">The user.</param>
    /// <param name="targetKind">Whether the target is an item or a creator.</param>
    /// <param name="target">The item's or creator's id.</param>
    public bool IsHidden(UserId user, TargetKind targetKind, string target) =>
        _hardNegatives.GetValueOrDefault(user)?.IsHidden(targetKind, target) ?? false;

    /// <summary>All that a user hides, mutes or blocks now, in canonical order; to be asked in the user's shard.</summary>
    /// <param name="user">The user.</param>
    public IEnumerable<HardNegativeTarget> HiddenBy(UserId user) => _hardNegatives.GetValueOrDefault(user)?.Hidden ?? [];

    /// <summary>The registers of a user's hard negatives, in canonical order: those undone as well, which an older hide must still lose to.</summary>
    /// <param name="user">The user.</param>
    public IReadOnlyDictionary<HardNegativeTarget, HardNegativeRegister> HardNegativesOf(UserId user) =>
        _hardNegatives.GetValueOrDefault(user)?.Registers ?? ReadOnlyDictionary<HardNegativeTarget, HardNegativeRegister>.Empty;

    /// <summary>Every register of a hard negative that was ever written, whose and of what, in no particular order.</summary>
    public IEnumerable<(UserId User, HardNegativeTarget Target)> HardNegativeKeys =>
        _hardNegatives.SelectMany(negatives => negatives.Value.Registers.Keys.Select(target => (negatives.Key, target)));

    /// <summary>Whether an item of this shard is among the latest that a user has seen.</summary>
    /// <param name="user">The user.</param>
    /// <param name="item">The item.</param>
    public bool HasSeen(UserId user, ItemId item) => _seen.Contains(user.Value, item.Value);

    /// <summary>Applies one committed record.</summary>
    /// <param name="header">The header of the batch that it came in.</param>
    /// <param name="number">Its number in its origin's log.</param>
    /// <param name="record">The record.</param>
    /// <exception cref="UnsupportedFormatException">The record is of a kind that this version does not apply.</exception>
    public void Apply(in BatchHeader header, ulong number, in LogRecord record)
    {
        switch (record.Kind)
        {
            case RecordKind.Signal or RecordKind.Retraction:
                // A retraction repeats the signal, cohorts included, so that it takes off exactly what the signal added.
                ApplyCounted(header, number, record);
                MarkSeen(record);
                break;
            case RecordKind.HardNegative:
                ApplyHardNegative(record);
                break;
            case RecordKind.Item:
                ApplyItem(header, record);
                break;
            case RecordKind.UserAttributes:
                CountEntity(UserOf(record.User).Write(record.Attributes ?? [], record.Hlc, header.Origin), header.Origin);
                break;
            case RecordKind.Session or RecordKind.TenantMarker or RecordKind.Seal:
                break;
            default:
                throw new UnsupportedFormatException("record kind", (int)record.Kind, KindsApplied);
        }
    }

    /// <summary>Adds the state to a digest, in canonical order.</summary>
    /// <param name="digest">The digest.</param>
    public void AddTo(StateWriter digest)
    {
        AddTo(digest, _ledger.Origins.Where(origin => origin.FirstSignals > 0).Select(origin => (origin.Region, origin.FirstSignals)));
        AddTo(digest, _ledger.Origins.Where(origin => origin.HighestEventTime is not null).Select(origin => (origin.Region, origin.HighestEventTime!.Value)));
        digest.Add(_items.Count);
        foreach (var item in _items.OrderBy(item => item.Item))
            item.AddTo(digest);
        digest.Add(_users.Count);
        foreach (var (user, attributes) in _users.OrderBy(pair => pair.Key))
        {
            digest.Add(user.Value);
            attributes.AddTo(digest);
        }
        digest.Add(_hardNegatives.Count);
        foreach (var (user, negatives) in _hardNegatives.OrderBy(pair => pair.Key))
        {
            digest.Add(user.Value);
            negatives.AddTo(digest);
        }
        _seen.AddTo(digest);
    }

    private void ApplyItem(in BatchHeader header, in LogRecord record)
    {
        var item = _items.StateOf(record.Item);
        CountEntity(item.ApplyRecord(record.HomeRegion, record.Attributes ?? [], record.Hlc, header.Origin), header.Origin);
        Ranks.Listed(item);
    }

    // Whichever of an operation's attempts it comes with: the event was the same.
    private void MarkSeen(in LogRecord record)
    {
        if (record.Kind != RecordKind.Signal || !_schema[record.SignalType].MarksSeen)
            return;
        _seen.See(_seen.RowOf(record.User.Value), _items.Names.RowOf(record.Item.Value), record.EventTimeMilliseconds);
    }

    private SignalEvent EventOf(in BatchHeader header, ulong number, in LogRecord record)
    {
        var highest = _ledger.OriginOf(header.Origin.Region).Note(record.EventTimeMilliseconds);
        return new SignalEvent(header.Origin.Region, header.OriginEpoch, number, record.Weight, record.EventTimeMilliseconds, highest);
    }

    private void ApplyHardNegative(in LogRecord record)
    {
        if (!_hardNegatives.TryGetValue(record.User, out var negatives))
            _hardNegatives.Add(record.User, negatives = new HardNegativeSet());
        var register = record.IsUndo ? HardNegativeRegister.OfUndo(record.Hlc) : HardNegativeRegister.OfHide(record.Hlc);
        negatives.Take(new HardNegativeTarget(record.TargetKind, record.Target!, record.NegativeKind), register);
    }

    private AttributeSet UserOf(UserId user)
    {
        if (!_users.TryGetValue(user, out var attributes))
            _users.Add(user, attributes = new AttributeSet());
        return attributes;
    }
}

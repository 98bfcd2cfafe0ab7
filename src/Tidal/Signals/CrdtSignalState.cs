using Tidal.Crdt;
using Tidal.Log;
using Tidal.Schema;

namespace Tidal.Signals;

/// <summary>
/// All that is known of one (item, signal type, cohort): a part per origin. Parts are added at read, in region order, so
/// replicas that hold the same origin logs read the same bits, whatever the interleaving in which they took them
/// (an operation-based CRDT per origin, state-based between copies: Shapiro et al. 2011). What was taken back is added up
/// apart from what was counted, and taken off at read. It is a view of the ledger that it was found in, and shows what is
/// counted there later on. Not safe for use by several threads.
/// </summary>
public readonly record struct CrdtSignalState : ICrdt<CrdtSignalState>
{
    private readonly SignalLedger _ledger;
    private readonly ulong _key;

    /// <summary>A state of its own, of which nothing is known.</summary>
    internal CrdtSignalState(SignalType type, CohortScope scope)
    {
        _ledger = new SignalLedger(type);
        _key = SignalLedger.KeyOf(0, _ledger.ColumnOf(0, _ledger.Scopes.NumberOf(scope)));
        _ledger.Make(_key);
    }

    /// <summary>A cell of a ledger.</summary>
    internal CrdtSignalState(SignalLedger ledger, ulong key) => (_ledger, _key) = (ledger, key);

    /// <summary>The signal type.</summary>
    public SignalType Type => _ledger.TypeOf(SignalLedger.ColumnOf(_key));

    /// <summary>Whose signals: everyone's or one cohort's.</summary>
    public CohortScope Scope => _ledger.ScopeOf(SignalLedger.ColumnOf(_key));

    /// <summary>The cell.</summary>
    internal ulong Key => _key;

    /// <summary>The later attempts that count, as far as this copy knows, in the order in which they are added at read.</summary>
    internal IReadOnlyCollection<LaterAttempt> Later => _ledger.LaterOf(_key);

    /// <summary>The decayed sum over all origins, less what was taken back.</summary>
    internal ForwardScore Score => _ledger.Forward(_key);

    /// <summary>Whether nothing in it was taken back and no later attempt is in it: what it reads has never been more.</summary>
    internal bool OnlyGrows => _ledger.OnlyGrows(_key);

    /// <summary>The decayed sum over all origins at a time, less what was taken back; at least 0.</summary>
    /// <param name="timeMilliseconds">The read time, in milliseconds since 1970.</param>
    public double DecayScore(long timeMilliseconds) => _ledger.DecayScore(_key, timeMilliseconds);

    /// <summary>The signals of all origins counted in a window that ends at a time, less those taken back; at least 0.</summary>
    /// <param name="window">The window.</param>
    /// <param name="timeMilliseconds">The read time, in milliseconds since 1970.</param>
    public long Count(CountWindow window, long timeMilliseconds) => _ledger.Count(_key, window, timeMilliseconds);

    /// <summary>
    /// What one origin's part has counted of all time. What was tried in several regions may be in no part; a read adds it or
    /// takes it off.
    /// </summary>
    /// <param name="origin">The origin.</param>
    /// <returns>Its counts; zeros when nothing of that origin is known.</returns>
    public PNCounter CountsOf(RegionId origin) => _ledger.CountsOf(_key, origin);

    /// <summary>
    /// Both copies made one: of each origin the newer part, and of what was tried in several regions the lowest attempt.
    /// Nothing is added up. That a later attempt does not count, because the first is in a part, is not known here but where
    /// the operations of the logs are: <see cref="TenantState.ResolveLater"/> sees to it.
    /// </summary>
    /// <param name="other">A copy of the same signal type and cohort.</param>
    /// <exception cref="ArgumentException">The other is of another signal type or cohort.</exception>
    public CrdtSignalState Merge(CrdtSignalState other)
    {
        if (other.Type.Id != Type.Id || other.Scope != Scope)
            throw new ArgumentException($"{other.Type.Name} in {other.Scope} is no copy of {Type.Name} in {Scope}.", nameof(other));
        var merged = new CrdtSignalState(Type, Scope);
        merged.Take(this);
        merged.Take(other);
        return merged;
    }

    /// <inheritdoc/>
    public void AddTo(StateWriter digest)
    {
        ArgumentNullException.ThrowIfNull(digest);
        _ledger.AddTo(digest, _key);
    }

    /// <summary>Takes the first attempt at a signal or a retraction into its origin's part.</summary>
    internal void Apply(IdentityKind kind, in SignalEvent signal)
    {
        _ledger.OriginOf(signal.Origin).Note(signal.HighestEventTimeMilliseconds);
        if (kind == IdentityKind.Retraction)
            _ledger.TakeBack(_key, signal.To(Type));
        else
            _ledger.Take(_key, signal.To(Type));
    }

    /// <summary>Takes a later attempt beside the parts, unless a lower one of its identity is there.</summary>
    internal void ApplyLater(RecordIdentity identity, byte attempt, in SignalEvent signal)
    {
        _ledger.OriginOf(signal.Origin).Note(signal.HighestEventTimeMilliseconds);
        _ledger.TakeLater(_key, identity, attempt, signal.To(Type));
    }

    /// <summary>Drops later attempts that turn out not to count.</summary>
    internal void Void(Predicate<LaterAttempt> isVoid)
    {
        foreach (var later in Later.Where(later => isVoid(later)).ToList())
            _ledger.RemoveLater(_key, later.Identity);
    }

    private void Take(CrdtSignalState copy)
    {
        _ledger.TakeOrigins(copy._ledger);
        _ledger.TakeCopy(_key, copy._ledger, copy._key);
    }
}

using Tidal.Crdt;
using Tidal.Log;
using Tidal.Schema;

namespace Tidal.Signals;

/// <summary>
/// All that is known of one (item, signal type, cohort): a part per origin. Parts are added at read, in region order, so
/// replicas that hold the same origin logs read the same bits, whatever the interleaving in which they took them
/// (an operation-based CRDT per origin, state-based between copies: Shapiro et al. 2011). What was taken back is added up
/// apart from what was counted, and taken off at read. Not safe for use by several threads.
/// </summary>
public sealed partial class CrdtSignalState : ICrdt<CrdtSignalState>
{
    private readonly List<OriginPart> _parts = new(capacity: 1);
    private LaterAttempts? _later;

    internal CrdtSignalState(SignalType type, CohortScope scope)
    {
        Type = type;
        Scope = scope;
    }

    /// <summary>The signal type.</summary>
    public SignalType Type { get; }

    /// <summary>Whose signals: everyone's or one cohort's.</summary>
    public CohortScope Scope { get; }

    /// <summary>The later attempts that count, as far as this copy knows, in the order in which they are added at read.</summary>
    internal IReadOnlyCollection<LaterAttempt> Later => _later?.InOrder ?? [];

    /// <summary>Whether nothing is left in it: it was made for a later attempt that turned out not to count.</summary>
    internal bool IsEmpty => _parts.Count == 0 && Later.Count == 0;

    /// <summary>Whether score and count never were less than before: nothing was taken back, and no later attempt was ever counted.</summary>
    internal bool OnlyGrows => _later is null && !_parts.Exists(static part => part.HasRetracted);

    /// <summary>The decayed sum over all origins at a time, less what was taken back; at least 0.</summary>
    /// <param name="timeMilliseconds">The read time, in milliseconds since 1970.</param>
    public double DecayScore(long timeMilliseconds) => Score.At(timeMilliseconds, Type.HalfLifeMilliseconds);

    /// <summary>The decayed sum over all origins, less what was taken back.</summary>
    internal ForwardScore Score
    {
        get
        {
            var (added, retracted) = (ForwardScore.Zero, ForwardScore.Zero);
            foreach (var part in _parts)
            {
                added = added.Plus(part.Score);
                retracted = retracted.Plus(part.RetractedScore);
            }
            if (_later is not null)
                (added, retracted) = PlusLater(added, retracted);
            return retracted.Mantissa == 0 ? added : LeftOf(added, retracted);
        }
    }

    /// <summary>The signals of all origins counted in a window that ends at a time, less those taken back; at least 0.</summary>
    /// <param name="window">The window.</param>
    /// <param name="timeMilliseconds">The read time, in milliseconds since 1970.</param>
    public long Count(CountWindow window, long timeMilliseconds)
    {
        long sum = 0;
        foreach (var part in _parts)
            sum += part.Count(window, timeMilliseconds);
        if (_later is not null)
            sum += _later.InOrder.Sum(later => later.Alone.Count(window, timeMilliseconds));
        return Math.Max(0, sum);
    }

    /// <summary>
    /// What one origin's part has counted of all time. What was tried in several regions may be in no part; a read adds it or
    /// takes it off.
    /// </summary>
    /// <param name="origin">The origin.</param>
    /// <returns>Its counts; zeros when nothing of that origin is known.</returns>
    public PNCounter CountsOf(RegionId origin) => _parts.Find(part => part.Region == origin)?.Counts ?? default;

    /// <summary>Takes the first attempt at a signal or a retraction into its origin's part.</summary>
    internal void Apply(IdentityKind kind, in SignalEvent signal) => Apply(PartOf(signal.Origin), kind, signal);

    /// <summary>Takes a later attempt beside the parts, unless a lower one of its identity is there.</summary>
    internal void ApplyLater(RecordIdentity identity, byte attempt, in SignalEvent signal)
    {
        var alone = new OriginPart(signal.Origin);
        Apply(alone, identity.Kind, signal);
        TakeLater(new LaterAttempt(identity, attempt, alone));
    }

    /// <summary>Drops the later attempt at something: another record of it counts.</summary>
    internal void RemoveLater(RecordIdentity identity) => _later?.Remove(identity);

    private void Apply(OriginPart part, IdentityKind kind, in SignalEvent signal)
    {
        if (kind == IdentityKind.Retraction)
            part.Retract(Type, signal);
        else
            part.Apply(Type, signal);
    }

    private (ForwardScore Added, ForwardScore Retracted) PlusLater(ForwardScore added, ForwardScore retracted)
    {
        foreach (var later in _later!.InOrder)
        {
            added = added.Plus(later.Alone.Score);
            retracted = retracted.Plus(later.Alone.RetractedScore);
        }
        return (added, retracted);
    }

    // Where as many were taken back as counted, the two sums differ by rounding only, and what was undone must not stay
    // listed for that; "by rounding" is asked as well, because a retraction may be known before its signal is.
    private ForwardScore LeftOf(ForwardScore added, ForwardScore retracted)
    {
        var left = added.Less(retracted);
        return Count(CountWindow.All, 0) == 0 && left.IsRoundingOf(added) ? ForwardScore.Zero : left;
    }

    private OriginPart PartOf(RegionId origin)
    {
        var place = PlaceOf(origin);
        if (place == _parts.Count || _parts[place].Region != origin)
            _parts.Insert(place, new OriginPart(origin));
        return _parts[place];
    }

    private int PlaceOf(RegionId origin)
    {
        var place = 0;
        while (place < _parts.Count && _parts[place].Region.CompareTo(origin) < 0)
            place++;
        return place;
    }
}

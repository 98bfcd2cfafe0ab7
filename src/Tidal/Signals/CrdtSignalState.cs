using Tidal.Crdt;
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
    private LaterRetractions? _later;

    internal CrdtSignalState(SignalType type, CohortScope scope)
    {
        Type = type;
        Scope = scope;
    }

    /// <summary>The signal type.</summary>
    public SignalType Type { get; }

    /// <summary>Whose signals: everyone's or one cohort's.</summary>
    public CohortScope Scope { get; }

    private IReadOnlyCollection<LaterRetraction> Later => _later?.InOrder ?? [];

    /// <summary>The decayed sum over all origins at a time, less what was taken back; at least 0.</summary>
    /// <param name="timeMilliseconds">The read time, in milliseconds since 1970.</param>
    public double DecayScore(long timeMilliseconds)
    {
        var (added, retracted) = (ForwardScore.Zero, ForwardScore.Zero);
        foreach (var part in _parts)
        {
            added = added.Plus(part.Score);
            retracted = retracted.Plus(part.RetractedScore);
        }
        if (_later is not null)
            retracted = PlusLater(retracted);
        var left = retracted.Mantissa == 0 ? added : LeftOf(added, retracted);
        return left.At(timeMilliseconds, Type.HalfLifeMilliseconds);
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
            sum += _later.InOrder.Sum(later => later.Part.Count(window, timeMilliseconds));
        return Math.Max(0, sum);
    }

    /// <summary>
    /// What one origin's part has counted of all time. Retractions that were tried in several regions are in no part; a
    /// read takes them off.
    /// </summary>
    /// <param name="origin">The origin.</param>
    /// <returns>Its counts; zeros when nothing of that origin is known.</returns>
    public PNCounter CountsOf(RegionId origin) => _parts.Find(part => part.Region == origin)?.Counts ?? default;

    internal void Apply(in SignalEvent signal) => PartOf(signal.Origin).Apply(Type, signal);

    /// <summary>Takes a signal back: in its origin's part at the first attempt, beside the parts at a later one.</summary>
    internal void Retract(OperationId retracted, byte attempt, in SignalEvent signal)
    {
        if (attempt == 0)
        {
            PartOf(signal.Origin).Retract(Type, retracted, signal);
            _later?.Remove(retracted);
            return;
        }
        var alone = new OriginPart(signal.Origin);
        alone.Retract(Type, retracted, signal);
        TakeLater(new LaterRetraction(retracted, attempt, alone));
    }

    private ForwardScore PlusLater(ForwardScore retracted)
    {
        foreach (var later in _later!.InOrder)
            retracted = retracted.Plus(later.Part.RetractedScore);
        return retracted;
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

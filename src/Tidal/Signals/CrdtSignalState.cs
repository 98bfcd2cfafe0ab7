using Tidal.Crdt;
using Tidal.Schema;

namespace Tidal.Signals;

/// <summary>
/// All that is known of one (item, signal type, cohort): a part per origin. Parts are added at read, in region order, so
/// replicas that hold the same origin logs read the same bits, whatever the interleaving in which they took them
/// (an operation-based CRDT per origin, state-based between copies: Shapiro et al. 2011). Not safe for use by several threads.
/// </summary>
public sealed class CrdtSignalState
{
    private readonly List<OriginPart> _parts = new(capacity: 1);

    internal CrdtSignalState(SignalType type, CohortScope scope)
    {
        Type = type;
        Scope = scope;
    }

    /// <summary>The signal type.</summary>
    public SignalType Type { get; }

    /// <summary>Whose signals: everyone's or one cohort's.</summary>
    public CohortScope Scope { get; }

    /// <summary>The decayed sum over all origins at a time.</summary>
    /// <param name="timeMilliseconds">The read time, in milliseconds since 1970.</param>
    public double DecayScore(long timeMilliseconds)
    {
        var sum = ForwardScore.Zero;
        foreach (var part in _parts)
            sum = sum.Plus(part.Score);
        return sum.At(timeMilliseconds, Type.HalfLifeMilliseconds);
    }

    /// <summary>The signals of all origins counted in a window that ends at a time.</summary>
    /// <param name="window">The window.</param>
    /// <param name="timeMilliseconds">The read time, in milliseconds since 1970.</param>
    public long Count(CountWindow window, long timeMilliseconds)
    {
        long sum = 0;
        foreach (var part in _parts)
            sum += part.Count(window, timeMilliseconds);
        return Math.Max(0, sum);
    }

    internal void Apply(in SignalEvent signal) => PartOf(signal.Origin).Apply(Type, signal);

    internal void AddTo(StateDigest digest, IReadOnlyDictionary<RegionId, long> highestEventTimes)
    {
        digest.Add(Type.Id.Number);
        digest.Add(Scope.Attribute);
        digest.Add(Scope.Value);
        digest.Add(_parts.Count);
        foreach (var part in _parts)
            part.AddTo(digest, highestEventTimes[part.Region]);
    }

    private OriginPart PartOf(RegionId origin)
    {
        var place = 0;
        while (place < _parts.Count && _parts[place].Region.CompareTo(origin) < 0)
            place++;
        if (place == _parts.Count || _parts[place].Region != origin)
            _parts.Insert(place, new OriginPart(origin));
        return _parts[place];
    }
}

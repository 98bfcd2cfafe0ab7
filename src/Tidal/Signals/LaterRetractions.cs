using Tidal.Crdt;
using Tidal.Schema;

namespace Tidal.Signals;

/// <summary>
/// A retraction that was tried elsewhere before (attempt 1 or more): kept beside the origins' parts, because another
/// record may turn out to be the one of its operation that counts. Immutable.
/// </summary>
/// <param name="Retracted">The operation taken back.</param>
/// <param name="Attempt">The record's attempt, from 1.</param>
/// <param name="Part">The retraction alone, as a part of the origin whose log holds it. Never applied to again.</param>
internal readonly record struct LaterRetraction(OperationId Retracted, byte Attempt, OriginPart Part)
{
    /// <summary>Where the record stands.</summary>
    public (RegionId Region, ulong Number) Place => (Part.Region, Part.Version.Number);

    /// <summary>Of all retractions of one operation the lowest (attempt, region, number) counts: a function of the logs held.</summary>
    public bool CountsBefore(in LaterRetraction other) => (Attempt, Place).CompareTo((other.Attempt, other.Place)) < 0;
}

/// <summary>
/// The later attempts at retracting signals of one (item, signal, cohort), one an operation, in the order in which they are
/// added at read: region, number (PROTOCOL 12). Not safe for use by several threads.
/// </summary>
internal sealed class LaterRetractions
{
    private readonly Dictionary<OperationId, LaterRetraction> _byOperation = [];
    private readonly SortedDictionary<(RegionId Region, ulong Number), LaterRetraction> _inOrder = [];

    /// <summary>What counts, in order.</summary>
    public IReadOnlyCollection<LaterRetraction> InOrder => _inOrder.Values;

    /// <summary>Takes an attempt in: it counts unless a lower one of its operation does.</summary>
    public void Add(in LaterRetraction attempt)
    {
        if (_byOperation.TryGetValue(attempt.Retracted, out var held) && !attempt.CountsBefore(held))
            return;
        Remove(attempt.Retracted);
        _byOperation.Add(attempt.Retracted, attempt);
        _inOrder.Add(attempt.Place, attempt);
    }

    /// <summary>Drops an operation: a first attempt at taking it back was found, and that counts for good.</summary>
    public void Remove(OperationId retracted)
    {
        if (_byOperation.Remove(retracted, out var held))
            _inOrder.Remove(held.Place);
    }

    /// <summary>Adds one attempt to a digest.</summary>
    public static void AddTo(StateWriter digest, in LaterRetraction attempt, long? highestEventTimeMilliseconds)
    {
        digest.Add(attempt.Retracted);
        digest.Add(attempt.Attempt);
        attempt.Part.AddTo(digest, highestEventTimeMilliseconds);
    }

    /// <summary>Reads one attempt back.</summary>
    public static LaterRetraction Read(StateReader reader, IReadOnlyDictionary<RegionId, long> highestEventTimes) =>
        new(reader.ReadOperation(), (byte)reader.ReadInt32(1, byte.MaxValue), OriginPart.Read(reader, highestEventTimes));
}

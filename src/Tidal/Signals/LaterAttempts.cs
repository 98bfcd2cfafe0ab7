using Tidal.Log;
using Tidal.Schema;

namespace Tidal.Signals;

/// <summary>
/// A signal or a retraction that was tried elsewhere before (attempt 1 or more): kept beside the origins' parts, because
/// another record may turn out to be the one of its identity that counts. Immutable.
/// </summary>
/// <param name="Identity">What it is an attempt at.</param>
/// <param name="Attempt">The record's attempt, from 1.</param>
/// <param name="Alone">The record alone, as a part of the origin whose log holds it: of signals, or of what is taken back. Never applied to again.</param>
internal readonly record struct LaterAttempt(RecordIdentity Identity, byte Attempt, LedgerPart Alone)
{
    /// <summary>Where the record stands.</summary>
    public (RegionId Region, ulong Number) Place => (Alone.Region, Alone.Number);

    /// <summary>What it adds to the signals.</summary>
    public ForwardScore Added => Identity.IsRetraction ? ForwardScore.Zero : Alone.Score;

    /// <summary>What it adds to what is taken back.</summary>
    public ForwardScore Retracted => Identity.IsRetraction ? Alone.Score : ForwardScore.Zero;

    /// <summary>Of all records of one identity the lowest (attempt, region, number) counts: a function of the logs held.</summary>
    public bool CountsBefore(in LaterAttempt other) => (Attempt, Place).CompareTo((other.Attempt, other.Place)) < 0;
}

/// <summary>
/// The later attempts of one (item, signal, cohort), one an identity, in the order in which they are added at read: region,
/// number (PROTOCOL 12). Not safe for use by several threads.
/// </summary>
internal sealed class LaterAttempts
{
    private readonly Dictionary<RecordIdentity, LaterAttempt> _byIdentity = [];
    private readonly SortedDictionary<(RegionId Region, ulong Number), LaterAttempt> _inOrder = [];

    /// <summary>What counts, in order.</summary>
    public IReadOnlyCollection<LaterAttempt> InOrder => _inOrder.Values;

    /// <summary>Takes an attempt in: it counts unless a lower one of its identity does.</summary>
    public void Add(in LaterAttempt attempt)
    {
        if (_byIdentity.TryGetValue(attempt.Identity, out var held) && !attempt.CountsBefore(held))
            return;
        Remove(attempt.Identity);
        _byIdentity.Add(attempt.Identity, attempt);
        _inOrder.Add(attempt.Place, attempt);
    }

    /// <summary>Drops what turned out not to count.</summary>
    public void Remove(RecordIdentity identity)
    {
        if (_byIdentity.Remove(identity, out var held))
            _inOrder.Remove(held.Place);
    }
}

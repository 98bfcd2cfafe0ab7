using Tidal.Replication;
using Tidal.Schema;

namespace Tidal.Placement;

/// <summary>
/// In which regions one operation was tried, and so which attempt its next try carries (PROTOCOL 12): a region in which
/// every try was refused never has the write in its log and does not count; each other one counts as left, and a try that
/// comes back to it carries what its first one did. So no two logs can ever hold attempt 0 of an operation, and one log never
/// holds two records of it; of any others the rule of the lowest (attempt, region, number) takes one. Whoever sends a write to
/// another region asks here first: gateways do, for the calls that they are given. Not safe for use by several threads.
/// </summary>
/// <param name="least">The attempt that the operation had when it was handed over; 0 for a new one.</param>
public sealed class OperationAttempts(byte least = 0)
{
    /// <summary>A region with tries that were not all refused.</summary>
    private sealed class Tried(RegionId region, byte attempt)
    {
        public RegionId Region { get; } = region;

        public byte Attempt { get; } = attempt;

        public int Unanswered { get; set; }

        public bool MayBeThere { get; set; }
    }

    private readonly List<Tried> _tried = [];

    /// <summary>Whether the operation may be in a log: a try of it was acknowledged, or is unanswered or unknown.</summary>
    public bool MayCount => _tried.Count > 0;

    /// <summary>The same tries, of another operation that was sent along with this one so far.</summary>
    internal OperationAttempts Fork()
    {
        var fork = new OperationAttempts(least);
        foreach (var tried in _tried)
            fork._tried.Add(new Tried(tried.Region, tried.Attempt) { Unanswered = tried.Unanswered, MayBeThere = tried.MayBeThere });
        return fork;
    }

    /// <summary>A try is about to be sent to a region: it counts as unanswered from here on.</summary>
    /// <param name="region">The region.</param>
    /// <param name="attempt">The attempt that it carries.</param>
    /// <returns>False if more regions were left than an attempt can count; then nothing may be sent.</returns>
    public bool TryBegin(RegionId region, out byte attempt)
    {
        var tried = _tried.Find(held => held.Region == region);
        var next = tried?.Attempt ?? least + _tried.Count;
        attempt = (byte)Math.Min(next, byte.MaxValue);
        if (next > byte.MaxValue)
            return false;
        if (tried is null)
            _tried.Add(tried = new Tried(region, attempt));
        tried.Unanswered++;
        return true;
    }

    /// <summary>A try that was begun in a region has ended.</summary>
    /// <param name="region">The region.</param>
    /// <param name="outcome">How.</param>
    public void Ended(RegionId region, WriteOutcomeKind outcome)
    {
        if (_tried.Find(held => held.Region == region) is not { Unanswered: > 0 } tried)
            return;
        tried.Unanswered--;
        tried.MayBeThere |= outcome != WriteOutcomeKind.Refused;
        if (tried is { Unanswered: 0, MayBeThere: false })
            _tried.Remove(tried);
    }
}

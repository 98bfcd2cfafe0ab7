using Tidal.Schema;

namespace Tidal.Query;

/// <summary>One shard of one region.</summary>
/// <param name="Region">The region.</param>
/// <param name="Shard">The shard.</param>
public readonly record struct ShardPlace(RegionId Region, ShardId Shard);

/// <summary>Why a shard's part is missing from an answer.</summary>
public enum MissingReason
{
    /// <summary>It did not answer before the query's deadline: it cannot be reached, or is too slow.</summary>
    NoAnswer,

    /// <summary>It answered, but none of its replicas could take the question.</summary>
    NoPrimary,

    /// <summary>What the user hides was not told in time by its region, or by the region that was asked: it was not asked for items.</summary>
    Hides,

    /// <summary>The region that was asked does not yet hold what the user's session has seen: nothing is shown that might be hidden.</summary>
    BehindSession,

    /// <summary>The tenant moved while the query was asked, again after each time that it was planned anew.</summary>
    Moved,
}

/// <summary>A shard whose part is missing.</summary>
/// <param name="Place">Which shard.</param>
/// <param name="Reason">Why.</param>
public readonly record struct MissingShard(ShardPlace Place, MissingReason Reason);

/// <summary>How stale a part of an answer may be.</summary>
/// <param name="Place">The shard that answered.</param>
/// <param name="Origin">The region whose signals may be missing.</param>
/// <param name="Age">Signals accepted there longer ago than this are in the answer; <see cref="TimeSpan.MaxValue"/> if that cannot be told.</param>
public readonly record struct Staleness(ShardPlace Place, RegionId Origin, TimeSpan Age);

/// <summary>What an answer covers: said with every answer, so that a short one is never taken for a whole one. Immutable.</summary>
public sealed record QueryStats
{
    /// <summary>Whether a shard's part is missing.</summary>
    public bool IsDegraded => Missing.Count > 0;

    /// <summary>The shards asked.</summary>
    public required IReadOnlyList<ShardPlace> Asked { get; init; }

    /// <summary>The shards whose part is in the answer.</summary>
    public required IReadOnlyList<ShardPlace> Answered { get; init; }

    /// <summary>The shards whose part is not, and why.</summary>
    public required IReadOnlyList<MissingShard> Missing { get; init; }

    /// <summary>How stale parts may be: of a follower that stood in for its primary, and with <c>READ local</c> of each other origin.</summary>
    public required IReadOnlyList<Staleness> Staleness { get; init; }

    /// <summary>
    /// The regions that did not tell in time what the user hides, in region order. A hide that was accepted in one of them, and that
    /// no other region holds yet, is not heeded; with <c>READ home</c> nothing of such a region is listed.
    /// </summary>
    public IReadOnlyList<RegionId> HidesUnheard { get; init; } = [];

    /// <summary>Items looked at: a few more than are listed where rank indexes answer, all where a scan does.</summary>
    public required long CandidatesConsidered { get; init; }

    /// <summary>Items looked at that passed every condition, listed or not; with a cursor those behind it. Of what a rank index spared looking at nothing is known.</summary>
    public required long CandidatesLeft { get; init; }

    /// <summary>How often the query was planned anew, as a whole, because its tenant had moved meanwhile.</summary>
    public int Replans { get; init; }

    /// <summary>From the question to the answer, however often it was planned.</summary>
    public required TimeSpan TimeSpent { get; init; }
}

/// <summary>An answer: the items, best first, and what it covers. Immutable.</summary>
/// <param name="Items">The items; none when <see cref="Explanation"/> was asked for.</param>
/// <param name="Stats">What the answer covers.</param>
public sealed record QueryAnswer(IReadOnlyList<RankedItem> Items, QueryStats Stats)
{
    /// <summary>
    /// The token by which the same query, with <c>CURSOR</c>, goes on behind the last item, at the same read time. Null on the last
    /// page, and for a query with <c>DIVERSITY</c>, whose answer has one page. A page that misses shards goes on without what they
    /// would have listed on it. It consists of letters, digits, <c>-</c> and <c>_</c>, and is not secret: it holds the item's id.
    /// </summary>
    public string? NextCursor { get; init; }

    /// <summary>The plan as text, lines parted by line feeds, if <c>EXPLAIN</c> asked for it; else null.</summary>
    public string? Explanation { get; init; }
}

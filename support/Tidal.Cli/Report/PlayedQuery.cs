using Tidal.Query;

namespace Tidal.Cli;

/// <summary>An item of a list. Immutable.</summary>
/// <param name="Rank">Its place, from 1.</param>
/// <param name="Item">The item, as <c>wiki:page</c>.</param>
/// <param name="Score">What it was ranked by.</param>
internal sealed record ListedItem(int Rank, string Item, double Score)
{
    /// <summary>The items of an answer.</summary>
    /// <param name="items">The items, best first.</param>
    public static IReadOnlyList<ListedItem> Of(IEnumerable<RankedItem> items) =>
        [.. items.Select((item, index) => new ListedItem(index + 1, item.Item.Value, item.Score))];
}

/// <summary>What trends for a cohort. Immutable.</summary>
/// <param name="Cohort">The cohort, like <c>locale:EU</c>, or <see cref="Everyone"/>.</param>
/// <param name="Items">The items, best first.</param>
internal sealed record TrendingList(string Cohort, IReadOnlyList<ListedItem> Items)
{
    /// <summary>The name of the list that all users' signals count for.</summary>
    public const string Everyone = "everyone";

    /// <summary>The lists in the order in which they are shown: by cohort, everyone's last.</summary>
    /// <param name="lists">The lists.</param>
    public static IEnumerable<TrendingList> InOrder(IEnumerable<TrendingList> lists) =>
        lists.OrderBy(list => list.Cohort == Everyone).ThenBy(list => list.Cohort, StringComparer.Ordinal);
}

/// <summary>A query and its answer. Immutable.</summary>
/// <param name="Text">The query.</param>
/// <param name="Time">When it was asked; for a query at the end, the time as of which it was read.</param>
/// <param name="Region">The region that was asked.</param>
/// <param name="Stats">What the answer covers.</param>
/// <param name="Items">The items, best first.</param>
internal sealed record PlayedQuery(string Text, DateTimeOffset Time, string Region, AnswerStats Stats, IReadOnlyList<ListedItem> Items)
{
    /// <summary>The token of the next page; null on the last one.</summary>
    public string? NextCursor { get; init; }

    /// <summary>The plan as text, if it was asked for; else null.</summary>
    public string? Explanation { get; init; }

    /// <summary>A query and its answer.</summary>
    /// <param name="spec">The query.</param>
    /// <param name="time">When it was asked.</param>
    /// <param name="answer">The answer.</param>
    public static PlayedQuery Of(QuerySpec spec, DateTimeOffset time, QueryAnswer answer) =>
        new(spec.Text, time, spec.Region, AnswerStats.Of(answer.Stats), ListedItem.Of(answer.Items))
        {
            NextCursor = answer.NextCursor,
            Explanation = answer.Explanation,
        };
}

/// <summary>A shard that is missing from an answer. Immutable.</summary>
/// <param name="Region">Its region.</param>
/// <param name="Shard">Its number.</param>
/// <param name="Reason">Why.</param>
internal sealed record MissingPart(string Region, int Shard, MissingReason Reason);

/// <summary>A part of an answer that may be stale. Immutable.</summary>
/// <param name="Region">The region that answered.</param>
/// <param name="Shard">Its shard.</param>
/// <param name="Origin">The region whose signals may be missing.</param>
/// <param name="Milliseconds">Signals accepted there longer ago than this are in the answer.</param>
internal sealed record StalePart(string Region, int Shard, string Origin, double Milliseconds);

/// <summary>What an answer covers. Immutable.</summary>
/// <param name="IsDegraded">Whether a shard is missing.</param>
/// <param name="Asked">Shards asked.</param>
/// <param name="Answered">Shards whose part is in the answer.</param>
/// <param name="Missing">Shards whose part is not.</param>
/// <param name="Staleness">Parts that may be stale.</param>
/// <param name="Considered">Items looked at.</param>
/// <param name="Left">Items that passed every condition.</param>
/// <param name="Milliseconds">From the question to the answer, in the cluster's time.</param>
internal sealed record AnswerStats(
    bool IsDegraded,
    int Asked,
    int Answered,
    IReadOnlyList<MissingPart> Missing,
    IReadOnlyList<StalePart> Staleness,
    long Considered,
    long Left,
    double Milliseconds)
{
    /// <summary>What the engine says of an answer, with the replay's names of regions.</summary>
    /// <param name="stats">What the engine says.</param>
    public static AnswerStats Of(QueryStats stats) => new(
        stats.IsDegraded,
        stats.Asked.Count,
        stats.Answered.Count,
        [.. stats.Missing.Select(part => new MissingPart(NameOf(part.Place), part.Place.Shard.Number, part.Reason))],
        [.. stats.Staleness.Select(part => new StalePart(
            NameOf(part.Place), part.Place.Shard.Number, ReplayCluster.Topology.NameOf(part.Origin), part.Age.TotalMilliseconds))],
        stats.CandidatesConsidered,
        stats.CandidatesLeft,
        stats.TimeSpent.TotalMilliseconds);

    private static string NameOf(ShardPlace place) => ReplayCluster.Topology.NameOf(place.Region);
}

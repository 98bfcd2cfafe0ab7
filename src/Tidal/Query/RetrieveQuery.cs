using System.Collections.Immutable;
using Tidal.Schema;

namespace Tidal.Query;

/// <summary>
/// A query, as <see cref="RetrieveParser"/> understood it; there is no other way to make one, so its bounds always hold.
/// Two are equal if they ask the same: the order of filters and excluded items counts, layout, case and the order of clauses
/// do not. Immutable and safe to share between threads.
/// </summary>
public sealed record RetrieveQuery
{
    /// <summary>The most bytes of UTF-8 that the text of a query may have: 64 KiB.</summary>
    public const int MaximumTextBytes = 65_536;

    /// <summary>The most bytes of UTF-8 that an id may have; the fewest are 1.</summary>
    public const int MaximumIdBytes = 1_024;

    /// <summary>The most ids that <c>EXCLUDE</c> may list.</summary>
    public const int MaximumExcluded = 1_000;

    /// <summary>The most items that <c>LIMIT</c> may ask for; the fewest are 1.</summary>
    public const int MaximumLimit = 1_000;

    /// <summary>The items asked for without a <c>LIMIT</c>.</summary>
    public const int DefaultLimit = 20;

    internal RetrieveQuery(string text) => Text = text;

    /// <summary>The text that was parsed. It does not count for equality.</summary>
    public string Text { get; }

    /// <summary>True if the plan is asked for and not the items.</summary>
    public bool Explain { get; internal init; }

    /// <summary>The user for whom the items are meant; null for nobody in particular.</summary>
    public UserId? ForUser { get; internal init; }

    /// <summary>The cohort whose signals count; null for everyone's.</summary>
    public CohortSelector? Cohort { get; internal init; }

    /// <summary>By what the items are ranked.</summary>
    public RankingProfile Profile { get; internal init; } = RankingProfile.Trending;

    /// <summary>How far back <see cref="RankingProfile.Top"/> counts; <see cref="CountWindow.All"/> for every other profile.</summary>
    public CountWindow Window { get; internal init; } = CountWindow.All;

    /// <summary>The conditions, all of which an item must meet, in the order of the text.</summary>
    public ImmutableArray<QueryFilter> Filters { get; internal init; } = [];

    /// <summary>The items that are not wanted, in the order of the text; at most <see cref="MaximumExcluded"/>.</summary>
    public ImmutableArray<ItemId> Excluded { get; internal init; } = [];

    /// <summary>The most items of one creator, 1 to <see cref="MaximumLimit"/>; null for no bound.</summary>
    public int? MaxPerCreator { get; internal init; }

    /// <summary>Who answers.</summary>
    public ReadScope Read { get; internal init; } = ReadScope.Home;

    /// <summary>The most items wanted, 1 to <see cref="MaximumLimit"/>.</summary>
    public int Limit { get; internal init; } = DefaultLimit;

    /// <summary>The cursor of the page before, as it was handed out; null for the first page. Never empty.</summary>
    public string? Cursor { get; internal init; }

    // Indexed by QueryClause; -1 for a clause that was not given.
    internal ImmutableArray<int> Positions { get; init; } = [];

    /// <summary>Where in the text a clause begins; null if it was not given. It does not count for equality.</summary>
    /// <param name="clause">The clause.</param>
    public QueryLocation? LocationOf(QueryClause clause) =>
        Positions[(int)clause] is >= 0 and var position ? new QueryLocation(Text, position) : null;

    /// <summary>True if the other query asks the same.</summary>
    /// <param name="other">The other query.</param>
    public bool Equals(RetrieveQuery? other) =>
        other is not null
        && (Explain, ForUser, Profile, Window) == (other.Explain, other.ForUser, other.Profile, other.Window)
        && (MaxPerCreator, Read, Limit, Cursor) == (other.MaxPerCreator, other.Read, other.Limit, other.Cursor)
        && Cohort == other.Cohort
        && Filters.SequenceEqual(other.Filters)
        && Excluded.SequenceEqual(other.Excluded);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.Add((Explain, ForUser, Cohort, Profile, Window));
        hash.Add((MaxPerCreator, Read, Limit, Cursor));
        foreach (var filter in Filters)
            hash.Add(filter);
        foreach (var item in Excluded)
            hash.Add(item);
        return hash.ToHashCode();
    }

    /// <summary>
    /// The canonical text: clauses in fixed order, defaults left out, quotation marks only where needed. It parses back to an
    /// equal query; therefore a query whose canonical text would break <see cref="MaximumTextBytes"/> is given as it was written.
    /// </summary>
    public override string ToString() => QueryWriter.Write(this);
}

namespace Tidal.Query;

/// <summary>The clauses of a query, in the order of its canonical text.</summary>
public enum QueryClause
{
    /// <summary><c>EXPLAIN</c>, the one that stands before <c>RETRIEVE</c>.</summary>
    Explain,

    /// <summary><c>FOR USER @id</c>.</summary>
    ForUser,

    /// <summary><c>COHORT attribute:value</c>.</summary>
    Cohort,

    /// <summary><c>USING PROFILE trending|top|new</c>.</summary>
    Profile,

    /// <summary><c>WINDOW 1h|24h|7d|all</c>.</summary>
    Window,

    /// <summary><c>FILTER unseen, unblocked, key:value ...</c>.</summary>
    Filter,

    /// <summary><c>EXCLUDE [@id, ...]</c>.</summary>
    Exclude,

    /// <summary><c>DIVERSITY max_per_creator:n</c>.</summary>
    Diversity,

    /// <summary><c>READ home|local</c>.</summary>
    Read,

    /// <summary><c>LIMIT n</c>.</summary>
    Limit,

    /// <summary><c>CURSOR token</c>.</summary>
    Cursor,
}

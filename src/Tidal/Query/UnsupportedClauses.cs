namespace Tidal.Query;

/// <summary>Refuses the clauses that are understood but cannot be carried out yet. Stateless and safe to use from any thread.</summary>
public static class UnsupportedClauses
{
    private static readonly (QueryClause Clause, string Name)[] Clauses =
    [
        (QueryClause.ForUser, "FOR USER"),
    ];

    /// <summary>Does nothing if every clause of a query can be carried out.</summary>
    /// <param name="query">The query.</param>
    /// <exception cref="ArgumentNullException">There is no query.</exception>
    /// <exception cref="QueryNotSupportedException">A clause cannot; the error names the first one in the order of the text.</exception>
    public static void Refuse(RetrieveQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        var found = Find(query).OrderBy(clause => clause.Location.Position).ToList();
        if (found.Count > 0)
            throw new QueryNotSupportedException(found[0].Location, found[0].Name);
    }

    private static IEnumerable<(string Name, QueryLocation Location)> Find(RetrieveQuery query)
    {
        foreach (var (clause, name) in Clauses)
        {
            if (query.LocationOf(clause) is { } location)
                yield return (name, location);
        }

        foreach (var filter in query.Filters.Where(filter => filter is UnseenFilter or UnblockedFilter))
            yield return ($"FILTER {filter}", filter.Location);
    }
}

/// <summary>A query has a clause that is understood but cannot be carried out yet.</summary>
public sealed class QueryNotSupportedException : QueryException
{
    /// <summary>Makes the error.</summary>
    /// <param name="location">The clause's place in the text.</param>
    /// <param name="clause">The clause, by its keywords.</param>
    public QueryNotSupportedException(QueryLocation location, string clause)
        : base(location, $"{clause} is not supported yet", "a query without it") => Clause = clause;

    /// <summary>The clause, by its keywords, for example <c>FOR USER</c> or <c>FILTER unseen</c>.</summary>
    public string Clause { get; }
}

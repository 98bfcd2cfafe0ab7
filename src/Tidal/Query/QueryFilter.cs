namespace Tidal.Query;

/// <summary>
/// One condition of the <c>FILTER</c> clause; all of them must hold. Equal by value, wherever it was written. Immutable and
/// safe to share between threads.
/// </summary>
public abstract record QueryFilter
{
    private protected QueryFilter()
    {
    }

    /// <summary>Where in the text it begins.</summary>
    public QueryLocation Location { get; internal init; }
}

/// <summary>
/// <c>unseen</c>: only what the user has not seen yet; the schema says which signals make an item seen, and how many a shard remembers.
/// </summary>
public sealed record UnseenFilter : QueryFilter
{
    internal UnseenFilter()
    {
    }

    /// <summary>The filter as it is written in a query.</summary>
    public override string ToString() => QueryWords.Unseen;
}

/// <summary><c>unblocked</c>: only what the user has not hidden, muted or blocked; it says what <c>FOR USER</c> always does.</summary>
public sealed record UnblockedFilter : QueryFilter
{
    internal UnblockedFilter()
    {
    }

    /// <summary>The filter as it is written in a query.</summary>
    public override string ToString() => QueryWords.Unblocked;
}

/// <summary><c>key:value</c>: only items whose attribute has this value.</summary>
public sealed record AttributeFilter : QueryFilter
{
    internal AttributeFilter(string key, string value) => (Key, Value) = (key, value);

    /// <summary>The item attribute; not empty, compared ordinally.</summary>
    public string Key { get; }

    /// <summary>The value it must have; it may be empty; compared ordinally.</summary>
    public string Value { get; }

    /// <summary>The filter as it is written in a query.</summary>
    public override string ToString() => QueryWriter.Pair(Key, Value);
}

/// <summary>
/// The <c>COHORT</c> clause: only the signals of users whose attribute has this value count. Equal by value, wherever it was
/// written. Immutable and safe to share between threads.
/// </summary>
public sealed record CohortSelector
{
    internal CohortSelector(string attribute, string value) => (Attribute, Value) = (attribute, value);

    /// <summary>The user attribute; not empty, compared ordinally. Whether the schema declares it is for the planner to say.</summary>
    public string Attribute { get; }

    /// <summary>The value; not empty, compared ordinally.</summary>
    public string Value { get; }

    /// <summary>Where in the text the attribute begins.</summary>
    public QueryLocation Location { get; internal init; }

    /// <summary>The cohort as it is written in a query.</summary>
    public override string ToString() => QueryWriter.Pair(Attribute, Value);
}

using Tidal.Schema;

namespace Tidal.Query;

/// <summary>
/// The base of every error about the text of a query. Its message is one line that says what was wrong and what was
/// expected, followed by <see cref="Excerpt"/>. Immutable and safe to share between threads.
/// </summary>
public abstract class QueryException : TidalException
{
    private readonly QueryLocation _location;

    /// <summary>Makes the error.</summary>
    /// <param name="location">The fault's place in the text.</param>
    /// <param name="problem">What was wrong: the first half of a sentence, without a full stop.</param>
    /// <param name="expected">What was expected instead: a noun phrase, without a full stop.</param>
    protected QueryException(QueryLocation location, string problem, string expected)
        : base($"{LinePrefix(location)}{problem}; expected {expected}.\n{location.Excerpt}")
    {
        _location = location;
        Problem = problem;
        Expected = expected;
    }

    /// <summary>The text of the query.</summary>
    public string Text => _location.Text;

    /// <summary>Where in <see cref="Text"/> the fault is: the index of a UTF-16 unit, from 0; its length stands for the end.</summary>
    public int Position => _location.Position;

    /// <summary>The fault's line, from 1.</summary>
    public int Line => _location.Line;

    /// <summary>The fault's place in its line, from 1, counted in characters as a reader sees them (text elements).</summary>
    public int Column => _location.Column;

    /// <summary>The faulty line of the text and, on a line below it, a caret under the fault.</summary>
    public string Excerpt => _location.Excerpt;

    /// <summary>What was wrong.</summary>
    public string Problem { get; }

    /// <summary>What was expected instead.</summary>
    public string Expected { get; }

    // The excerpt shows the line; which one it is must be said only when there are others before it.
    private static string LinePrefix(QueryLocation location) => location.Line > 1 ? $"Line {location.Line}: " : "";
}

/// <summary>The text of a query breaks the grammar or a bound of the query language.</summary>
public sealed class QuerySyntaxException : QueryException
{
    /// <summary>Makes the error.</summary>
    /// <param name="location">The fault's place in the text.</param>
    /// <param name="problem">What was wrong: the first half of a sentence, without a full stop.</param>
    /// <param name="expected">What was expected instead: a noun phrase, without a full stop.</param>
    public QuerySyntaxException(QueryLocation location, string problem, string expected)
        : base(location, problem, expected)
    {
    }
}

/// <summary>
/// A query is well formed but asks for what this database does not have, for example a cohort attribute that its schema
/// does not declare.
/// </summary>
public sealed class QuerySemanticException : QueryException
{
    /// <summary>Makes the error.</summary>
    /// <param name="location">The place in the text of what does not exist, as the parts of a query carry it.</param>
    /// <param name="problem">What was wrong: the first half of a sentence, without a full stop.</param>
    /// <param name="expected">What exists: a noun phrase, without a full stop.</param>
    public QuerySemanticException(QueryLocation location, string problem, string expected)
        : base(location, problem, expected)
    {
    }
}

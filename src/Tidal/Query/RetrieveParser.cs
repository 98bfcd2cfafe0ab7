namespace Tidal.Query;

/// <summary>
/// Reads the query language:
/// <code>
/// [EXPLAIN] RETRIEVE items
///   [FOR USER @id] [COHORT attribute:value] [USING PROFILE trending|top|new] [WINDOW 1h|24h|7d|all]
///   [FILTER unseen, unblocked, key:value ...] [EXCLUDE [@id, ...]] [DIVERSITY max_per_creator:n]
///   [READ home|local] [LIMIT n] [CURSOR token]
/// </code>
/// Keywords in any case, clauses in any order, each at most once, <c>WINDOW</c> only with profile <c>top</c>. Ids and values are
/// words (letters, digits, <c>_ - . : /</c>) or strings in quotation marks, in which <c>\"</c> and <c>\\</c> stand for a
/// quotation mark and a backslash. <see cref="Parse"/> may be called from any thread.
/// </summary>
public sealed partial class RetrieveParser
{
    private readonly string _text;
    private readonly QueryLexer _lexer;
    private readonly int[] _positions = new int[Enum.GetValues<QueryClause>().Length];
    private QueryToken _token;
    private RetrieveQuery _query;

    private RetrieveParser(string text)
    {
        _text = text;
        _lexer = new QueryLexer(text);
        Array.Fill(_positions, -1);
        _query = new RetrieveQuery(text);
        _token = _lexer.Read();
    }

    /// <summary>Parses a query. Time and memory grow with the text's length, which is bounded.</summary>
    /// <param name="text">The text, at most <see cref="RetrieveQuery.MaximumTextBytes"/> bytes of UTF-8.</param>
    /// <returns>The query, its clauses complete and within their bounds.</returns>
    /// <exception cref="ArgumentNullException">There is no text.</exception>
    /// <exception cref="QuerySyntaxException">The text breaks the grammar or a bound; the error shows where.</exception>
    public static RetrieveQuery Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        CheckLength(text);
        return new RetrieveParser(text).ParseQuery();
    }

    private RetrieveQuery ParseQuery()
    {
        ParseOpening();
        while (_token.Kind != QueryTokenKind.End)
            ParseClause();
        CheckWindow();
        return _query with { Positions = [.. _positions] };
    }

    private static void CheckLength(string text)
    {
        // A UTF-16 unit is at most three bytes of UTF-8.
        if (text.Length <= RetrieveQuery.MaximumTextBytes / 3)
            return;
        var (bytes, position) = (0, 0);
        foreach (var rune in text.EnumerateRunes())
        {
            bytes += rune.Utf8SequenceLength;
            if (bytes > RetrieveQuery.MaximumTextBytes)
                throw new QuerySyntaxException(new QueryLocation(text, position), "The query is too long", "at most 65,536 bytes of UTF-8");
            position += rune.Utf16SequenceLength;
        }
    }
}

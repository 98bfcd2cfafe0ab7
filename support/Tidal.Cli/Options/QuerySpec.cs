using Tidal.Query;
using Tidal.Schema;

namespace Tidal.Cli;

/// <summary>A question that is to be asked during the replay, as the option <c>--query</c> describes it. Immutable.</summary>
/// <param name="Text">The query alone, from <c>RETRIEVE</c> on.</param>
/// <param name="Query">The query.</param>
/// <param name="Region">The region that is asked: one of the replay's.</param>
/// <param name="At">When it is asked, since midnight UTC; null for the end.</param>
internal sealed record QuerySpec(string Text, RetrieveQuery Query, string Region, TimeSpan? At)
{
    /// <summary>The option.</summary>
    public const string Option = "--query";

    private string OptionText { get; init; } = Text;

    /// <summary>Reads <c>[HH:MM[:SS]] [region] RETRIEVE …</c>.</summary>
    /// <param name="text">The option's text.</param>
    /// <exception cref="OptionException">It is no query, or one that the replay cannot answer; the error shows where.</exception>
    public static QuerySpec Parse(string text)
    {
        var scanner = new SpecScanner(Option, text);
        TimeSpan? at = scanner.Peek() is [>= '0' and <= '9', ..] ? scanner.TakeTime() : null;
        var region = NamesRegion(scanner) ? scanner.TakeRegion() : ReplayCluster.DefaultRegion;
        var start = scanner.Position;
        try
        {
            var query = RetrieveParser.Parse(text[start..]);
            // Names that the schema does not have are to be found now, not in the middle of the day.
            RetrievePlan.Of(query, ReplayCluster.Schema(ReplayCluster.DefaultHalfLife), readTimeMilliseconds: 0, TenantId.First);
            return new QuerySpec(text[start..].TrimEnd(), query, region, at) { OptionText = text };
        }
        catch (QueryException e)
        {
            throw scanner.Fault(start + e.Position, e.Problem, e.Expected);
        }
    }

    /// <summary>The error for a query that is not.</summary>
    /// <param name="day">The plan whose rows it misses.</param>
    public OptionException Misses(ReplayPlan day)
    {
        var scanner = new SpecScanner(Option, OptionText);
        return scanner.Fault(scanner.Position, "no row is played at that time", $"a time while there are rows, {day.RowTimes}, or none for the end");
    }

    /// <summary>The error for a query of which many tenants' answers cannot be one; null if they can.</summary>
    public OptionException? RefusedByTenants()
    {
        if (Query.Explain)
            return Fault(0, "each tenant has a plan of its own", $"a query without EXPLAIN, or no {MigrationSpec.Option}");
        return Query.LocationOf(QueryClause.Cursor) is { } cursor
            ? Fault(cursor.Position, "a cursor goes on with the answer of one tenant", $"a query without CURSOR, or no {MigrationSpec.Option}")
            : null;
    }

    private OptionException Fault(int position, string problem, string expected) =>
        new SpecScanner(Option, OptionText).Fault(OptionText.IndexOf(Text, StringComparison.Ordinal) + position, problem, expected);

    // A word before RETRIEVE can only be meant as a region; a misspelt RETRIEVE is the query language's to fault.
    private static bool NamesRegion(SpecScanner scanner) =>
        ReplayCluster.Regions.Contains(scanner.Peek()) || (!BeginsQuery(scanner.Peek()) && BeginsQuery(scanner.PeekSecond()));

    private static bool BeginsQuery(string word) =>
        word.Equals("RETRIEVE", StringComparison.OrdinalIgnoreCase) || word.Equals("EXPLAIN", StringComparison.OrdinalIgnoreCase);
}

using Tidal.Query;
using Tidal.Schema;

namespace Tidal.Tests.Query;

/// <summary>Every error of the grammar, as its reader sees it.</summary>
public sealed class QuerySyntaxErrorTests
{
    private const string AnyClause =
        "FOR USER, COHORT, USING PROFILE, WINDOW, FILTER, EXCLUDE, DIVERSITY, READ, LIMIT, CURSOR or the end of the query.";

    private const string AfterFilter =
        "a comma, FOR USER, COHORT, USING PROFILE, WINDOW, EXCLUDE, DIVERSITY, READ, LIMIT, CURSOR or the end of the query.";

    // The fault's place is marked with ‸ in the query; the rest of the rendering follows from it.
    public static TheoryData<string, string> Errors => new()
    {
        { "‸", "The query ends here; expected RETRIEVE or EXPLAIN." },
        { "‸   ", "The query ends here; expected RETRIEVE or EXPLAIN." },
        { "RETRIEVE‸   ", "The query ends here; expected items." },
        { "‸RETRIVE items", "Found 'RETRIVE' (did you mean RETRIEVE?); expected RETRIEVE or EXPLAIN." },
        { "‸SELECT * FROM items", "Found 'SELECT'; expected RETRIEVE or EXPLAIN." },
        { "EXPLAIN‸", "The query ends here; expected RETRIEVE." },
        { "EXPLAIN ‸EXPLAIN RETRIEVE items", "Found 'EXPLAIN'; expected RETRIEVE." },
        { "RETRIEVE ‸item", "Found 'item' (did you mean items?); expected items." },
        { "RETRIEVE items LIMIT 5 ‸EXPLAIN", "Found 'EXPLAIN'; expected EXPLAIN only before RETRIEVE." },
        { "RETRIEVE items ‸LIMT 5", "Found 'LIMT' (did you mean LIMIT?); expected " + AnyClause },
        { "RETRIEVE items ‸;", "Found ';'; expected " + AnyClause },
        { "RETRIEVE items ‸😀", "Found '😀'; expected " + AnyClause },
        { "RETRIEVE items FOR ‸@1", "Found '@1'; expected USER." },
        { "RETRIEVE items FOR ‸USR @1", "Found 'USR' (did you mean USER?); expected USER." },
        { "RETRIEVE items FOR USER‸", "The query ends here; expected a user id like @123." },
        { "RETRIEVE items FOR USER ‸123", "Found '123'; expected a user id like @123." },
        { "RETRIEVE items FOR USER ‸@ 1", "An @ stands alone; expected an id right behind it, like @123 or @\"two words\"." },
        { "RETRIEVE items FOR USER ‸@\"\"", "An id has 0 bytes of UTF-8; expected 1 to 1,024." },
        { "RETRIEVE items FOR USER @‸\"en:Jeremy LIMIT 5", "A quoted string is not closed; expected a closing \" behind it." },
        { "RETRIEVE items FOR USER @\"a‸\\nb\"", "A backslash escapes nothing; expected \\\" or \\\\." },
        { "RETRIEVE items FOR USER @\"a‸\\", "A backslash escapes nothing; expected \\\" or \\\\." },
        { "RETRIEVE items COHORT‸", "The query ends here; expected attribute:value, like locale:EU." },
        { "RETRIEVE items COHORT ‸locale", "Found 'locale'; expected attribute:value, like locale:EU." },
        { "RETRIEVE items COHORT ‸:EU", "Found ':EU'; expected attribute:value, like locale:EU." },
        { "RETRIEVE items COHORT ‸\"locale\":EU", "Found '\"locale\"'; expected attribute:value, like locale:EU." },
        { "RETRIEVE items COHORT locale:‸", "The query ends here; expected a value of the attribute." },
        { "RETRIEVE items COHORT locale:‸\"\"", "Found '\"\"'; expected a value of the attribute." },
        { "RETRIEVE items USING ‸trending", "Found 'trending'; expected PROFILE." },
        { "RETRIEVE items USING PROFILE ‸tending", "Found 'tending' (did you mean trending?); expected trending, top or new." },
        { "RETRIEVE items USING PROFILE ‸hottest", "Found 'hottest'; expected trending, top or new." },
        { "RETRIEVE items ‸WINDOW 24h", "WINDOW is used with profile trending; expected USING PROFILE top." },
        { "RETRIEVE items ‸WINDOW all USING PROFILE new", "WINDOW is used with profile new; expected USING PROFILE top." },
        { "RETRIEVE items WINDOW ‸2d", "Found '2d' (did you mean 7d?); expected 1h, 24h, 7d or all." },
        { "RETRIEVE items FILTER ‸unsen", "Found 'unsen' (did you mean unseen?); expected unseen, unblocked or key:value, like topic:news." },
        { "RETRIEVE items FILTER unseen, ‸LIMIT 5", "Found 'LIMIT'; expected unseen, unblocked or key:value, like topic:news." },
        { "RETRIEVE items FILTER unseen,‸", "The query ends here; expected unseen, unblocked or key:value, like topic:news." },
        { "RETRIEVE items FILTER topic:‸,", "Found ','; expected a value of the key." },
        { "RETRIEVE items FILTER unseen ‸unblocked", "Found 'unblocked'; expected " + AfterFilter },
        { "RETRIEVE items FILTER topic:a‸\"b\"", "Found '\"b\"'; expected " + AfterFilter },
        { "RETRIEVE items EXCLUDE ‸@1", "Found '@1'; expected a list in [ ]." },
        { "RETRIEVE items EXCLUDE [‸", "The query ends here; expected an item id like @123." },
        { "RETRIEVE items EXCLUDE [‸1]", "Found '1'; expected an item id like @123." },
        { "RETRIEVE items EXCLUDE [@1,‸]", "Found ']'; expected an item id like @123." },
        { "RETRIEVE items EXCLUDE [@1 ‸@2]", "Found '@2'; expected a comma or ]." },
        { "RETRIEVE items EXCLUDE [@1‸", "The query ends here; expected a comma or ]." },
        { "RETRIEVE items DIVERSITY ‸3", "Found '3'; expected max_per_creator:n." },
        { "RETRIEVE items DIVERSITY ‸max_per_user:3", "Found 'max_per_user'; expected max_per_creator:n." },
        { "RETRIEVE items DIVERSITY ‸max_per_creater:3", "Found 'max_per_creater' (did you mean max_per_creator?); expected max_per_creator:n." },
        { "RETRIEVE items DIVERSITY ‸max_per_creator", "Found 'max_per_creator'; expected max_per_creator:n." },
        { "RETRIEVE items DIVERSITY max_per_creator:‸0", "Found '0'; expected a whole number from 1 to 1,000." },
        { "RETRIEVE items READ ‸locl", "Found 'locl' (did you mean local?); expected home or local." },
        { "RETRIEVE items LIMIT‸", "The query ends here; expected a whole number from 1 to 1,000." },
        { "RETRIEVE items LIMIT ‸0", "Found '0'; expected a whole number from 1 to 1,000." },
        { "RETRIEVE items LIMIT ‸1001", "Found '1001'; expected a whole number from 1 to 1,000." },
        { "RETRIEVE items LIMIT ‸-1", "Found '-1'; expected a whole number from 1 to 1,000." },
        { "RETRIEVE items LIMIT ‸٣", "Found '٣'; expected a whole number from 1 to 1,000." },
        { "RETRIEVE items LIMIT ‸99999999999999999999", "Found '99999999999999999999'; expected a whole number from 1 to 1,000." },
        { "RETRIEVE items LIMIT ‸\"5\"", "Found '\"5\"'; expected a whole number from 1 to 1,000." },
        { "RETRIEVE items LIMIT 5 ‸limit 6", "LIMIT is given twice; expected each clause at most once." },
        { "RETRIEVE items FOR USER @1 ‸FOR USER @2", "FOR USER is given twice; expected each clause at most once." },
        { "RETRIEVE items CURSOR‸", "The query ends here; expected a cursor of an earlier answer." },
        { "RETRIEVE items CURSOR ‸\"\"", "Found '\"\"'; expected a cursor of an earlier answer." },
    };

    [Theory]
    [MemberData(nameof(Errors))]
    public void An_error_says_what_was_wrong_and_points_at_it(string marked, string sentence)
    {
        var position = marked.IndexOf('‸');
        var text = marked.Remove(position, 1);
        var error = ErrorOf(text);
        var excerpt = $"{text}\n{new string(' ', position)}^";
        error.Message.Should().Be($"{sentence}\n{excerpt}");
        error.Excerpt.Should().Be(excerpt);
        (error.Text, error.Position, error.Line, error.Column).Should().Be((text, position, 1, position + 1));
        sentence.Should().Be($"{error.Problem}; expected {error.Expected}.");
    }

    [Fact]
    public void An_error_beyond_the_first_line_says_which_line_it_is_in()
    {
        var error = ErrorOf("RETRIEVE items\r\n  FOR USER @1\r\n\tLIMIT many\r\n  READ home");
        error.Message.Should().Be("Line 3: Found 'many'; expected a whole number from 1 to 1,000.\n LIMIT many\n       ^");
        (error.Line, error.Column).Should().Be((3, 8));
    }

    [Fact]
    public void A_list_that_is_too_long_is_shown_from_where_it_is()
    {
        var ids = Enumerable.Range(1, 1001).Select(number => $"@{number}");
        ErrorOf($"RETRIEVE items EXCLUDE [{string.Join(",", ids)}]").Message.Should().Be(
            "The list is too long; expected at most 1,000 ids.\n"
            + "…989,@990,@991,@992,@993,@994,@995,@996,@997,@998,@999,@1000,@1001]\n"
            + new string(' ', 61) + "^");
    }

    [Fact]
    public void An_id_may_have_1024_bytes_and_no_byte_more()
    {
        RetrieveParser.Parse($"RETRIEVE items FOR USER @{new string('é', 512)}").ForUser!.Value.Value.Should().HaveLength(512);
        ErrorOf($"RETRIEVE items FOR USER @{new string('é', 512)}x").Problem.Should().Be("An id has 1,025 bytes of UTF-8");
    }

    [Fact]
    public void Half_a_surrogate_pair_is_refused_and_shown_as_unshowable() =>
        ErrorOf("RETRIEVE items FOR USER @\"\ud800\"").Message.Should().Be(
            "Half a surrogate pair is no character; expected well-formed UTF-16.\nRETRIEVE items FOR USER @\"\uFFFD\"\n                          ^");

    [Fact]
    public void A_long_word_is_cut_where_it_is_quoted() =>
        ErrorOf($"RETRIEVE items LIMIT {new string('x', 60_000)}").Problem.Should().Be($"Found '{new string('x', 40)}…'");

    [Fact]
    public void A_semantic_error_points_at_what_does_not_exist()
    {
        var query = RetrieveParser.Parse("RETRIEVE items COHORT planet:Mars");
        TidalException error = new QuerySemanticException(query.Cohort!.Location, "There is no cohort attribute 'planet'", "locale or wiki");
        error.Message.Should().Be(
            "There is no cohort attribute 'planet'; expected locale or wiki.\nRETRIEVE items COHORT planet:Mars\n                      ^");
    }

    private static QuerySyntaxException ErrorOf(string text) =>
        FluentActions.Invoking(() => RetrieveParser.Parse(text)).Should().Throw<QuerySyntaxException>().Which;
}

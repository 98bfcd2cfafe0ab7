using System.Reflection;
using Tidal.Query;

namespace Tidal.Tests.Query;

public sealed class RetrieveQueryTests
{
    // One query per property that differs from "RETRIEVE items" in that property alone.
    public static TheoryData<string, string> Differences => new()
    {
        { nameof(RetrieveQuery.Explain), "EXPLAIN RETRIEVE items" },
        { nameof(RetrieveQuery.ForUser), "RETRIEVE items FOR USER @1" },
        { nameof(RetrieveQuery.Cohort), "RETRIEVE items COHORT locale:EU" },
        { nameof(RetrieveQuery.Profile), "RETRIEVE items USING PROFILE top" },
        { nameof(RetrieveQuery.Window), "RETRIEVE items USING PROFILE top WINDOW 1h" },
        { nameof(RetrieveQuery.Filters), "RETRIEVE items FILTER unseen" },
        { nameof(RetrieveQuery.Excluded), "RETRIEVE items EXCLUDE [@1]" },
        { nameof(RetrieveQuery.MaxPerCreator), "RETRIEVE items DIVERSITY max_per_creator:1" },
        { nameof(RetrieveQuery.Read), "RETRIEVE items READ local" },
        { nameof(RetrieveQuery.Limit), "RETRIEVE items LIMIT 21" },
        { nameof(RetrieveQuery.Cursor), "RETRIEVE items CURSOR c" },
    };

    [Theory]
    [MemberData(nameof(Differences))]
    public void Every_property_tells_queries_apart(string property, string text)
    {
        var query = RetrieveParser.Parse(text);
        Differences.Select(row => (string)row[1]).Append("RETRIEVE items").Where(other => other != text)
            .Should().OnlyContain(other => query != RetrieveParser.Parse(other), "{0} counts", property);
        query.ToString().Should().Be(text);
    }

    [Fact]
    public void No_property_is_forgotten_in_the_table_above() =>
        typeof(RetrieveQuery).GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Select(property => property.Name).Except([nameof(RetrieveQuery.Text)])
            .Should().BeEquivalentTo(Differences.Select(row => (string)row[0]));

    [Theory]
    [InlineData("retrieve  ITEMS limit 5 read LOCAL", "RETRIEVE items READ local LIMIT 5")]
    [InlineData("RETRIEVE items LIMIT 20 READ home USING PROFILE trending EXCLUDE []", "RETRIEVE items")]
    [InlineData("RETRIEVE items WINDOW all USING PROFILE top", "RETRIEVE items USING PROFILE top")]
    [InlineData("RETRIEVE items FILTER a : \"b\",unseen", "RETRIEVE items FILTER a:b, unseen")]
    [InlineData("RETRIEVE items FOR USER @\"two words\"", "RETRIEVE items FOR USER @\"two words\"")]
    [InlineData("RETRIEVE items FILTER a:\"\\\"\\\\\", b:\"\"", "RETRIEVE items FILTER a:\"\\\"\\\\\", b:\"\"")]
    public void The_canonical_text_is_the_same_for_equal_queries(string text, string canonical)
    {
        RetrieveParser.Parse(text).ToString().Should().Be(canonical);
        RetrieveParser.Parse(text).Should().Be(RetrieveParser.Parse(canonical));
        RetrieveParser.Parse(text).GetHashCode().Should().Be(RetrieveParser.Parse(canonical).GetHashCode());
    }

    [Fact]
    public void The_order_of_filters_and_excluded_items_counts()
    {
        RetrieveParser.Parse("RETRIEVE items FILTER a:b, c:d").Should().NotBe(RetrieveParser.Parse("RETRIEVE items FILTER c:d, a:b"));
        RetrieveParser.Parse("RETRIEVE items EXCLUDE [@1, @2]").Should().NotBe(RetrieveParser.Parse("RETRIEVE items EXCLUDE [@2, @1]"));
    }

    [Fact]
    public void A_query_whose_canonical_text_would_be_too_long_is_given_as_it_was_written()
    {
        var text = "RETRIEVE items FILTER " + string.Join(',', Enumerable.Repeat("a:b", 16_000));
        RetrieveParser.Parse(text).ToString().Should().Be(text);
    }
}

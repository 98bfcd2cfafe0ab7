using Tidal.Query;
using Tidal.Schema;
using Tidal.Tests.Signals;

namespace Tidal.Tests.Query;

/// <summary>Plans as text, to the letter.</summary>
public sealed class PlanExplanationTests
{
    [Fact]
    public void A_short_query() => Explain("EXPLAIN RETRIEVE items").Should().Be(
        """
        profile    trending: sum of weight x decay score
                   view: weight 1, half-life 6 h
                   like: weight 3, half-life 168 h
        scope      everyone
        window     none
        filters    none
        excluded   none
        diversity  no bound
        limit      20 items
        read time  2023-11-14T22:13:20.000Z
        read       home: every region, for the items at home there
        asks       5 shards of us-east, 5 shards of eu-west
        routing    version 3
        merge      higher score first, equal scores by item, each item once
        """);

    [Fact]
    public void A_long_query() => Explain(
        """
        EXPLAIN RETRIEVE items COHORT plan:"pro
        max" USING PROFILE top WINDOW 24h FILTER topic:news, a:"b c" EXCLUDE [@z, @y, @z]
        DIVERSITY max_per_creator:1 READ local LIMIT 1
        """).Should().Be(
        """
        profile    top: sum of weight x count
                   view: weight 1
                   like: weight 3
        scope      users whose plan is pro max
        window     24h
        filters    topic:news, a:"b c"
        excluded   y, z
        diversity  at most 1 item of one creator
        limit      1 item
        read time  2023-11-14T22:13:20.000Z
        read       local: this region alone, for all items
        asks       5 shards of us-east, 5 shards of eu-west
        routing    version 3
        merge      higher score first, equal scores by item, each item once
                   the bound on creators holds in each shard and again over all
        """);

    [Fact]
    public void A_later_page_by_age()
    {
        var fingerprint = QueryCursor.FingerprintOf(RetrieveParser.Parse("RETRIEVE items USING PROFILE new"));
        var token = new QueryCursor(Ledger.Noon - 1, 2, new RankedItem(new ItemId("a\u001B[31m"), 1.5), fingerprint).ToToken();
        Explain($"EXPLAIN RETRIEVE items USING PROFILE new CURSOR {token}").Should().StartWith("profile    new: the newest item record first\nscope ")
            .And.Contain("\nbegins     behind a\uFFFD[31m of score 1.5\nread time  2023-11-14T22:13:19.999Z\n");
    }

    [Fact]
    public void A_long_list_is_cut() =>
        Explain($"EXPLAIN RETRIEVE items EXCLUDE [{string.Join(", ", Enumerable.Range(10, 40).Select(item => $"@{item}"))}]")
            .Should().Contain("\nexcluded   10, 11, 12, 13, 14, 15, 16, 17, 18, 19 and 30 more\n");

    [Theory]
    [InlineData(0, "1970-01-01T00:00:00.000Z")]
    [InlineData(253_402_300_799_999, "9999-12-31T23:59:59.999Z")]
    [InlineData(long.MaxValue, "9223372036854775807 ms since 1970")]
    [InlineData(long.MinValue, "-9223372036854775808 ms since 1970")]
    public void Any_read_time_is_told(long milliseconds, string text) => PlanExplanation.Of(
        RetrievePlan.Of(RetrieveParser.Parse("EXPLAIN RETRIEVE items"), Ledger.Schema, milliseconds), Ledger.Schema, [], [], 0)
        .Should().Contain($"\nread time  {text}\n");

    private static string Explain(string query) => PlanExplanation.Of(
        RetrievePlan.Of(RetrieveParser.Parse(query), Ledger.Schema, Ledger.Noon), Ledger.Schema, [("us-east", 5), ("eu-west", 5)], [], routingVersion: 3);
}

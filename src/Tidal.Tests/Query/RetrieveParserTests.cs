using Tidal.Query;
using Tidal.Schema;

namespace Tidal.Tests.Query;

public sealed class RetrieveParserTests
{
    private const string EveryClause =
        "EXPLAIN RETRIEVE items FOR USER @7 COHORT locale:EU USING PROFILE top WINDOW 24h FILTER unseen, unblocked, topic:news "
        + "EXCLUDE [@1, @2] DIVERSITY max_per_creator:3 READ local LIMIT 50 CURSOR c-1";

    [Fact]
    public void A_query_without_clauses_has_the_defaults()
    {
        var query = RetrieveParser.Parse("RETRIEVE items");
        query.Explain.Should().BeFalse();
        query.ForUser.Should().BeNull();
        query.Cohort.Should().BeNull();
        query.Profile.Should().Be(RankingProfile.Trending);
        query.Window.Should().Be(CountWindow.All);
        query.Filters.Should().BeEmpty();
        query.Excluded.Should().BeEmpty();
        query.MaxPerCreator.Should().BeNull();
        query.Read.Should().Be(ReadScope.Home);
        query.Limit.Should().Be(20);
        query.Cursor.Should().BeNull();
    }

    [Fact]
    public void Every_clause_is_read()
    {
        var query = RetrieveParser.Parse(EveryClause);
        query.Explain.Should().BeTrue();
        query.ForUser.Should().Be(new UserId("7"));
        query.Cohort!.ToString().Should().Be("locale:EU");
        query.Profile.Should().Be(RankingProfile.Top);
        query.Window.Should().Be(CountWindow.OneDay);
        query.Filters.Select(filter => filter.ToString()).Should().Equal("unseen", "unblocked", "topic:news");
        query.Excluded.Should().Equal(new ItemId("1"), new ItemId("2"));
        query.MaxPerCreator.Should().Be(3);
        query.Read.Should().Be(ReadScope.Local);
        query.Limit.Should().Be(50);
        query.Cursor.Should().Be("c-1");
    }

    [Theory]
    [InlineData("trending", RankingProfile.Trending)]
    [InlineData("top", RankingProfile.Top)]
    [InlineData("new", RankingProfile.New)]
    public void Every_profile_is_read(string word, RankingProfile profile) =>
        RetrieveParser.Parse($"RETRIEVE items USING PROFILE {word}").Profile.Should().Be(profile);

    [Theory]
    [InlineData("1h", CountWindow.OneHour)]
    [InlineData("24h", CountWindow.OneDay)]
    [InlineData("7d", CountWindow.OneWeek)]
    [InlineData("all", CountWindow.All)]
    public void Every_window_is_read(string word, CountWindow window) =>
        RetrieveParser.Parse($"RETRIEVE items WINDOW {word} USING PROFILE top").Window.Should().Be(window);

    [Fact]
    public void A_window_may_stand_before_the_profile_it_needs() =>
        RetrieveParser.Parse("RETRIEVE items WINDOW 1h LIMIT 3 USING PROFILE top").Window.Should().Be(CountWindow.OneHour);

    [Theory]
    [InlineData("home", ReadScope.Home)]
    [InlineData("local", ReadScope.Local)]
    public void Every_read_scope_is_read(string word, ReadScope scope) =>
        RetrieveParser.Parse($"RETRIEVE items READ {word}").Read.Should().Be(scope);

    [Theory]
    [InlineData("@123", "123")]
    [InlineData("@en:Jeremy_Corbyn", "en:Jeremy_Corbyn")]
    [InlineData("@a-b.c:d/e_9", "a-b.c:d/e_9")]
    [InlineData("@LIMIT", "LIMIT")]
    [InlineData("@Пётр", "Пётр")]
    [InlineData("@東京", "東京")]
    [InlineData("@𝒳e\u0301①", "𝒳e\u0301①")]
    [InlineData("@\"en:Jeremy Corbyn\"", "en:Jeremy Corbyn")]
    [InlineData("@\"say \\\"hi\\\" \\\\ bye\"", "say \"hi\" \\ bye")]
    [InlineData("@\"two\nlines, a\ttab, 😀]\"", "two\nlines, a\ttab, 😀]")]
    public void An_id_is_a_word_or_a_quoted_string(string written, string id) =>
        RetrieveParser.Parse($"RETRIEVE items FOR USER {written}").ForUser.Should().Be(new UserId(id));

    [Theory]
    [InlineData("locale:EU", "locale", "EU")]
    [InlineData("wiki:vi", "wiki", "vi")]
    [InlineData("path:a:b/c", "path", "a:b/c")]
    [InlineData("odd::x", "odd", ":x")]
    [InlineData("topic:\"world news\"", "topic", "world news")]
    [InlineData("topic : \"world news\"", "topic", "world news")]
    [InlineData("topic: news", "topic", "news")]
    [InlineData("topic :news", "topic", "news")]
    public void The_first_colon_parts_the_key_from_the_value(string written, string key, string value)
    {
        var cohort = RetrieveParser.Parse($"RETRIEVE items COHORT {written}").Cohort!;
        (cohort.Attribute, cohort.Value).Should().Be((key, value));
        var filter = (AttributeFilter)RetrieveParser.Parse($"RETRIEVE items FILTER {written}").Filters[0];
        (filter.Key, filter.Value).Should().Be((key, value));
    }

    [Fact]
    public void A_filter_may_ask_for_an_empty_value() =>
        RetrieveParser.Parse("RETRIEVE items FILTER topic:\"\"").Filters[0].Should().BeOfType<AttributeFilter>()
            .Which.Value.Should().BeEmpty();

    [Fact]
    public void Filters_are_kept_in_order_and_repeated_ones_too() =>
        RetrieveParser.Parse("RETRIEVE items FILTER topic:a,unseen,topic:b,topic:a")
            .Filters.Select(filter => filter.ToString()).Should().Equal("topic:a", "unseen", "topic:b", "topic:a");

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1000)]
    public void The_excluded_are_a_list_of_up_to_a_thousand(int count)
    {
        var ids = Enumerable.Range(0, count).Select(number => $"@{number}");
        RetrieveParser.Parse($"RETRIEVE items EXCLUDE [{string.Join(",", ids)}]").Excluded.Should().HaveCount(count);
    }

    [Theory]
    [InlineData("1", 1)]
    [InlineData("007", 7)]
    [InlineData("1000", 1000)]
    public void Limits_reach_from_1_to_1000(string written, int limit)
    {
        RetrieveParser.Parse($"RETRIEVE items LIMIT {written}").Limit.Should().Be(limit);
        RetrieveParser.Parse($"RETRIEVE items DIVERSITY max_per_creator:{written}").MaxPerCreator.Should().Be(limit);
    }

    [Fact]
    public void A_cursor_may_be_quoted() =>
        RetrieveParser.Parse("RETRIEVE items CURSOR \"a+b/c==\"").Cursor.Should().Be("a+b/c==");

    [Fact]
    public void Keywords_are_read_in_any_case() =>
        RetrieveParser.Parse("retrieve ITEMS for User @a using PROFILE Top window 7D filter UNSEEN read Local limit 5 diversity MAX_per_creator:2")
            .Should().Be(RetrieveParser.Parse(
                "RETRIEVE items FOR USER @a USING PROFILE top WINDOW 7d FILTER unseen READ local LIMIT 5 DIVERSITY max_per_creator:2"));

    [Fact]
    public void White_space_between_tokens_is_free()
    {
        var spread = "\r\n\t" + EveryClause.Replace(" ", "\t\r\n\u00A0 ").Replace(",", "\n,") + "\n\n";
        RetrieveParser.Parse(spread).Should().Be(RetrieveParser.Parse(EveryClause));
        RetrieveParser.Parse("RETRIEVE items FOR USER@\"a\"EXCLUDE[@1,@2]LIMIT 5").Excluded.Should().HaveCount(2);
    }

    [Fact]
    public void A_query_knows_where_its_clauses_begin()
    {
        var query = RetrieveParser.Parse("RETRIEVE items\nLIMIT 3\nCOHORT locale:EU FILTER a:b, unseen");
        query.LocationOf(QueryClause.Limit)!.Value.Position.Should().Be(15);
        query.LocationOf(QueryClause.Cohort)!.Value.ToString().Should().Be("line 3, column 1");
        query.LocationOf(QueryClause.Cursor).Should().BeNull();
        query.Cohort!.Location.Excerpt.Should().Be("COHORT locale:EU FILTER a:b, unseen\n       ^");
        query.Filters[1].Location.Excerpt.Should().Be("COHORT locale:EU FILTER a:b, unseen\n                             ^");
    }

    [Fact]
    public void A_text_may_have_64_KiB_of_UTF_8_and_no_byte_more()
    {
        var longest = "RETRIEVE items" + new string(' ', 65_536 - 14);
        RetrieveParser.Parse(longest).Limit.Should().Be(20);
        FluentActions.Invoking(() => RetrieveParser.Parse(longest + " ")).Should().Throw<QuerySyntaxException>()
            .Which.Position.Should().Be(65_536);
        FluentActions.Invoking(() => RetrieveParser.Parse(new string('東', 30_000))).Should().Throw<QuerySyntaxException>()
            .Which.Position.Should().Be(21_845);
    }

    [Fact]
    public void No_text_is_a_mistake_of_the_caller() =>
        FluentActions.Invoking(() => RetrieveParser.Parse(null!)).Should().Throw<ArgumentNullException>();
}

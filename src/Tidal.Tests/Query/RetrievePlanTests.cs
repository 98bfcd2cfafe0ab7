using Tidal.Query;
using Tidal.Schema;
using Tidal.Tests.Signals;

namespace Tidal.Tests.Query;

public sealed class RetrievePlanTests
{
    [Fact]
    public void A_plan_holds_what_the_query_asks_with_names_resolved()
    {
        var plan = Plan("RETRIEVE items COHORT plan:pro USING PROFILE top WINDOW 24h FILTER a:b, c:d EXCLUDE [@1, @2, @1] DIVERSITY max_per_creator:3 READ local LIMIT 7");
        (plan.Profile, plan.Window, plan.Read, plan.Limit).Should().Be((RankingProfile.Top, CountWindow.OneDay, ReadScope.Local, 7));
        plan.Scope.Should().Be(new CohortScope(1, "pro"));
        plan.Terms.Should().Equal([new ProfileTerm(Ledger.View, 1), new ProfileTerm(Ledger.Like, 3)], "a weight of 0 leaves a type out");
        plan.Filters.Select(filter => filter.ToString()).Should().Equal("a:b", "c:d");
        plan.Excluded.Should().BeEquivalentTo([new ItemId("1"), new ItemId("2")]);
        plan.ReadTimeMilliseconds.Should().Be(Ledger.Noon);
        plan.MaxPerCreator.Should().Be(3);
    }

    [Fact]
    public void A_short_query_has_the_defaults()
    {
        var plan = Plan("RETRIEVE items");
        (plan.Profile, plan.Window, plan.Read, plan.Limit).Should().Be((RankingProfile.Trending, CountWindow.All, ReadScope.Home, 20));
        plan.Scope.Should().Be(CohortScope.Everyone);
        (plan.Filters.Count, plan.Excluded.Count).Should().Be((0, 0));
        (plan.MaxPerCreator, plan.After).Should().Be((null, null));
    }

    [Fact]
    public void A_cohort_that_the_schema_does_not_have_is_shown_with_a_caret() =>
        FluentActions.Invoking(() => Plan("RETRIEVE items COHORT country:EU")).Should().Throw<QuerySemanticException>().WithMessage(
            """
            There is no cohort attribute 'country'; expected locale or plan.
            RETRIEVE items COHORT country:EU
                                  ^
            """);

    [Fact]
    public void A_schema_without_cohorts_says_so()
    {
        var schema = new SchemaBuilder().Signal("view", TimeSpan.FromDays(1)).Build();
        FluentActions.Invoking(() => RetrievePlan.Of(RetrieveParser.Parse("RETRIEVE items COHORT locale:EU"), schema, 0))
            .Should().Throw<QuerySemanticException>().Which.Expected.Should().Be("no COHORT: this schema has none");
    }

    [Theory]
    [InlineData("RETRIEVE items FILTER ‸unseen", "unseen")]
    [InlineData("RETRIEVE items FILTER a:b, ‸unblocked, unseen LIMIT 5", "unblocked")]
    [InlineData("EXPLAIN RETRIEVE items FILTER ‸unseen CURSOR c COHORT country:EU", "unseen")]
    public void A_filter_about_a_user_needs_one(string marked, string filter)
    {
        var position = marked.IndexOf('‸');
        var error = FluentActions.Invoking(() => Plan(marked.Remove(position, 1))).Should().Throw<QuerySemanticException>().Which;
        (error.Position, error.Problem).Should().Be((position, $"FILTER {filter} is used without FOR USER"));
    }

    [Theory]
    [InlineData("RETRIEVE items FOR USER @ana", false)]
    [InlineData("RETRIEVE items FOR USER @ana FILTER unblocked, a:b", false)]
    [InlineData("RETRIEVE items FILTER unseen, a:b FOR USER @ana", true)]
    public void A_query_for_a_user_names_the_user(string query, bool unseen)
    {
        var plan = Plan(query);
        (plan.User, plan.Unseen, plan.Hidden).Should().Be((new UserId("ana"), unseen, HiddenTargets.None));
        plan.Filters.Count.Should().Be(query.Contains("a:b") ? 1 : 0);
    }

    private static RetrievePlan Plan(string query) => RetrievePlan.Of(RetrieveParser.Parse(query), Ledger.Schema, Ledger.Noon);
}

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
    [InlineData("RETRIEVE items FOR USER @1", "FOR USER")]
    [InlineData("RETRIEVE items FILTER unseen", "FILTER unseen")]
    [InlineData("RETRIEVE items FILTER unblocked", "FILTER unblocked")]
    [InlineData("EXPLAIN RETRIEVE items FILTER unseen CURSOR c COHORT country:EU", "FILTER unseen")]
    public void A_clause_that_cannot_be_carried_out_is_refused_by_name(string query, string clause) =>
        FluentActions.Invoking(() => Plan(query)).Should().Throw<QueryNotSupportedException>().Which.Clause.Should().Be(clause);

    private static RetrievePlan Plan(string query) => RetrievePlan.Of(RetrieveParser.Parse(query), Ledger.Schema, Ledger.Noon);
}

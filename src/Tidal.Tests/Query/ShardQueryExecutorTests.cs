using Tidal.Log;
using Tidal.Query;
using Tidal.Schema;
using Tidal.Signals;
using Tidal.Tests.Signals;

namespace Tidal.Tests.Query;

/// <summary>The executor against a sort of everything.</summary>
public sealed class ShardQueryExecutorTests
{
    private static readonly string[] Profiles = ["trending", "top", "top WINDOW 1h", "top WINDOW 24h", "top WINDOW 7d", "new"];
    private readonly ShardQueryExecutor _executor = new(default);

    [Fact]
    public void It_lists_what_a_sort_of_all_items_would() =>
        SeededProperty.HoldsFor(random =>
        {
            var ledger = RandomLedger(random, 0, 40);
            for (var query = 0; query < 5; query++)
            {
                var plan = RandomPlan(random);
                RegionId[]? homes = random.Chance(0.5) ? [new RegionId((ushort)random.Next(2)), new RegionId(2)] : null;
                var (answer, expected) = (_executor.Execute(ledger.State, plan, homes), Naive(ledger.State, plan, homes));
                Listed(answer.Items).Should().Equal(Listed(expected.Take(plan.Limit)));
                MustHaveCounted(answer, ledger.State.Items.Count, expected.Count, plan.Limit);
            }
        }, cases: 100);

    [Fact]
    public void Merging_shards_is_executing_on_all_of_them_together() =>
        SeededProperty.HoldsFor(random =>
        {
            var (one, other, plan) = (RandomLedger(random, 0, 20), RandomLedger(random, 100, 20), RandomPlan(random));
            var merged = ShardAnswer.Merge([_executor.Execute(one.State, plan, null), _executor.Execute(other.State, plan, null)], plan);
            var all = Naive(one.State, plan, null).Concat(Naive(other.State, plan, null)).Order().ToList();
            Listed(merged.Items).Should().Equal(Listed(all.Take(plan.Limit)));
            MustHaveCounted(merged, one.State.Items.Count + other.State.Items.Count, all.Count, plan.Limit);
        }, cases: 100);

    [Fact]
    public void Equal_scores_are_ordered_by_item_id_whatever_is_cut_off()
    {
        var ledger = new Ledger();
        foreach (var item in new[] { "c", "a", "B", "d", "ab" })
            ledger.Item(item).Signal(item);
        Ids(ledger, "RETRIEVE items").Should().Equal("B", "a", "ab", "c", "d");
        Ids(ledger, "RETRIEVE items LIMIT 3").Should().Equal("B", "a", "ab");
    }

    [Fact]
    public void Items_of_score_zero_are_not_listed()
    {
        var ledger = new Ledger().Item("cold").Item("shared").Signal("shared", type: new SignalTypeId(2)).Item("weightless").Signal("weightless", weight: 0)
            .Item("a").Signal("a");
        Ids(ledger, "RETRIEVE items").Should().Equal(["a"], "a share weighs nothing in the profiles");
        Ids(ledger, "RETRIEVE items USING PROFILE top").Should().Equal("a", "weightless");
        Ids(ledger, "RETRIEVE items USING PROFILE new").Should().HaveCount(4);
    }

    [Fact]
    public void An_item_is_listed_once_its_record_is_there()
    {
        var ledger = new Ledger().Signal("a");
        Ids(ledger, "RETRIEVE items").Should().BeEmpty();
        Ids(ledger.Item("a"), "RETRIEVE items").Should().Equal("a");
    }

    [Fact]
    public void A_type_counts_as_much_as_the_schema_says()
    {
        var ledger = new Ledger().Item("viewed").Item("liked").Signal("liked", type: Ledger.Like);
        for (var view = 0; view < 4; view++)
            ledger.Signal("viewed");
        var answer = _executor.Execute(ledger.State, Plan("RETRIEVE items USING PROFILE top"), null);
        Listed(answer.Items).Should().Equal(("viewed", 4), ("liked", 3));
    }

    [Fact]
    public void An_item_that_two_regions_take_for_theirs_is_listed_once_from_the_lower_record()
    {
        var east = new Ledger().Item("a", created: Ledger.Noon, home: 0, region: 0).Signal("a");
        var west = new Ledger().Item("a", created: Ledger.Noon + 1, home: 1, region: 1).Signal("a", region: 1).Signal("a", region: 1).Item("b", home: 1).Signal("b");
        var plan = Plan("RETRIEVE items");
        var parts = new[] { _executor.Execute(east.State, plan, [new RegionId(0)]), _executor.Execute(west.State, plan, [new RegionId(1)]) };
        Listed(ShardAnswer.Merge(parts, plan).Items).Should().Equal(("a", 1), ("b", 1));
        Listed(ShardAnswer.Merge([.. parts.Reverse()], plan).Items).Should().Equal(("a", 1), ("b", 1));
    }

    // Of what was not looked at only that there is more than was listed is known.
    private static void MustHaveCounted(ShardAnswer answer, int items, int left, int limit)
    {
        answer.CandidatesConsidered.Should().BeInRange(answer.CandidatesLeft, items);
        answer.CandidatesLeft.Should().BeInRange(Math.Min(left, limit + 1), left);
    }

    private string[] Ids(Ledger ledger, string query) =>
        [.. _executor.Execute(ledger.State, Plan(query), null).Items.Select(item => item.Item.Value)];

    private static RetrievePlan Plan(string query) => RetrievePlan.Of(RetrieveParser.Parse(query), Ledger.Schema, Ledger.Noon);

    private static IEnumerable<(string, double)> Listed(IEnumerable<RankedItem> items) => items.Select(item => (item.Item.Value, item.Score));

    private static RetrievePlan RandomPlan(DeterministicRandom random)
    {
        var query = $"RETRIEVE items USING PROFILE {Profiles[random.Next(Profiles.Length)]} LIMIT {1 + random.Next(30)}";
        query += random.Chance(0.4) ? " COHORT locale:en" : "";
        query += random.Chance(0.4) ? " FILTER colour:red" : "";
        query += random.Chance(0.4) ? $" EXCLUDE [@{random.Next(10)}, @{random.Next(10)}]" : "";
        return Plan(query);
    }

    // Few different events, so that many scores are equal.
    private static Ledger RandomLedger(DeterministicRandom random, int firstItem, int items)
    {
        var ledger = new Ledger();
        for (var step = 0; step < items * 4; step++)
        {
            var item = $"{firstItem + random.Next(items)}";
            if (random.Chance(0.3))
                ledger.Item(item, Ledger.Noon - random.Next(5), home: random.Next(2), attributes: new AttributeValue("colour", random.Chance(0.5) ? "red" : "blue"));
            else
                ledger.Signal(item, Ledger.Noon - random.Next(4) * 7_000_000L, 1, new SignalTypeId((ushort)random.Next(3)), 0, random.Chance(0.5) ? [Ledger.Locale("en")] : []);
        }
        return ledger;
    }

    private static List<RankedItem> Naive(TenantState state, RetrievePlan plan, RegionId[]? homes) =>
    [
        .. state.Items
            .Where(item => item.IsListed && (homes is null || homes.Contains(item.Home!.Value)) && !plan.Excluded.Contains(item.Item))
            .Where(item => plan.Filters.All(filter => item.Attribute(filter.Key) == filter.Value))
            .Select(item => new RankedItem(item.Item, NaiveScore(state, item, plan)))
            .Where(item => item.Score > 0)
            .OrderByDescending(item => item.Score).ThenBy(item => item.Item.Value, StringComparer.Ordinal),
    ];

    private static double NaiveScore(TenantState state, ItemState item, RetrievePlan plan)
    {
        if (plan.Profile == RankingProfile.New)
            return plan.Scope == CohortScope.Everyone || Ledger.Schema.Signals.Any(type => item.Signals(type.Id, plan.Scope) is not null) ? item.CreatedMilliseconds : 0;
        return Ledger.Schema.Signals.Where(type => type.Weight > 0).Sum(type => type.Weight * (plan.Profile == RankingProfile.Top
            ? state.ReadCount(item.Item, type.Id, plan.Scope, plan.Window, plan.ReadTimeMilliseconds)
            : state.ReadDecayScore(item.Item, type.Id, plan.Scope, plan.ReadTimeMilliseconds)));
    }
}

using Tidal.Log;
using Tidal.Query;
using Tidal.Schema;
using Tidal.Signals;
using Tidal.Tests.Signals;

namespace Tidal.Tests.Query;

/// <summary>What is hidden, in one shard and in the merged list.</summary>
public sealed class HiddenTargetsTests
{
    private readonly ShardQueryExecutor _executor = new(default);

    [Fact]
    public void A_shard_lists_no_hidden_item_and_nothing_by_a_hidden_creator()
    {
        var ledger = Shard(("a", "mia"), ("b", "noa"), ("c", "mia"), ("d", ""));
        Listed(ledger, Plan("", Item("b"))).Should().Equal("a", "c", "d");
        Listed(ledger, Plan("", Creator("mia"))).Should().Equal("b", "d");
        Listed(ledger, Plan("", Creator(""))).Should().Equal(["a", "b", "c", "d"], "an empty name is no creator");
        Listed(ledger, Plan("", Item("mia"), Creator("a"))).Should().Equal("a", "b", "c", "d");
        Listed(ledger, Plan("LIMIT 2", Item("a"))).Should().Equal("b", "c");
    }

    [Fact]
    public void A_shard_lists_nothing_that_was_seen_where_that_is_asked_for()
    {
        var schema = new SchemaBuilder().Signal("view", TimeSpan.FromHours(6), marksSeen: true).Build();
        var ledger = new Ledger(schema).Item("a").Item("b").Signal("a");
        ledger.Take(LogRecord.Signal(default, default, Ledger.Noon, new ItemId("b"), new UserId("other"), Ledger.View));
        Listed(ledger, RetrievePlan.Of(RetrieveParser.Parse($"RETRIEVE items FOR USER @{Ledger.User} FILTER unseen"), schema, Ledger.Noon)).Should().Equal("b");
        Listed(ledger, RetrievePlan.Of(RetrieveParser.Parse($"RETRIEVE items FOR USER @{Ledger.User}"), schema, Ledger.Noon)).Should().Equal("a", "b");
    }

    [Fact]
    public void What_is_hidden_by_the_word_of_one_of_two_regions_that_list_it_is_not_listed()
    {
        var plan = Plan("", Creator("mia"));
        var knows = new ShardAnswer([new RankedItem(new ItemId("a"), 2) { Creator = "mia" }], 1, 1);
        var doesNot = new ShardAnswer([new RankedItem(new ItemId("a"), 1)], 1, 1);
        ShardAnswer.Merge([knows, doesNot], plan).Items.Should().BeEmpty();
        ShardAnswer.Merge([doesNot, knows], plan).Items.Should().BeEmpty();
    }

    [Fact]
    public void Pages_that_lose_what_is_found_to_be_hidden_late_go_on_without_a_gap() =>
        SeededProperty.HoldsFor(random =>
        {
            var shards = Enumerable.Range(0, 3).Select(_ => new Ledger()).ToList();
            for (var item = 0; item < 30; item++)
                shards[random.Next(3)].Item($"{item:00}").Signal($"{item:00}", Ledger.Noon - random.Next(5) * 1000);
            var hidden = Enumerable.Range(0, 30).Where(_ => random.Chance(0.3)).Select(item => Item($"{item:00}")).ToArray();
            var (asked, known) = (Plan($"LIMIT {1 + random.Next(6)}"), Plan("LIMIT 1000", hidden));
            var whole = ShardAnswer.Merge([.. shards.Select(shard => _executor.Execute(shard.State, known, null))], known);
            Pages(shards, asked, known.Hidden).Should().Equal(whole.Items.Select(item => item.Item));
        });

    // The shards know of nothing hidden, the gateway of all.
    private List<ItemId> Pages(List<Ledger> shards, RetrievePlan asked, HiddenTargets hidden)
    {
        var items = new List<ItemId>();
        for (RetrievePlan? plan = asked; plan is not null;)
        {
            var merging = plan with { Hidden = hidden };
            var page = ShardAnswer.Merge([.. shards.Select(shard => _executor.Execute(shard.State, plan, null))], merging);
            page.Items.Count.Should().BeLessThanOrEqualTo(plan.Limit);
            items.AddRange(page.Items.Select(item => item.Item));
            plan = page.GoesOnBehind is { } last ? plan with { After = last } : null;
        }
        return items;
    }

    private IEnumerable<string> Listed(Ledger ledger, RetrievePlan plan) =>
        _executor.Execute(ledger.State, plan, null).Items.Select(item => item.Item.Value);

    private static Ledger Shard(params (string Item, string Creator)[] items)
    {
        var ledger = new Ledger();
        foreach (var (item, creator) in items)
            ledger.Item(item, attributes: new AttributeValue("creator", creator)).Signal(item);
        return ledger;
    }

    private static RetrievePlan Plan(string clauses, params HardNegativeTarget[] hidden) =>
        RetrievePlan.Of(RetrieveParser.Parse($"RETRIEVE items FOR USER @ana {clauses}"), Ledger.Schema, Ledger.Noon) with { Hidden = new HiddenTargets(hidden) };

    private static HardNegativeTarget Item(string item) => new(TargetKind.Item, item, NegativeKind.Hide);

    private static HardNegativeTarget Creator(string creator) => new(TargetKind.Creator, creator, NegativeKind.Block);
}

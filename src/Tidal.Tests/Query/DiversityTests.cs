using Tidal.Log;
using Tidal.Query;
using Tidal.Schema;
using Tidal.Tests.Signals;

namespace Tidal.Tests.Query;

/// <summary>The bound on items of one creator, in a shard and over all of them.</summary>
public sealed class DiversityTests
{
    private readonly ShardQueryExecutor _executor = new(default);

    [Fact]
    public void Merged_parts_are_what_one_greedy_pass_over_everything_gives() =>
        SeededProperty.HoldsFor(random =>
        {
            var (most, limit) = (1 + random.Next(3), 1 + random.Next(12));
            var shards = Enumerable.Range(0, 1 + random.Next(4)).Select(shard => RandomShard(random, $"{shard}-", random.Next(25))).ToList();
            var everything = Plan("RETRIEVE items LIMIT 1000");
            var all = shards.SelectMany(shard => _executor.Execute(shard.State, everything, null).Items.Select(item => (item, shard)));
            var plan = Plan($"RETRIEVE items DIVERSITY max_per_creator:{most} LIMIT {limit}");
            var parts = shards.Select(shard => _executor.Execute(shard.State, plan, null)).ToList();
            parts.Should().OnlyContain(part => part.Items.Count <= limit);
            ShardAnswer.Merge(parts, plan).Items.Select(item => item.Item).Should().Equal(
                Greedy(all.Select(pair => (pair.item, CreatorOf(pair.shard, pair.item.Item))), most).Take(limit));
        }, cases: 500);

    [Fact]
    public void A_creator_at_the_bound_in_two_shards_is_at_the_bound_in_the_answer()
    {
        var (one, other) = (Shard(("a", "mia", 4), ("b", "mia", 2), ("x", "noa", 1)), Shard(("c", "mia", 5), ("d", "mia", 3), ("y", "noa", 1)));
        var plan = Plan("RETRIEVE items DIVERSITY max_per_creator:2");
        var parts = new[] { _executor.Execute(one.State, plan, null), _executor.Execute(other.State, plan, null) };
        Ids(ShardAnswer.Merge(parts, plan)).Should().Equal("c", "a", "x", "y");
    }

    [Fact]
    public void A_better_item_of_a_full_creator_takes_the_place_of_its_worst_whatever_the_order()
    {
        var plan = Plan("RETRIEVE items DIVERSITY max_per_creator:1 LIMIT 2");
        Ids(_executor.Execute(Shard(("a", "mia", 1), ("b", "noa", 2), ("c", "mia", 3)).State, plan, null)).Should().Equal("c", "b");
        Ids(_executor.Execute(Shard(("c", "mia", 3), ("b", "noa", 2), ("a", "mia", 1)).State, plan, null)).Should().Equal("c", "b");
    }

    [Fact]
    public void Items_without_a_creator_or_with_an_empty_one_are_not_limited()
    {
        var shard = Shard(("a", "", 4), ("b", "", 3), ("c", "mia", 2), ("d", "mia", 1)).Item("e").Signal("e", weight: 0.5).Item("f").Signal("f", weight: 0.5);
        var plan = Plan("RETRIEVE items DIVERSITY max_per_creator:1");
        Ids(ShardAnswer.Merge([_executor.Execute(shard.State, plan, null)], plan)).Should().Equal("a", "b", "c", "e", "f");
    }

    [Fact]
    public void Without_the_clause_creators_do_not_matter() =>
        Ids(_executor.Execute(Shard(("a", "mia", 2), ("b", "mia", 1)).State, Plan("RETRIEVE items"), null)).Should().Equal("a", "b");

    private static RetrievePlan Plan(string query) => RetrievePlan.Of(RetrieveParser.Parse(query), Ledger.Schema, Ledger.Noon);

    private static IEnumerable<string> Ids(ShardAnswer answer) => answer.Items.Select(item => item.Item.Value);

    private static Ledger Shard(params (string Item, string Creator, double Weight)[] items)
    {
        var ledger = new Ledger();
        foreach (var (item, creator, weight) in items)
            ledger.Item(item, attributes: new AttributeValue("creator", creator)).Signal(item, weight: weight);
        return ledger;
    }

    // Few weights and few creators, so that scores are equal and bounds are met.
    private static Ledger RandomShard(DeterministicRandom random, string prefix, int items) => Shard([.. Enumerable.Range(0, items).Select(item =>
        ($"{random.Next(10)}{prefix}{item}", random.Chance(0.2) ? "" : $"creator {random.Next(4)}", (double)(1 + random.Next(8))))]);

    private static string? CreatorOf(Ledger shard, ItemId item) => shard.State.Find(item)!.Attribute("creator");

    private static IEnumerable<ItemId> Greedy(IEnumerable<(RankedItem Item, string? Creator)> items, int most)
    {
        var taken = new List<string>();
        foreach (var (item, creator) in items.OrderByDescending(pair => pair.Item.Score).ThenBy(pair => pair.Item.Item.Value, StringComparer.Ordinal))
        {
            if (!string.IsNullOrEmpty(creator) && taken.Count(other => other == creator) == most)
                continue;
            taken.Add(creator ?? "");
            yield return item.Item;
        }
    }
}

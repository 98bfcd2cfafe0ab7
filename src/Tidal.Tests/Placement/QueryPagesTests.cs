using Tidal.Log;
using Tidal.Placement;
using Tidal.Query;
using Tidal.Schema;
using Tidal.Tests.Signals;

namespace Tidal.Tests.Placement;

/// <summary>Answers in pages, plans as text, and the bound on creators, through a gateway and all its shards.</summary>
public sealed class QueryPagesTests
{
    private static readonly string[] Profiles =
        ["", "USING PROFILE top", "USING PROFILE top WINDOW 1h", "USING PROFILE top WINDOW 24h", "USING PROFILE new", "COHORT locale:en", "FILTER colour:red", "READ local"];

    [Fact]
    public void Pages_one_after_the_other_are_the_whole_answer_though_time_passes_and_routing_changes() =>
        SeededProperty.HoldsFor(random =>
        {
            var bench = RandomBench(random);
            var query = $"RETRIEVE items {Profiles[random.Next(Profiles.Length)]}";
            var whole = bench.Ask($"{query} LIMIT 1000");
            whole.NextCursor.Should().BeNull();
            Listed(Pages(bench, query, random)).Should().Equal(Listed(whole.Items));
        }, cases: 300);

    [Fact]
    public void A_page_that_is_full_and_the_last_has_no_cursor()
    {
        var bench = Bench(("a", 3), ("b", 2));
        bench.Ask("RETRIEVE items LIMIT 2").NextCursor.Should().BeNull();
        bench.Ask("RETRIEVE items LIMIT 3").NextCursor.Should().BeNull();
        bench.Ask("RETRIEVE items FILTER a:b").NextCursor.Should().BeNull();
        var first = bench.Ask("RETRIEVE items LIMIT 1");
        first.NextCursor.Should().MatchRegex("^[A-Za-z0-9_-]{40,}$");
        Listed(bench.Ask($"RETRIEVE items LIMIT 1 CURSOR {first.NextCursor}").Items).Should().Equal(("b", 2));
        bench.Ask($"RETRIEVE items LIMIT 1 CURSOR {first.NextCursor}").NextCursor.Should().BeNull();
    }

    [Fact]
    public void Equal_scores_that_a_page_ends_among_are_each_listed_once()
    {
        var bench = Bench([.. Enumerable.Range(10, 30).Select(item => ($"{item}", 1.0))]);
        Listed(Pages(bench, "RETRIEVE items", new DeterministicRandom(1))).Should().Equal(Enumerable.Range(10, 30).Select(item => ($"{item}", 1.0)));
    }

    [Fact]
    public void The_next_page_is_read_at_the_time_of_the_first()
    {
        var bench = Bench(("a", 3), ("b", 2), ("c", 1));
        var first = bench.Ask("RETRIEVE items LIMIT 1");
        bench.Now += 6 * 3_600_000;
        Listed(bench.Ask($"RETRIEVE items LIMIT 5 CURSOR {first.NextCursor}").Items).Should().Equal(("b", 2), ("c", 1));
        Listed(bench.Ask("RETRIEVE items LIMIT 5").Items).Should().Equal(("a", 1.5), ("b", 1), ("c", 0.5));
    }

    [Fact]
    public void What_arrives_between_pages_is_listed_only_if_its_rank_lies_behind()
    {
        var bench = Bench(("a", 4), ("b", 3), ("c", 2));
        var first = bench.Ask("RETRIEVE items LIMIT 2");
        foreach (var (item, weight) in new[] { ("before", 3.5), ("behind", 2.5), ("bb", 3.0), ("aa", 3.0) })
            bench.ShardOf(item).Item(item).Signal(item, weight: weight);
        Listed(bench.Ask($"RETRIEVE items CURSOR {first.NextCursor}").Items).Should().Equal(("bb", 3), ("behind", 2.5), ("c", 2));
    }

    [Fact]
    public void A_cursor_of_an_older_routing_version_is_read_under_the_newest()
    {
        var bench = Bench(("a", 2), ("b", 1));
        var first = bench.Ask("RETRIEVE items LIMIT 1");
        bench.ChangeRouting();
        Listed(bench.Ask($"RETRIEVE items CURSOR {first.NextCursor}").Items).Should().Equal(("b", 1));
        bench.Ask("RETRIEVE items LIMIT 1").NextCursor.Should().NotBe(first.NextCursor);
        bench.Ask("EXPLAIN RETRIEVE items").Explanation.Should().Contain("routing    version 2\n");
    }

    [Fact]
    public void The_bound_on_creators_holds_over_all_shards_and_regions() =>
        SeededProperty.HoldsFor(random =>
        {
            var bench = RandomBench(random);
            var most = 1 + random.Next(3);
            var all = bench.Ask("RETRIEVE items LIMIT 1000").Items.Select(item => (item, bench.ShardOf(item.Item.Value).State.Find(item.Item)!.Attribute("creator")));
            var (counts, expected) = (new Dictionary<string, int>(), new List<RankedItem>());
            foreach (var (item, creator) in all)
            {
                if (creator is null || (counts[creator] = counts.GetValueOrDefault(creator) + 1) <= most)
                    expected.Add(item);
            }
            var limit = 1 + random.Next(20);
            var answer = bench.Ask($"RETRIEVE items DIVERSITY max_per_creator:{most} LIMIT {limit}");
            Listed(answer.Items).Should().Equal(Listed(expected.Take(limit)));
            answer.NextCursor.Should().BeNull();
        }, cases: 300);

    [Fact]
    public void An_explanation_asks_no_shard_even_when_there_are_too_many_calls()
    {
        foreach (var bench in new[] { Bench(("a", 1)), new QueryBench(new GatewayOptions { CallsMax = 0 }) })
        {
            var answer = bench.Ask("EXPLAIN RETRIEVE items");
            answer.Explanation.Should().Contain("asks       3 shards of us-east, 3 shards of eu-west\n");
            (answer.Items.Count, answer.Stats.Asked.Count, answer.Stats.IsDegraded, answer.NextCursor).Should().Be((0, 0, false, null));
            bench.ShardsAsked.Should().Be(0);
        }
        Bench().Ask("EXPLAIN RETRIEVE items READ local").Explanation.Should().Contain("asks       3 shards of us-east\n");
        Bench(("a", 1)).Ask("RETRIEVE items").Explanation.Should().BeNull();
    }

    [Fact]
    public void An_explanation_of_what_cannot_be_asked_is_refused() =>
        FluentActions.Invoking(() => Bench().Ask("EXPLAIN RETRIEVE items CURSOR abc")).Should().Throw<QuerySemanticException>();

    [Fact]
    public async Task An_embedded_database_has_pages_and_plans_too()
    {
        await using var db = TidalDb.Open(Ledger.Schema);
        foreach (var item in new[] { "a", "b" })
        {
            await db.PutItemAsync(item);
            await db.SignalAsync("u", "view", item);
        }
        var first = await db.RetrieveAsync("RETRIEVE items USING PROFILE top LIMIT 1");
        var second = await db.RetrieveAsync($"RETRIEVE items USING PROFILE top LIMIT 1 CURSOR {first.NextCursor}");
        Listed([.. first.Items, .. second.Items]).Should().Equal(("a", 1), ("b", 1));
        (await db.RetrieveAsync("EXPLAIN RETRIEVE items")).Explanation.Should().Contain("asks       1 shard of local\n");
    }

    // Follows the cursors, with pages of any length, while time passes and the routing table changes.
    private static List<RankedItem> Pages(QueryBench bench, string query, DeterministicRandom random)
    {
        var listed = new List<RankedItem>();
        for (var cursor = ""; ;)
        {
            var page = bench.Ask($"{query} LIMIT {1 + random.Next(7)} {cursor}");
            listed.AddRange(page.Items);
            if (page.NextCursor is null)
                return listed;
            page.Items.Should().NotBeEmpty();
            cursor = $"CURSOR {page.NextCursor}";
            bench.Now += random.Next(10_000_000);
            if (random.Chance(0.2))
                bench.ChangeRouting();
        }
    }

    private static IEnumerable<(string, double)> Listed(IEnumerable<RankedItem> items) => items.Select(item => (item.Item.Value, item.Score));

    private static QueryBench Bench(params (string Item, double Weight)[] items)
    {
        var bench = new QueryBench();
        foreach (var (item, weight) in items)
            bench.ShardOf(item).Item(item, home: item.Length % 2).Signal(item, weight: weight);
        return bench;
    }

    // Few weights and times, so that many scores are equal.
    private static QueryBench RandomBench(DeterministicRandom random)
    {
        var bench = new QueryBench();
        for (var item = random.Next(50); item > 0; item--)
        {
            var (id, shard) = ($"{item}", bench.ShardOf($"{item}"));
            List<AttributeValue> attributes = [new AttributeValue("colour", random.Chance(0.5) ? "red" : "blue")];
            if (random.Chance(0.8))
                attributes.Add(new AttributeValue("creator", $"creator {random.Next(4)}"));
            shard.Item(id, Ledger.Noon - random.Next(3), home: random.Next(2), attributes: [.. attributes]);
            for (var signal = random.Next(4); signal > 0; signal--)
                shard.Signal(id, Ledger.Noon - random.Next(3) * 3_000_000, 1 + random.Next(2), region: random.Next(2), cohorts: random.Chance(0.5) ? [Ledger.Locale("en")] : []);
        }
        return bench;
    }
}

using Tidal.Cli;
using Tidal.Query;
using Tidal.Schema;

namespace Tidal.Testing.Tests.Cli;

/// <summary>One answer made of several tenants' answers.</summary>
public sealed class TenantAnswersTests
{
    private static readonly ShardPlace[] Places = [.. from region in ReplayCluster.Topology.Regions from shard in ReplayCluster.Topology.Shards select new ShardPlace(region, shard)];

    [Fact]
    public void Items_are_listed_by_score_and_then_by_id_up_to_the_limit() =>
        TenantAnswers.Merge([Answer([("vi:b", 2), ("vi:a", 1)]), Answer([("en:a", 3), ("en:c", 2), ("en:b", 1)])], limit: 4)
            .Items.Select(item => item.Item.Value).Should().Equal("en:a", "en:c", "vi:b", "en:b");

    [Fact]
    public void One_tenants_answer_stays_as_it_is()
    {
        var answer = Answer([("en:a", 1)]) with { NextCursor = "AQ" };
        TenantAnswers.Merge([answer], limit: 1).Should().BeSameAs(answer);
    }

    [Fact]
    public void A_shard_that_one_tenant_misses_is_missing()
    {
        var missing = new MissingShard(Places[7], MissingReason.NoPrimary);
        var stats = TenantAnswers.Merge([Answer([]), Answer([], missing), Answer([], missing with { Reason = MissingReason.NoAnswer })], limit: 1).Stats;
        stats.IsDegraded.Should().BeTrue();
        stats.Asked.Should().Equal(Places);
        stats.Answered.Should().Equal(Places.Where(place => place != Places[7]));
        stats.Missing.Should().Equal(missing);
    }

    [Fact]
    public void Figures_add_up_and_the_stalest_and_slowest_counts()
    {
        Staleness Stale(int place, int minutes) => new(Places[place], new RegionId(2), TimeSpan.FromMinutes(minutes));
        var first = Answer([]).Stats with { CandidatesConsidered = 3, CandidatesLeft = 2, TimeSpent = TimeSpan.FromMilliseconds(40), Staleness = [Stale(1, 5), Stale(0, 1)] };
        var second = first with { TimeSpent = TimeSpan.FromMilliseconds(90), Staleness = [Stale(1, 7)], HidesUnheard = [new RegionId(1)] };
        var stats = TenantAnswers.Merge([new QueryAnswer([], first), new QueryAnswer([], second)], limit: 1).Stats;
        (stats.CandidatesConsidered, stats.CandidatesLeft, stats.TimeSpent.TotalMilliseconds).Should().Be((6, 4, 90));
        stats.Staleness.Should().Equal(Stale(0, 1), Stale(1, 7));
        stats.HidesUnheard.Should().Equal(new RegionId(1));
    }

    private static QueryAnswer Answer((string Item, double Score)[] items, params MissingShard[] missing) => new(
        [.. items.Select(item => new RankedItem(new ItemId(item.Item), item.Score))],
        new QueryStats
        {
            Asked = Places,
            Answered = [.. Places.Except(missing.Select(part => part.Place))],
            Missing = missing,
            Staleness = [],
            CandidatesConsidered = 0,
            CandidatesLeft = 0,
            TimeSpent = TimeSpan.Zero,
        });
}

using Tidal.Cli;
using Tidal.Placement;
using Tidal.Query;
using Tidal.Schema;

namespace Tidal.Testing.Tests.Cli;

/// <summary>A made-up report, with everything in it that a report can have.</summary>
internal static class Reports
{
    public static ReplayReport Of(ReplayPlan plan) => new()
    {
        Signals = plan.Rows.Count,
        Accepted = plan.Rows.Count,
        Materialized = plan.Rows.Count,
        Lost = 0,
        Duplicated = 0,
        Retries = 3,
        SentTwice = 5,
        Voided = 4,
        Hides = 7,
        HidesUndone = 2,
        AnswersWatched = 30,
        Leaks = 0,
        DigestsEqual = true,
        GroundTruthEqual = true,
        HistoryHash = "0123456789abcdef",
        Seed = plan.Seed,
        HalfLife = plan.HalfLife,
        VirtualSeconds = 83_000.5,
        ReadTime = plan.End,
        Faults = [.. plan.Faults.Select(fault => PlayedFault.Of(fault, plan.At(fault.From), (fault as PartitionSpec) is { } cut ? plan.At(cut.To) : null))],
        Failovers = [new PlayedFailover("us-east", 2, 3, 2.125)],
        Trending = [new TrendingList("everyone", Items), new TrendingList("locale:NA", Items), new TrendingList("locale:EU", Items)],
        Heals = [new PlayedHeal("us-east", "ap-south", plan.End, 0.25, 5, 1_234, 2, 3)],
        RecordsReconciled = 1_200,
        Migrations = [.. plan.Migrations.Select(migration => Of(migration, plan.At(migration.At)))],
        Queries = [.. plan.Queries.Select(query => PlayedQuery.Of(query, query.At is { } at ? plan.At(at) : plan.End, AnswerTo(query)))],
        Checks = [new AuditCheck("streams between regions", true, "quiet")],
    };

    private static PlayedMigration Of(MigrationSpec migration, DateTimeOffset began) => new(
        migration.Tenant, migration.From, migration.To, began, IsOver: true,
        [.. Enum.GetValues<MigrationStep>().Skip(1).Append(MigrationStep.Idle).Index().Select(step => new PlayedStep(step.Item, began + TimeSpan.FromMinutes(step.Index)))],
        [new PlayedWait("eu-west does not hear ap-south", began)])
    {
        Queries = 2_400,
        ShortQueries = 0,
        CutOffQueries = 800,
        BytesLeftBehind = 0,
    };

    private static QueryAnswer AnswerTo(QuerySpec query) => query.Query.Explain ? Explained : query.Query.Limit == 4 ? Paged : Answer;

    private static IReadOnlyList<ListedItem> Items => ListedItem.Of(Answer.Items);

    private static QueryAnswer Answer => new(
        [
            new RankedItem(new ItemId("en:Jeremy \"Corbyn\" <&'+>"), 1.0 / 3),
            new RankedItem(new ItemId("ja:東京都の非常に長い題名であるがゆえに一行には収まりきらないところの百科事典記事一覧 😀"), 0.25),
            new RankedItem(new ItemId("en:\u001B[31mred\u202E\n"), 0.125),
            new RankedItem(new ItemId("en:4"), 0.0625),
        ],
        new QueryStats
        {
            Asked = [.. Places],
            Answered = [.. Places.Take(9)],
            Missing = [.. Places.Skip(9).Select(place => new MissingShard(place, place.Region.Ordinal == 2 ? MissingReason.NoAnswer : MissingReason.NoPrimary))],
            Staleness = [new Staleness(Places.First(), new RegionId(2), TimeSpan.FromMinutes(126))],
            CandidatesConsidered = 1_234,
            CandidatesLeft = 1_000,
            TimeSpent = TimeSpan.FromMilliseconds(500),
        });

    private static QueryAnswer Paged => Answer with { NextCursor = "AQ-_" };

    private static QueryAnswer Explained => new([], Answer.Stats with { Asked = [], Answered = [], Missing = [], Staleness = [] })
    {
        Explanation = "profile    trending\nscope      \u001B[31meveryone",
    };

    private static IEnumerable<ShardPlace> Places =>
        ReplayCluster.Topology.Regions.SelectMany(region => ReplayCluster.Topology.Shards.Select(shard => new ShardPlace(region, shard)));
}

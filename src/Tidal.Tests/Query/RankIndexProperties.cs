using Tidal.Query;
using Tidal.Schema;

namespace Tidal.Tests.Query;

/// <summary>Whatever an index went through, an answer by it is the answer of a scan (PROTOCOL 18), to the bit.</summary>
public sealed class RankIndexProperties
{
    [Fact]
    public void An_answer_by_index_is_the_answer_of_a_scan_after_every_history() =>
        SeededProperty.HoldsFor(random =>
        {
            var history = new RankHistory(random, items: 1 + random.Next(12), indexes: 1 + random.Next(5));
            var (indexed, scanned) = (new ShardQueryExecutor(default), new ShardQueryExecutor(default));
            for (var step = 0; step < 300; step++)
            {
                history.Step();
                if (random.Chance(0.3))
                    MustBeEqual(history, indexed, scanned, RankPlans.Random(random, history.Schema), RandomHomes(random));
            }
            history.AreEqual.Should().BeTrue("an index is no part of the state");
        }, cases: 150);

    private static RegionId[]? RandomHomes(DeterministicRandom random) =>
        random.Chance(0.5) ? null : [new RegionId((ushort)random.Next(2)), new RegionId(2)];

    // Page by page to the end, as a cursor asks.
    private static void MustBeEqual(RankHistory history, ShardQueryExecutor indexed, ShardQueryExecutor scanned, RetrievePlan plan, RegionId[]? homes)
    {
        for (var page = 0; page < 4; page++)
        {
            var (answer, expected) = (indexed.Execute(history.Indexed, plan, homes), scanned.Execute(history.Scanned, plan, homes));
            Bits(answer).Should().Equal(Bits(expected));
            (answer.CandidatesLeft > plan.Limit).Should().Be(expected.CandidatesLeft > plan.Limit, "whether there is more decides over another page");
            if (expected.Items.Count == 0 || plan.MaxPerCreator is not null)
                break;
            plan = plan with { After = expected.Items[^1] };
        }
    }

    private static IEnumerable<(string, long, RegionId, string?)> Bits(ShardAnswer answer) =>
        answer.Items.Select(item => (item.Item.Value, BitConverter.DoubleToInt64Bits(item.Score), item.FirstRecord.Value, item.Creator));
}

using Tidal.Log;
using Tidal.Query;
using Tidal.Schema;
using Tidal.Testing.Faults;

namespace Tidal.Testing.Tests.Simulation;

/// <summary>Leaks are planted in answers and replicas of a small cluster; the watcher must tell each of them, and nothing else.</summary>
public sealed class LeakWatcherTests : IDisposable
{
    private static readonly UserId Ana = new("ana");

    private readonly SimulatedCluster _cluster = Clusters.Found();

    public LeakWatcherTests()
    {
        foreach (var (item, home) in new[] { ("song", Clusters.East), ("film", Clusters.West) })
            Write(home, LogRecord.ForItem(default, default, 0, new ItemId(item), home, [new AttributeValue("creator", "mia")]));
        _cluster.RunUntilQuiet(Clusters.Patience).Should().BeTrue();
    }

    public void Dispose() => _cluster.Dispose();

    [Fact]
    public void Answers_without_what_is_hidden_are_no_leak()
    {
        Hide("song");
        var answer = _cluster.Await(_cluster.NewClient(Clusters.East).QueryAsync("RETRIEVE items FOR USER @ana USING PROFILE new"), Clusters.Patience);
        answer.Items.Select(item => item.Item.Value).Should().Equal("film");
        (_cluster.Leaks.Count, _cluster.Leaks.AnswersWatched).Should().Be((0, 1));
    }

    [Theory]
    [InlineData("song", TargetKind.Item)]
    [InlineData("mia", TargetKind.Creator)]
    public void An_answer_that_lists_what_is_hidden_is_told(string target, TargetKind kind)
    {
        Hide(target, kind);
        Answer(Clusters.East, "song");
        _cluster.Leaks.Count.Should().Be(1);
        _cluster.Leaks.Leaks.Single().Should().Contain("lists song, at home in region 0, for ana");
    }

    [Fact]
    public void Nobody_elses_list_and_no_list_for_nobody_is_a_leak()
    {
        Hide("song");
        Answer(Clusters.East, "song", "RETRIEVE items FOR USER @ben");
        Answer(Clusters.East, "song", "RETRIEVE items");
        Answer(Clusters.East, "film");
        _cluster.Leaks.Count.Should().Be(0);
    }

    [Theory]
    [InlineData("song", "", 1)]
    [InlineData("film", "", 0)]
    [InlineData("song", "READ local", 0)]
    public void Where_the_hide_cannot_be_known_it_is_a_leak_only_from_a_region_that_has_it(string item, string clauses, int leaks)
    {
        using (NetworkPartition.Isolate(_cluster, Clusters.West))
        {
            Hide(item);
            Answer(Clusters.West, item, $"RETRIEVE items FOR USER @ana {clauses}");
        }
        _cluster.Leaks.Count.Should().Be(leaks, "song is at home where it was hidden, and film where nobody has heard of it");
    }

    [Fact]
    public void What_was_undone_may_be_listed_and_what_was_hidden_after_the_question_too()
    {
        var asked = _cluster.Leaks.OnAsked(TenantId.First, RetrieveParser.Parse("RETRIEVE items FOR USER @ana"), Clusters.East);
        Hide("song");
        _cluster.Leaks.OnAnswer(asked, Listing("song"));
        Hide("song", isUndo: true);
        Answer(Clusters.East, "song");
        _cluster.Leaks.Count.Should().Be(0);
    }

    [Fact]
    public void A_replica_that_hides_something_else_than_its_records_say_is_told_at_its_next_commit()
    {
        var replica = _cluster.PrimaryOf(Clusters.East, Clusters.Shard)!;
        var untold = Negative("film", TargetKind.Item, isUndo: false) with { Hlc = replica.Hlc };
        replica.State.TenantOf(TenantId.First).State.Apply(new BatchHeader { Origin = replica.Self.Node }, 1, untold);
        Hide("song");
        _cluster.Leaks.Leaks.Should().ContainSingle().Which.Should().EndWith("hides 2 things from ana, and its records say 1");
    }

    private static LogRecord Negative(string target, TargetKind kind, bool isUndo) =>
        LogRecord.HardNegative(default, default, 0, Ana, target, kind, NegativeKind.Hide, isUndo);

    private static QueryAnswer Listing(string item) => new([new RankedItem(new ItemId(item), 1) { Home = item == "film" ? Clusters.West : Clusters.East }], new QueryStats
    {
        Asked = [],
        Answered = [],
        Missing = [],
        Staleness = [],
        CandidatesConsidered = 1,
        CandidatesLeft = 1,
        TimeSpent = TimeSpan.Zero,
    });

    private void Answer(RegionId region, string item, string query = "RETRIEVE items FOR USER @ana") =>
        _cluster.Leaks.OnAnswer(_cluster.Leaks.OnAsked(TenantId.First, RetrieveParser.Parse(query), region), Listing(item));

    private void Hide(string target, TargetKind kind = TargetKind.Item, bool isUndo = false) =>
        Write(Clusters.East, Negative(target, kind, isUndo));

    private void Write(RegionId region, LogRecord record) =>
        _cluster.Await(_cluster.NewClient(region).WriteAsync(record, TimeSpan.FromMilliseconds(50)), Clusters.Patience);
}

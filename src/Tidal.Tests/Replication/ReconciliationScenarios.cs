using Tidal.Log;
using Tidal.Replication;
using Tidal.Replication.Raft;
using Tidal.Replication.Reconciling;
using Tidal.Schema;

namespace Tidal.Tests.Replication;

/// <summary>Two regions that have not heard each other for a while, step by step. Region 0 opens the rounds.</summary>
public sealed class ReconciliationScenarios
{
    private const int SilenceMilliseconds = 2000;

    [Fact]
    public void Nothing_is_planned_while_the_regions_hear_each_other()
    {
        var shard = Shard(replicas: 3);
        for (var number = 1UL; number <= 40; number++)
        {
            shard.Write(number, region: (int)number % 2);
            shard.Run(100);
        }
        PlansIn(shard).Should().BeEmpty();
        shard.Sent.Should().NotContain(letter => letter.Message is ReconcileMessage);
    }

    [Fact]
    public void A_silence_in_which_nothing_was_written_needs_no_plan()
    {
        var shard = Shard();
        Cut(shard, 0, 1);
        shard.Run(SilenceMilliseconds);
        Heal(shard);
        PlansIn(shard).Should().BeEmpty();
        shard.Sent.Should().NotContain(letter => letter.Message is ReconcileMessage);
    }

    [Fact]
    public void Both_sides_make_the_same_plan_and_report_what_each_lacked()
    {
        var shard = Shard();
        Part(shard, first: 3, second: 5);
        Heal(shard);
        var (one, other) = (shard[0].Reconciliations.Should().ContainSingle().Subject, shard[1].Reconciliations.Should().ContainSingle().Subject);
        other.Plan.Should().Be(one.Plan);
        (one.RecordsTaken, one.RecordsGiven).Should().Be((5UL, 3UL));
        (other.RecordsTaken, other.RecordsGiven).Should().Be((3UL, 5UL));
        one.Interruptions.Should().Be(0);
        shard[0].MergePlans.Should().BeEmpty();
        shard.CountOn(shard[0]).Should().Be(8);
        shard.CountOn(shard[1]).Should().Be(8);
    }

    [Fact]
    public void It_is_not_done_before_both_regions_have_committed()
    {
        var shard = Shard();
        Part(shard, first: 3, second: 0);
        shard.FlushesHeld.Add(shard[1].Self);
        Heal(shard);
        ShardHarness.OperationsIn(shard[1]).Should().HaveCount(3, "they are in the log there, and not committed");
        shard[0].Reconciliations.Should().BeEmpty();
        shard[1].Reconciliations.Should().BeEmpty();
        shard.FlushesHeld.Clear();
        shard.Run(500);
        shard[0].Reconciliations.Should().ContainSingle();
        shard[1].Reconciliations.Should().ContainSingle();
    }

    [Fact]
    public void What_is_to_be_shipped_waits_for_the_plan_that_tells_of_it()
    {
        var shard = Shard();
        Part(shard, first: 3, second: 5);
        shard.Sent.Clear();
        Heal(shard);
        var sent = shard.Sent.Select(letter => letter.Message).Where(message => message is ReconcileMessage { Step: ReconcileStep.Answer } or ShipBatches).ToList();
        sent.Should().HaveCountGreaterThan(2);
        sent[0].Should().BeOfType<ReconcileMessage>();
    }

    [Fact]
    public void A_region_that_does_not_answer_is_shipped_to_all_the_same()
    {
        var shard = Shard();
        Part(shard, first: 3, second: 5);
        Heal(shard, letter => letter.Message is ReconcileMessage);
        shard.Run(1500);
        shard.CountOn(shard[0]).Should().Be(8);
        shard.CountOn(shard[1]).Should().Be(8);
    }

    [Fact]
    public void Any_message_may_be_lost()
    {
        foreach (var step in Enum.GetValues<ReconcileStep>())
        {
            var (shard, lost) = (Shard(), 0);
            Part(shard, first: 3, second: 5);
            Heal(shard, letter => letter.Message is ReconcileMessage message && message.Step == step && lost++ == 0);
            shard.Run(2000);
            shard[0].Reconciliations.Should().ContainSingle($"one {step} was lost").Which.RecordsTaken.Should().Be(5);
            shard[1].Reconciliations.Should().ContainSingle($"one {step} was lost").Which.RecordsTaken.Should().Be(3);
        }
    }

    [Fact]
    public void A_second_partition_in_the_middle_leaves_it_open_and_the_next_contact_plans_what_is_left()
    {
        var shard = Shard();
        Part(shard, first: 3, second: 5);
        // What region 1 wrote arrives, what region 0 wrote does not.
        Heal(shard, letter => letter.Message is ShipBatches && letter.From.Region.Ordinal == 0);
        Cut(shard, 0, 1);
        shard.Run(SilenceMilliseconds);
        shard[0].Reconciliations.Should().BeEmpty();
        shard[0].MergePlans.Should().ContainSingle();
        Heal(shard);
        var plans = PlansIn(shard);
        plans.Should().Equal([(0, 5UL), (1, 3UL), (0, 0UL), (1, 3UL)], "the second plan is of what is left");
        foreach (var region in new[] { 0, 1 })
        {
            var report = shard[region].Reconciliations.Should().ContainSingle().Subject;
            report.Interruptions.Should().Be(1);
            report.RecordsTaken.Should().Be(region == 0 ? 5UL : 3UL, "it tells of the whole");
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_new_primary_in_the_middle_starts_anew(int region)
    {
        var shard = Shard(replicas: 3);
        Part(shard, first: 3, second: 5);
        Heal(shard, letter => letter.Message is ShipBatches);
        PlansIn(shard).Should().HaveCount(2);
        shard.Loses = letter => letter.Message is ShipBatches;
        var old = shard.Primary(region).Self;
        shard.Crash(old);
        shard.RunUntil(() => shard.PrimaryOf(old.Region) is { } primary && primary.Self != old);
        // Heard within the silence that would make a partition of it.
        shard.Run(600);
        shard.Loses = static _ => false;
        shard.RunUntil(() => shard.Primary(0).Reconciliations.Count > 0 && shard.Primary(1).Reconciliations.Count > 0, 5000);
        shard.Primary(region).Reconciliations.Should().ContainSingle().Which.RecordsTaken.Should().Be(region == 0 ? 5UL : 3UL);
    }

    [Fact]
    public void A_region_that_was_heard_all_the_time_and_did_not_hear_agrees_too()
    {
        var shard = Shard();
        shard.Loses = letter => letter.From.Region.Ordinal == 0 && letter.To.Region.Ordinal == 1;
        shard.Run(SilenceMilliseconds);
        shard.Write(1);
        shard.Write(1, region: 1);
        shard.Run(SilenceMilliseconds);
        Heal(shard);
        shard[0].Reconciliations.Should().ContainSingle().Which.Plan.Should().Be(shard[1].Reconciliations.Single().Plan);
    }

    [Fact]
    public void What_a_third_region_wrote_is_asked_for_where_that_one_is_not_heard()
    {
        var shard = Shard(regions: 3);
        shard.Loses = letter => letter.From.Region != letter.To.Region && (letter.From.Region.Ordinal == 1 || letter.To.Region.Ordinal == 1);
        shard.Run(SilenceMilliseconds);
        shard.Write(1, region: 2);
        shard.Run(500);
        shard.Loses = letter => letter.From.Region.Ordinal + letter.To.Region.Ordinal == 3;
        shard.Run(1000);
        ShardHarness.OperationsIn(shard[1], origin: 2).Should().Equal(1UL);
        shard[1].Reconciliations.Should().ContainSingle().Which.Plan.Origins.Should().Equal(
            new OriginMerge(new RegionId(2), 1, 0, 1, MergeMeans.Batches));
        shard[0].Reconciliations.Should().ContainSingle().Which.Took.Should().BeLessThan(
            TimeSpan.FromMilliseconds(100), "it is told when the other has all, and does not wait for the next beat");
        shard.Sent.Select(letter => letter.Message).SkipWhile(message => message is not GapRequest)
            .Should().NotContain(message => message is ReconcileMessage && ((ReconcileMessage)message).Step != ReconcileStep.Going, "first the two tell what they hold");
    }

    [Fact]
    public void A_long_run_of_a_third_regions_log_is_asked_for_piece_by_piece_at_once()
    {
        var shard = Shard(regions: 3, options: new ReplicationOptions { ShipBytesMax = 1 });
        shard.Loses = letter => letter.From.Region != letter.To.Region && (letter.From.Region.Ordinal == 1 || letter.To.Region.Ordinal == 1);
        shard.Run(SilenceMilliseconds);
        for (var number = 1UL; number <= 20; number++)
            shard.Write(number, region: 2);
        shard.Run(500);
        shard.Loses = letter => letter.From.Region.Ordinal + letter.To.Region.Ordinal == 3;
        shard.Run(300);
        ShardHarness.OperationsIn(shard[1], origin: 2).Should().HaveCount(20);
    }

    [Fact]
    public void After_a_silence_nothing_is_shipped_before_the_beat_that_tells_what_is_held()
    {
        var shard = Shard();
        Part(shard, first: 3, second: 5);
        shard.Sent.Clear();
        var acknowledgement = new ShipMarks { Marks = [new MarkReport(TenantId.First, default, default)], IsComplete = false };
        shard.Deliver(shard[1].Self, shard[0].Self, acknowledgement);
        shard.Sent.Should().NotContain(letter => letter.Message is ShipBatches);
    }

    [Fact]
    public void Where_the_log_does_not_reach_back_a_snapshot_brings_what_the_plan_says()
    {
        var shard = Shard(options: new ReplicationOptions
        {
            Log = new SegmentedLogOptions { SegmentBytesMax = 0, CacheBytesMax = 0 },
            CheckpointEveryBytes = 0,
            RetentionBytesMax = 0,
        });
        Part(shard, first: 3, second: 0);
        var operation = new OperationId(new SessionId(default, 1), 4);
        shard.Write(LogRecord.HardNegative(operation, default, shard.WallMilliseconds, new UserId("ana"), "song", TargetKind.Item, NegativeKind.Hide), shard[0]);
        shard.Write(5);
        Heal(shard);
        var report = shard[1].Reconciliations.Should().ContainSingle().Subject;
        report.Plan.Should().Be(shard[0].Reconciliations.Single().Plan);
        report.Plan.Origins.Should().Equal(new OriginMerge(default, 5, 0, 5, MergeMeans.Snapshot));
        (report.RecordsTaken, report.Snapshots, report.HidesChanged).Should().Be((5UL, 1, 1), "what the log has no more may have hidden anything");
        shard.CountOn(shard[1]).Should().Be(4);
    }

    [Fact]
    public void A_primary_that_is_none_any_more_has_no_plan()
    {
        var shard = Shard(replicas: 3);
        Part(shard, first: 3, second: 5);
        Heal(shard, letter => letter.Message is ShipBatches);
        var old = shard.Primary();
        old.MergePlans.Should().ContainSingle();
        shard.Loses = letter => letter.Message is ShipBatches || (letter.From.Region == letter.To.Region && letter.From.Node != letter.To.Node && (letter.From.Node == old.Self.Node || letter.To.Node == old.Self.Node));
        shard.RunUntil(() => old.Raft.Role != RaftRole.Primary);
        old.MergePlans.Should().BeEmpty();
    }

    [Fact]
    public void A_failover_that_is_shorter_than_a_silence_is_no_partition()
    {
        var shard = Shard(replicas: 3, options: new ReplicationOptions { ShipBeatInterval = TimeSpan.FromSeconds(1) });
        shard.Loses = letter => letter.Message is ShipBatches;
        shard.Write(1);
        var old = shard.Primary().Self;
        shard.Crash(old);
        shard.Loses = static _ => false;
        shard.RunUntil(() => shard.PrimaryOf(default) is { } primary && primary.Self != old && shard.MarkIn(shard.Primary(1)).Number == 1);
        PlansIn(shard).Should().BeEmpty();
    }

    [Fact]
    public void No_message_that_comes_late_opens_a_second_round()
    {
        var shard = Shard();
        Part(shard, first: 3, second: 5);
        shard.FlushesHeld.Add(shard[1].Self);
        Heal(shard);
        shard.FlushesHeld.Clear();
        shard.Run(1000);
        Cut(shard, 0, 1);
        shard.Run(SilenceMilliseconds);
        shard.Write(4);
        Heal(shard);
        var late = shard.Sent.Where(letter => letter.Message is ReconcileMessage).ToList();
        late.Select(letter => ((ReconcileMessage)letter.Message).Step).Distinct().Should().HaveCount(5);
        shard.Sent.Clear();
        late.ForEach(letter => shard.Deliver(letter.From, letter.To, letter.Message));
        shard.Run(1000);
        shard.Sent.Select(letter => letter.Message).OfType<ReconcileMessage>().Should().OnlyContain(message => message.Step == ReconcileStep.Settle, "an answer is answered again");
        shard[0].Reconciliations.Should().HaveCount(2);
    }

    [Fact]
    public void No_more_reports_are_kept_than_the_options_say()
    {
        var shard = Shard(options: new ReplicationOptions { ReconciliationsKept = 2 });
        for (var time = 0UL; time < 4; time++)
        {
            Cut(shard, 0, 1);
            shard.Run(SilenceMilliseconds);
            shard.Write(time + 1);
            Heal(shard);
        }
        shard[0].Reconciliations.Select(report => report.Plan.Origins[0].To).Should().Equal(3UL, 4UL);
    }

    private static ShardHarness Shard(int regions = 2, int replicas = 1, ReplicationOptions? options = null)
    {
        var shard = new ShardHarness(regions, replicas, options);
        ShippingScenarios.Meet(shard);
        return shard;
    }

    private static void Part(ShardHarness shard, int first, int second)
    {
        Cut(shard, 0, 1);
        shard.Run(SilenceMilliseconds);
        for (var number = 1; number <= first; number++)
            shard.Write((ulong)number);
        for (var number = 1; number <= second; number++)
            shard.Write((ulong)number, region: 1);
        shard.Run(50);
    }

    private static void Cut(ShardHarness shard, int one, int other) => shard.Loses = letter =>
        letter.From.Region != letter.To.Region && letter.From.Region.Ordinal + letter.To.Region.Ordinal == one + other;

    private static void Heal(ShardHarness shard, Predicate<Letter>? loses = null)
    {
        shard.Loses = loses ?? (static _ => false);
        shard.Run(600);
    }

    private static List<(int Region, ulong Missing)> PlansIn(ShardHarness shard) =>
    [
        .. shard.Events.Where(happened => happened.Event.Kind == ReplicaEventKind.ReconciliationPlanned)
            .Select(happened => ((int)happened.Place.Region.Ordinal, happened.Event.Number)),
    ];
}

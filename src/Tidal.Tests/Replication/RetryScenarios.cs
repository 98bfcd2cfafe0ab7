using Tidal.Placement;
using Tidal.Replication;
using Tidal.Replication.Raft;
using Tidal.Schema;

namespace Tidal.Tests.Replication;

/// <summary>A write tried in several regions counts once (PROTOCOL 2 and 12). Operations are of region 0's session.</summary>
public sealed class RetryScenarios
{
    [Fact]
    public void A_retry_elsewhere_of_what_is_held_there_is_acknowledged_and_not_written_again()
    {
        var shard = Met();
        shard.Write(1);
        shard.Run(100);
        shard.OutcomeOf(Retry(shard, region: 1, attempt: 1)).Should().Be(WriteOutcomeKind.Acknowledged);
        ShardHarness.BatchesIn(shard[1], origin: 1).Should().BeEmpty();
    }

    [Fact]
    public void A_retry_on_the_other_side_of_a_partition_counts_there_at_once_and_everywhere_once()
    {
        var shard = Met();
        CutOff(shard, region: 0);
        shard.OutcomeOf(shard.Write(1)).Should().Be(WriteOutcomeKind.Acknowledged);
        shard.OutcomeOf(Retry(shard, region: 1, attempt: 1)).Should().Be(WriteOutcomeKind.Acknowledged);
        Enumerable.Range(0, 3).Select(region => shard.CountOn(shard[region])).Should().Equal(1, 1, 1);
        Heal(shard);
        ShouldCountOnce(shard, voided: 1);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    public void It_counts_once_whichever_attempt_arrives_first(int first, int last)
    {
        var shard = Met();
        shard.Loses = letter => letter.From.Region != letter.To.Region;
        shard.Run(1000);
        shard.Write(1);
        Retry(shard, region: 1, attempt: 1);
        shard.Loses = letter => letter.Message is ShipBatches && letter.From.Region.Ordinal != first;
        shard.Run(3000);
        shard.MarkIn(shard[2], first).Number.Should().Be(1);
        shard.MarkIn(shard[2], last).Number.Should().Be(0);
        shard.CountOn(shard[2]).Should().Be(1);
        Heal(shard);
        ShouldCountOnce(shard, voided: 1);
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(1, 2)]
    [InlineData(1, 1)]
    public void Of_later_attempts_alone_the_lowest_counts_in_every_region(byte attemptIn0, byte attemptIn2)
    {
        var shard = Met();
        shard.Loses = letter => letter.From.Region != letter.To.Region;
        shard.Run(1000);
        Retry(shard, region: 0, attemptIn0);
        Retry(shard, region: 2, attemptIn2);
        Heal(shard);
        ShouldCountOnce(shard, voided: 1);
    }

    [Fact]
    public void What_one_region_left_unanswered_and_another_left_refused_is_tried_in_a_third_as_the_second_attempt()
    {
        var (shard, attempts) = (Met(), new OperationAttempts());
        shard.Loses = letter => letter.From.Region != letter.To.Region;
        shard.Run(1000);
        attempts.TryBegin(new RegionId(0), out var first);
        var late = shard.RequestFor(shard.Signal(1) with { Attempt = first }, shard[0]);
        attempts.TryBegin(new RegionId(1), out _);
        attempts.Ended(new RegionId(1), WriteOutcomeKind.Refused);
        attempts.TryBegin(new RegionId(2), out var third);
        Retry(shard, region: 2, third);
        shard.Write(late, shard[0].Self);
        (first, third).Should().Be(((byte)0, (byte)1));
        Heal(shard);
        ShouldCountOnce(shard, voided: 1);
    }

    // PROTOCOL 12: what a gateway would do that changes the region and does not say so.
    [Fact]
    public void Two_first_attempts_count_twice_so_whoever_changes_the_region_raises_the_attempt()
    {
        Assert.Equal(2, CountAfter(attempt: 0));
        Assert.Equal(1, CountAfter(attempt: 1));

        static long CountAfter(byte attempt)
        {
            var shard = Met();
            CutOff(shard, region: 0);
            shard.Write(1);
            Retry(shard, region: 1, attempt);
            Heal(shard);
            return shard.CountOn(shard[2]);
        }
    }

    [Fact]
    public void A_try_that_comes_back_to_the_region_of_the_first_finds_there_what_arrived_late()
    {
        var (shard, attempts) = (Met(), new OperationAttempts());
        shard.Loses = letter => letter.From.Region != letter.To.Region;
        shard.Run(1000);
        attempts.TryBegin(new RegionId(0), out var first);
        var late = shard.RequestFor(shard.Signal(1) with { Attempt = first }, shard[0]);
        attempts.TryBegin(new RegionId(1), out var second);
        Retry(shard, region: 1, second);
        attempts.TryBegin(new RegionId(0), out var back);
        (first, second, back).Should().Be(((byte)0, (byte)1, (byte)0));
        shard.OutcomeOf(Retry(shard, region: 0, back)).Should().Be(WriteOutcomeKind.Acknowledged);
        shard.OutcomeOf(shard.Write(late, shard[0].Self)).Should().Be(WriteOutcomeKind.Acknowledged);
        ShardHarness.OperationsIn(shard[0], origin: 0).Should().Equal(1UL);
        Heal(shard);
        ShouldCountOnce(shard, voided: 1);
    }

    [Fact]
    public void A_retry_of_what_another_region_shipped_and_is_not_committed_here_waits_for_its_commit()
    {
        var shard = Met();
        shard.FlushesHeld.Add(shard[1].Self);
        shard.Write(1);
        shard.MarkIn(shard[1]).Number.Should().Be(0);
        var tries = new[] { Retry(shard, region: 1, attempt: 1), Retry(shard, region: 1, attempt: 1) };
        tries.Select(shard.OutcomeOf).Should().AllBeEquivalentTo((WriteOutcomeKind?)null, "nothing of it is committed here");
        shard.FlushesHeld.Clear();
        shard.Settle();
        tries.Select(shard.OutcomeOf).Should().AllBeEquivalentTo(WriteOutcomeKind.Acknowledged);
        ShardHarness.BatchesIn(shard[1], origin: 1).Should().BeEmpty();
    }

    [Fact]
    public void A_new_primary_finds_what_another_region_shipped_in_the_tail_that_it_took_over()
    {
        var shard = Met(regions: 2, replicas: 3);
        var first = shard.Primary(1);
        var second = ShippingScenarios.AppendOnOneFollower(shard, first, () => shard.Write(1));
        shard.Crash(first.Self);
        shard.Keeps = letter => letter.Message is AppendEnvelopes && letter.From.Region.Ordinal == 1;
        shard.RunUntil(() => second.Raft.Role == RaftRole.Primary);
        var retry = shard.Write(shard.Signal(1) with { Attempt = 1 }, second);
        shard.OutcomeOf(retry).Should().BeNull();
        shard.Release();
        shard.RunUntil(() => shard.OutcomeOf(retry) is not null);
        shard.OutcomeOf(retry).Should().Be(WriteOutcomeKind.Acknowledged);
        ShardHarness.BatchesIn(second, origin: 1).Should().BeEmpty();
    }

    [Fact]
    public void Who_waits_for_a_shipped_record_at_a_primary_that_is_deposed_is_told_that_it_is_unknown()
    {
        var shard = Met(regions: 2, replicas: 3);
        var primary = shard.Primary(1);
        shard.Loses = letter => letter.From.Node == primary.Self.Node && letter.To.Region == primary.Self.Region;
        shard.Write(1);
        var retry = shard.Write(shard.Signal(1) with { Attempt = 1 }, primary);
        shard.OutcomeOf(retry).Should().BeNull();
        shard.RunUntil(() => shard.OutcomeOf(retry) is not null);
        shard.ResultOf(retry)!.Unknown.Should().Be(UnknownReason.Unanswered);
    }

    [Fact]
    public void A_retry_below_the_window_of_what_any_region_is_known_to_hold_can_never_be_told()
    {
        var shard = Met();
        shard.Write(100);
        shard.Run(100);
        var retry = shard.ResultOf(Retry(shard, region: 1, attempt: 1, number: 100 - IdempotencyStore.Window))!;
        (retry.Outcome, retry.Unknown).Should().Be((WriteOutcomeKind.Unknown, UnknownReason.OutsideWindow));
        shard.OutcomeOf(Retry(shard, region: 1, attempt: 1, number: 100 - IdempotencyStore.Window + 1)).Should().Be(WriteOutcomeKind.Acknowledged);
        ShardHarness.OperationsIn(shard[1], origin: 1).Should().ContainSingle();
    }

    internal static ShardHarness Met(int regions = 3, int replicas = 1, ReplicationOptions? options = null)
    {
        var shard = new ShardHarness(regions, replicas, options);
        ShippingScenarios.Meet(shard);
        return shard;
    }

    internal static ulong Retry(ShardHarness shard, int region, byte attempt, ulong number = 1) =>
        shard.Write(shard.Signal(number) with { Attempt = attempt }, shard.Primary(region));

    internal static void CutOff(ShardHarness shard, int region)
    {
        shard.Loses = letter => letter.From.Region != letter.To.Region
            && (letter.From.Region.Ordinal == region || letter.To.Region.Ordinal == region);
        shard.Run(1000);
    }

    internal static void Heal(ShardHarness shard)
    {
        shard.Loses = static _ => false;
        shard.Run(4000);
    }

    internal static void ShouldCountOnce(ShardHarness shard, long voided)
    {
        foreach (var replica in shard.Alive)
        {
            shard.CountOn(replica).Should().Be(1, replica.Self.ToString());
            var tenant = replica.State.TenantOf(TenantId.First);
            (tenant.State.SignalsMaterialized, tenant.SignalsVoided).Should().Be((1, voided));
        }
        shard.Alive.Select(replica => replica.State.Digest()).Distinct().Should().ContainSingle();
    }
}

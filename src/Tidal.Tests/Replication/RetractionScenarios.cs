using Tidal.Log;
using Tidal.Replication;
using Tidal.Schema;

namespace Tidal.Tests.Replication;

/// <summary>What is taken back is taken back once, wherever it is asked for (PROTOCOL 15). Operations are of region 0's session.</summary>
public sealed class RetractionScenarios
{
    [Fact]
    public void A_retraction_sent_in_every_region_during_a_partition_counts_once()
    {
        var shard = RetryScenarios.Met();
        shard.Write(1);
        shard.Write(2);
        shard.Run(100);
        shard.Loses = letter => letter.From.Region != letter.To.Region;
        shard.Run(1000);
        for (var region = 0; region < 3; region++)
            shard.OutcomeOf(TakeBack(shard, region)).Should().Be(WriteOutcomeKind.Acknowledged);
        AttemptsIn(shard).Should().Equal([0, 1, 1], "only the log that holds the signal's first attempt may hold the retraction's");
        Counts(shard).Should().Equal(1, 1, 1);
        RetryScenarios.Heal(shard);
        Counts(shard).Should().Equal(1, 1, 1);
        shard.Alive.Select(replica => replica.State.Digest()).Distinct().Should().ContainSingle();
    }

    [Fact]
    public void A_retraction_that_is_held_is_acknowledged_and_not_written_again()
    {
        var shard = RetryScenarios.Met();
        shard.Write(1);
        shard.Run(100);
        TakeBack(shard, region: 1);
        shard.Run(100);
        for (var region = 0; region < 3; region++)
            shard.OutcomeOf(TakeBack(shard, region)).Should().Be(WriteOutcomeKind.Acknowledged);
        AttemptsIn(shard).Should().Equal(1);
    }

    [Fact]
    public void A_retraction_that_waits_for_its_commit_is_told_from_the_signal_that_waits_for_its_own()
    {
        var shard = RetryScenarios.Met();
        shard.FlushesHeld.Add(shard[0].Self);
        var tries = new[] { shard.Write(1), TakeBack(shard, region: 0), shard.Write(1), TakeBack(shard, region: 0) };
        tries.Select(shard.OutcomeOf).Should().AllBeEquivalentTo((WriteOutcomeKind?)null);
        shard.FlushesHeld.Clear();
        shard.Settle();
        tries.Select(shard.OutcomeOf).Should().AllBeEquivalentTo(WriteOutcomeKind.Acknowledged);
        AttemptsIn(shard).Should().Equal([0], "the signal in the tail is this region's own first attempt");
        shard.CountOn(shard[0]).Should().Be(0);
    }

    [Fact]
    public void Of_a_signal_that_is_here_as_a_later_attempt_or_still_in_the_tail_the_retraction_is_a_later_attempt()
    {
        var shard = RetryScenarios.Met();
        RetryScenarios.CutOff(shard, region: 0);
        RetryScenarios.Retry(shard, region: 1, attempt: 1);
        TakeBack(shard, region: 1);
        shard.FlushesHeld.Add(shard[2].Self);
        RetryScenarios.Retry(shard, region: 1, attempt: 1, number: 2);
        shard.MarkIn(shard[2], origin: 1).Number.Should().BeLessThan(3);
        var waiting = TakeBack(shard, region: 2, number: 2);
        shard.FlushesHeld.Clear();
        shard.Settle();
        shard.OutcomeOf(waiting).Should().Be(WriteOutcomeKind.Acknowledged);
        AttemptsIn(shard).Should().Equal(1, 1);
    }

    [Fact]
    public void What_a_region_does_not_hold_it_does_not_take_back()
    {
        var shard = RetryScenarios.Met();
        RetryScenarios.CutOff(shard, region: 1);
        shard.Write(1);
        shard.ResultOf(TakeBack(shard, region: 1))!.Refusal.Should().Be(RefusalReason.UnknownOperation);
        RetryScenarios.Heal(shard);
        shard.OutcomeOf(TakeBack(shard, region: 1)).Should().Be(WriteOutcomeKind.Acknowledged);
    }

    [Fact]
    public void A_retraction_has_no_operation_of_its_own_and_takes_none_back()
    {
        var shard = RetryScenarios.Met();
        shard.Write(1);
        var retraction = LogRecord.Retraction(default, shard.Signal(1));
        ShouldBeInvalid(shard, retraction with { Operation = shard.Signal(2).Operation });
        ShouldBeInvalid(shard, LogRecord.Retraction(default, retraction));
        ShouldBeInvalid(shard, retraction with { SignalType = new SignalTypeId(99) });
        AttemptsIn(shard).Should().BeEmpty();
    }

    private static void ShouldBeInvalid(ShardHarness shard, LogRecord record)
    {
        var answer = shard.ResultOf(shard.Write(record, shard[0]))!;
        (answer.Refusal, string.IsNullOrEmpty(answer.Problem)).Should().Be((RefusalReason.Invalid, false));
    }

    private static ulong TakeBack(ShardHarness shard, int region, ulong number = 1) =>
        shard.Write(LogRecord.Retraction(default, shard.Signal(number)), shard[region]);

    private static IEnumerable<long> Counts(ShardHarness shard) => shard.Alive.Select(shard.CountOn);

    /// <summary>The attempts of all retractions in all regions' own logs, in region order.</summary>
    private static IEnumerable<int> AttemptsIn(ShardHarness shard) =>
        from replica in shard.Alive
        from batch in ShardHarness.BatchesIn(replica, replica.Self.Region.Ordinal)
        from record in Log.Samples.ReadAll(batch)
        where record.Kind == RecordKind.Retraction
        select (int)record.Attempt;
}

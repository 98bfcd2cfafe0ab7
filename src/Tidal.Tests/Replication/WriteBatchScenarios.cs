using Tidal.Log;
using Tidal.Replication;
using Tidal.Replication.Raft;
using Tidal.Schema;

namespace Tidal.Tests.Replication;

/// <summary>Many records in one try: each goes through what a write alone goes through, and all are answered at once.</summary>
public sealed class WriteBatchScenarios
{
    [Fact]
    public void All_that_is_taken_is_answered_at_once_with_one_outcome_and_the_mark_that_holds_it()
    {
        var shard = new ShardHarness();
        var reply = Reply(shard, Numbers(shard, 1, 2, 3));
        (reply.Result.Outcome, reply.Each).Should().Be((WriteOutcomeKind.Acknowledged, null));
        reply.Marks.Should().Equal(new OriginNumber(default, 3));
        ShardHarness.OperationsIn(shard[0]).Should().Equal(1UL, 2UL, 3UL);
        ShardHarness.BatchesIn(shard[0], 0).Should().ContainSingle();
        shard.Events.Count(happened => happened.Event.Kind == ReplicaEventKind.Acknowledged).Should().Be(3);
    }

    [Fact]
    public void Each_record_is_refused_or_acknowledged_by_itself()
    {
        var shard = new ShardHarness();
        shard.Write(100);
        shard.Write(50);
        var reply = Reply(
            shard, shard.Signal(101), shard.Signal(102) with { Weight = -1 }, shard.Signal(1), shard.Signal(103) with { SignalType = new SignalTypeId(99) }, shard.Signal(50),
            shard.Signal(104) with { Operation = new OperationId(new SessionId(default, SessionId.NumberBeforeFirst(new TenantId(2)) + 1), 1) }, shard.Signal(105));
        reply.Each!.Select(result => (result.Outcome, result.Refusal, result.Unknown)).Should().Equal(
            (WriteOutcomeKind.Acknowledged, RefusalReason.None, UnknownReason.None),
            (WriteOutcomeKind.Refused, RefusalReason.Invalid, UnknownReason.None),
            (WriteOutcomeKind.Unknown, RefusalReason.None, UnknownReason.OutsideWindow),
            (WriteOutcomeKind.Refused, RefusalReason.Invalid, UnknownReason.None),
            (WriteOutcomeKind.Acknowledged, RefusalReason.None, UnknownReason.None),
            (WriteOutcomeKind.Refused, RefusalReason.SessionOfAnotherTenant, UnknownReason.None),
            (WriteOutcomeKind.Acknowledged, RefusalReason.None, UnknownReason.None));
        ShardHarness.OperationsIn(shard[0]).Should().Equal(100UL, 50UL, 101UL, 105UL);
        shard.CountOn(shard[0]).Should().Be(4);
    }

    [Fact]
    public void An_operation_that_stands_in_it_twice_is_written_once_and_acknowledged_twice()
    {
        var shard = new ShardHarness();
        shard.FlushesHeld.Add(shard[0].Self);
        var tried = Try(shard, Numbers(shard, 1, 2, 1));
        shard.AnswerTo<WriteReply>(tried).Should().BeNull();
        shard.FlushesHeld.Clear();
        shard.Settle();
        shard.ResultOf(tried)!.Outcome.Should().Be(WriteOutcomeKind.Acknowledged);
        ShardHarness.OperationsIn(shard[0]).Should().Equal(1UL, 2UL);
        shard.Events.Count(happened => happened.Event.Kind == ReplicaEventKind.Acknowledged).Should().Be(3);
    }

    /// <summary>What one try waits for is committed before what another wrote: it is answered with the last of its own.</summary>
    [Fact]
    public void It_is_answered_once_and_only_when_its_last_record_is_decided()
    {
        var shard = new ShardHarness(replicas: 3);
        shard.Loses = letter => letter.Message is AppendEnvelopes or AppendReply;
        var first = shard.Write(1);
        shard.Primary().Raft.IsFlushing.Should().BeFalse();
        var both = Try(shard, Numbers(shard, 1, 2));
        var again = Try(shard, Numbers(shard, 2, 1));
        shard.Run(20);
        new[] { first, both, again }.Select(tried => shard.AnswerTo<WriteReply>(tried)).Should().AllBeEquivalentTo((WriteReply?)null);
        shard.Loses = static _ => false;
        shard.Run(500);
        foreach (var tried in new[] { first, both, again })
            shard.Answers.OfType<WriteReply>().Where(answer => answer.Try == tried).Should().ContainSingle().Which.Result.Outcome.Should().Be(WriteOutcomeKind.Acknowledged);
        ShardHarness.OperationsIn(shard.Primary()).Should().Equal(1UL, 2UL);
    }

    [Fact]
    public void A_copy_of_it_is_answered_by_nothing()
    {
        var shard = new ShardHarness();
        var request = Request(shard, Numbers(shard, 1, 2));
        shard.Write(request, shard[0].Self);
        shard.Write(request, shard[0].Self);
        shard.Answers.Where(answer => answer.Try == request.Try).Should().ContainSingle();
        ShardHarness.OperationsIn(shard[0]).Should().Equal(1UL, 2UL);
    }

    [Fact]
    public void When_the_epoch_ends_what_was_appended_is_unknown_and_the_rest_is_told()
    {
        var shard = new ShardHarness(replicas: 3);
        var first = shard.Primary();
        shard.Write(1);
        shard.Loses = letter => letter.From.Node == first.Self.Node;
        var tried = Try(shard, first, [shard.Signal(1), shard.Signal(2), shard.Signal(3) with { Weight = -1 }]);
        shard.RunUntil(() => shard.Primary() != first);
        shard.Loses = static _ => false;
        shard.RunUntil(() => shard.AnswerTo<WriteReply>(tried) is not null);
        shard.AnswerTo<WriteReply>(tried)!.Each!.Select(result => result.Outcome).Should().Equal(WriteOutcomeKind.Acknowledged, WriteOutcomeKind.Unknown, WriteOutcomeKind.Refused);
        shard.Run(500);
        ShardHarness.OperationsIn(shard.Primary()).Should().Equal(1UL);
    }

    /// <summary>PROTOCOL 2: the new primary has the first half of it in its tail.</summary>
    [Fact]
    public void Sent_again_to_the_next_primary_each_record_of_it_counts_once()
    {
        var shard = new ShardHarness(replicas: 3, options: new ReplicationOptions { BatchRecordsMax = 2 });
        var first = shard.Primary();
        ShippingScenarios.AppendOnOneFollower(shard, first, () => Try(shard, Numbers(shard, 1, 2)));
        shard.Loses = letter => letter.From.Node == first.Self.Node;
        Try(shard, first, Numbers(shard, 3, 4));
        shard.Crash(first.Self);
        shard.Loses = static _ => false;
        shard.RunUntil(() => shard.PrimaryOf(default) is not null);
        var retried = Try(shard, Numbers(shard, 1, 2, 3, 4));
        shard.Run(500);
        var reply = shard.AnswerTo<WriteReply>(retried)!;
        (reply.Result.Outcome, reply.Each).Should().Be((WriteOutcomeKind.Acknowledged, null));
        ShardHarness.OperationsIn(shard.Primary()).Should().Equal(1UL, 2UL, 3UL, 4UL);
    }

    [Fact]
    public void A_copy_that_finds_its_primary_started_anew_is_refused_whole_only_if_none_of_it_can_be_in_the_log()
    {
        var shard = new ShardHarness(replicas: 3);
        var first = shard.Primary();
        var (taken, never) = (Request(shard, Numbers(shard, 2, 1)), Request(shard, Numbers(shard, 3, 4)));
        shard.Write(1);
        shard.Crash(first.Self);
        shard.RunUntil(() => shard.PrimaryOf(default) is not null);
        shard.Restart(first.Self);
        shard.RunUntil(() => shard[0, first.Self.Replica.Number].State.AppliedIndex == shard.Primary().Raft.Log.LastIndex);
        shard.Write(never, first.Self);
        shard.Write(taken, first.Self);
        shard.AnswerTo<NotPrimary>(never.Try).Should().NotBeNull();
        shard.ResultOf(taken.Try)!.Outcome.Should().Be(WriteOutcomeKind.Unknown);
    }

    [Fact]
    public void What_is_too_much_in_the_middle_of_it_is_refused_and_what_was_taken_stays()
    {
        var shard = new ShardHarness(replicas: 3, options: new ReplicationOptions { UncommittedMax = 3, BatchRecordsMax = 2 });
        shard.Loses = letter => letter.Message is AppendEnvelopes;
        var tried = Try(shard, Numbers(shard, [.. Enumerable.Range(1, 10).Select(number => (ulong)number)]));
        shard.Loses = static _ => false;
        shard.Run(1000);
        var refusals = shard.AnswerTo<WriteReply>(tried)!.Each!.Select(result => result.Refusal).ToList();
        refusals.Should().Equal([.. Enumerable.Repeat(RefusalReason.None, 7), .. Enumerable.Repeat(RefusalReason.Overloaded, 3)]);
        ShardHarness.OperationsIn(shard.Primary()).Should().Equal([.. Enumerable.Range(1, 7).Select(number => (ulong)number)]);
    }

    [Fact]
    public void A_quota_that_is_used_up_in_the_middle_of_it_refuses_what_comes_after()
    {
        var shard = new ShardHarness();
        var table = shard.Table;
        shard.Publish(table.Replace(table.Find(TenantId.First)! with { Quotas = new TenantQuotas(Entities: 2) }));
        var reply = Reply(shard, Item(1), Item(2), Item(3), shard.Signal(4), Item(5) with { Item = new ItemId("item-2") });
        reply.Each!.Select(result => result.Refusal).Should().Equal(
            RefusalReason.None, RefusalReason.None, RefusalReason.QuotaExceeded, RefusalReason.None, RefusalReason.None);
        reply.Each![2].Quota!.What.Should().Be(QuotaKind.Entities);
    }

    private static LogRecord Item(ulong number) =>
        LogRecord.ForItem(new OperationId(new SessionId(default, 1), number), default, 0, new ItemId($"item-{number}"), default, []);

    private static LogRecord[] Numbers(ShardHarness shard, params ulong[] numbers) => [.. numbers.Select(number => shard.Signal(number))];

    private static WriteRequest Request(ShardHarness shard, LogRecord[] records) => shard.RequestFor(records, shard.Primary());

    private static ulong Try(ShardHarness shard, LogRecord[] records) => Try(shard, shard.Primary(), records);

    private static ulong Try(ShardHarness shard, ShardReplica to, LogRecord[] records) => shard.Write(shard.RequestFor(records, to), to.Self);

    private static WriteReply Reply(ShardHarness shard, params LogRecord[] records)
    {
        var tried = Try(shard, records);
        shard.Settle();
        return shard.AnswerTo<WriteReply>(tried)!;
    }
}

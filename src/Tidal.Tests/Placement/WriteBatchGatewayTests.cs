using Tidal.Log;
using Tidal.Placement;
using Tidal.Replication;
using Tidal.Schema;
using Tidal.Tests.Signals;

namespace Tidal.Tests.Placement;

/// <summary>Many writes in one call of a gateway whose shards the test plays.</summary>
public sealed class WriteBatchGatewayTests
{
    private static readonly WriteResult Short = WriteResult.Refused(RefusalReason.NotEnoughReplicas);

    [Fact]
    public void Each_shard_gets_its_records_in_their_order_in_one_request_and_the_call_ends_with_the_last_answer()
    {
        var gateway = new GatewayHarness(shards: 3);
        var call = gateway.Begin(Batch(40));
        var requests = gateway.LocateAll();
        requests.Should().HaveCount(3);
        foreach (var (to, message) in requests)
        {
            var records = Records((WriteRequest)message);
            records.Should().OnlyContain(record => gateway.Gateway.ShardOf(TenantId.First, record) == to.Shard);
            records.Select(record => record.Operation.Number).Should().BeInAscendingOrder();
        }
        requests.Sum(request => ((WriteRequest)request.Message).Records.Count).Should().Be(40);
        foreach (var request in requests)
        {
            call.IsCompleted.Should().BeFalse();
            gateway.Acknowledge(request);
        }
        (call.IsAcknowledged, call.AcknowledgedCount, call.ResultOf(39).Outcome).Should().Be((true, 40, WriteOutcomeKind.Acknowledged));
        call.Retry().Should().BeNull();
    }

    [Fact]
    public void Each_record_has_its_own_outcome_and_what_was_not_acknowledged_is_retried_alone_or_together()
    {
        var gateway = new GatewayHarness();
        var call = gateway.Begin(Batch(4));
        Answer(gateway, gateway.LocateAll().Single(), WriteResult.Acknowledged, WriteResult.Unanswered, WriteResult.Refused(RefusalReason.Overloaded), WriteResult.OutsideWindow);
        Enumerable.Range(0, 4).Select(index => call.ResultOf(index).Outcome).Should().Equal(
            WriteOutcomeKind.Acknowledged, WriteOutcomeKind.Unknown, WriteOutcomeKind.Refused, WriteOutcomeKind.Unknown);
        (call.IsAcknowledged, call.AcknowledgedCount).Should().Be((false, 1));
        // In another region: what was refused was left nowhere (PROTOCOL 12).
        var elsewhere = new GatewayHarness(regions: 2, region: 1);
        elsewhere.Begin(call.Retry()!);
        Records((WriteRequest)elsewhere.LocateAll().Single().Message).Select(record => (record.Operation.Number, record.Attempt)).Should().Equal((2UL, 1), (3UL, 0));
        Attempts(call, 0).Should().Be(1, "it may be in the first region's log");
        Attempts(call, 3).Should().Be(1);
    }

    [Fact]
    public void A_call_that_nobody_answered_is_unknown_record_by_record_and_counts_as_left_for_each()
    {
        var gateway = new GatewayHarness();
        var call = gateway.Begin(Batch(2));
        gateway.LocateAll();
        gateway.Pass(gateway.Options.WriteTimeout);
        (call.ResultOf(0).Unknown, call.ResultOf(1).Unknown).Should().Be((UnknownReason.Unanswered, UnknownReason.Unanswered));
        var elsewhere = new GatewayHarness(regions: 2, region: 1);
        var retry = elsewhere.Begin(call.Retry()!);
        var request = elsewhere.LocateAll().Single();
        Records((WriteRequest)request.Message).Select(record => record.Attempt).Should().Equal(1, 1);
        elsewhere.Acknowledge(request);
        retry.Records[1].Attempt.Should().Be(1, "its retraction names the record that was written");
        call.Records[1].Attempt.Should().Be(0, "what was sent is not changed");
        Attempts(retry, 0).Should().Be(2, "it may be in two logs");
    }

    /// <summary>PROTOCOL 12: what a region had no quorum for goes on alone; the others have their outcome.</summary>
    [Fact]
    public void Records_that_a_region_has_no_quorum_for_go_to_the_next_without_the_others()
    {
        var gateway = new GatewayHarness(regions: 3, members: [1, 2]);
        var call = gateway.Begin(Batch(3));
        Answer(gateway, gateway.LocateIn(1), Short, WriteResult.Acknowledged, Short);
        call.IsCompleted.Should().BeFalse();
        var second = gateway.LocateIn(2);
        Records((WriteRequest)second.Message).Select(record => (record.Operation.Number, record.Attempt)).Should().Equal((1UL, 0), (3UL, 0));
        Answer(gateway, second, WriteResult.Acknowledged, Short);
        Enumerable.Range(0, 3).Select(index => call.ResultOf(index).Refusal).Should().Equal(RefusalReason.None, RefusalReason.None, RefusalReason.NotEnoughReplicas);
        (Attempts(call, 0), Attempts(call, 1), Attempts(call, 2)).Should().Be((1, 1, 0));
    }

    [Fact]
    public void A_part_that_has_to_go_elsewhere_is_sent_there_and_the_client_sees_one_acknowledgement()
    {
        var gateway = new GatewayHarness(regions: 2, members: [0], shards: 2);
        var call = gateway.Begin(Batch(20));
        var requests = gateway.LocateAll();
        gateway.Acknowledge(requests[0]);
        gateway.Moved(requests[1], gateway.Next((0, MemberStanding.Closing), (1, MemberStanding.Serving)));
        var elsewhere = gateway.LocateIn(1);
        Records((WriteRequest)elsewhere.Message).Should().OnlyContain(record => record.Attempt == 0);
        ((WriteRequest)elsewhere.Message).Records.Count.Should().Be(((WriteRequest)requests[1].Message).Records.Count);
        gateway.Acknowledge(elsewhere);
        call.IsAcknowledged.Should().BeTrue();
    }

    [Fact]
    public void Each_signal_takes_its_token_and_those_behind_the_last_are_refused_by_themselves()
    {
        var gateway = new GatewayHarness();
        gateway.Tenants.Take(gateway.Tenants.Table.Replace(gateway.Tenants.Table.Find(TenantId.First)! with { Quotas = new TenantQuotas(SignalsPerSecond: 2) }));
        var records = Signals(4);
        records[1] = LogRecord.ForItem(records[1].Operation, default, 0, new ItemId("song"), default, []);
        var call = gateway.Begin(new WriteBatchCall(records));
        var request = gateway.LocateAll().Single();
        Records((WriteRequest)request.Message).Select(record => record.Operation.Number).Should().Equal(1UL, 2UL, 3UL);
        gateway.Pass(gateway.Options.WriteTimeout);
        (call.ResultOf(2).Outcome, call.ResultOf(3).Refusal).Should().Be((WriteOutcomeKind.Unknown, RefusalReason.QuotaExceeded));
        // No new load, but for the one that was refused.
        var retry = gateway.Begin(call.Retry()!);
        gateway.Acknowledge(gateway.LocateAll().Single());
        retry.AcknowledgedCount.Should().Be(4, "two seconds have passed");
    }

    [Fact]
    public void Every_shard_is_asked_once_for_the_cohorts_of_all_its_users_and_each_signal_gets_its_users()
    {
        var gateway = new GatewayHarness(shards: 2);
        var records = Signals(12);
        for (var index = 0; index < records.Length; index++)
            records[index] = records[index] with { Cohorts = index == 0 ? [] : null, User = new UserId($"user-{index % 5}") };
        var call = gateway.Begin(new WriteBatchCall(records));
        var asked = gateway.LocateAll();
        asked.Select(outgoing => outgoing.Message).Should().AllBeOfType<CohortRequest>().And.HaveCount(2);
        asked.SelectMany(outgoing => ((CohortRequest)outgoing.Message).Users).Should().OnlyHaveUniqueItems().And.HaveCount(5);
        foreach (var request in asked.Select(outgoing => (CohortRequest)outgoing.Message))
            gateway.Answer(new CohortReply { Try = request.Try, Cohorts = [.. request.Users.Select(user => new[] { Ledger.Locale(user.Value) })] });
        call.Records[0].Cohorts.Should().BeEmpty("it had its stamp");
        for (var index = 1; index < records.Length; index++)
            call.Records[index].Cohorts.Should().Equal(Ledger.Locale($"user-{index % 5}"));
        gateway.Take().Select(outgoing => outgoing.Message).Should().AllBeOfType<WriteRequest>();
    }

    [Fact]
    public void Signals_whose_users_shard_is_silent_are_refused_and_the_others_are_written()
    {
        var gateway = new GatewayHarness();
        var records = Signals(3);
        records[1] = records[1] with { Cohorts = null };
        var call = gateway.Begin(new WriteBatchCall(records));
        gateway.LocateAll().Should().OnlyContain(outgoing => outgoing.Message is CohortRequest);
        gateway.Pass(gateway.Options.CallDeadline);
        call.ResultOf(1).Refusal.Should().Be(RefusalReason.CohortUnavailable);
    }

    [Fact]
    public void What_it_does_not_take_is_refused_and_nothing_of_it_sent()
    {
        var gateway = new GatewayHarness(options: new GatewayOptions { RecordsPerCallMax = 3, CallsMax = 5 });
        gateway.Begin(Batch(4)).ResultOf(3).Refusal.Should().Be(RefusalReason.Invalid);
        var session = LogRecord.ForSession(new SessionId(default, 1), default, 0, SessionAction.End);
        gateway.Begin(new WriteBatchCall(session)).ResultOf(0).Refusal.Should().Be(RefusalReason.Invalid);
        gateway.Take().Should().BeEmpty();
        gateway.Begin(Batch(3)).IsCompleted.Should().BeFalse();
        gateway.Begin(Batch(3)).ResultOf(2).Refusal.Should().Be(RefusalReason.Overloaded, "each record counts as a call");
        gateway.Begin(Batch(2)).IsCompleted.Should().BeFalse();
        FluentActions.Invoking(() => new WriteBatchCall([])).Should().Throw<ArgumentException>();
        FluentActions.Invoking(() => Batch(1).ResultOf(0)).Should().Throw<InvalidOperationException>();
    }

    [Fact]
    public void An_undo_is_stamped_at_its_first_try_and_never_again()
    {
        var gateway = new GatewayHarness();
        var undo = LogRecord.HardNegative(Operation(1), default, 0, Ledger.User, "song", TargetKind.Item, NegativeKind.Hide, isUndo: true);
        var call = gateway.Begin(new WriteBatchCall(undo, undo with { Operation = Operation(2), IsUndo = false }));
        var stamp = call.Records[0].Hlc;
        (stamp.Packed > 0, call.Records[1].Hlc.Packed).Should().Be((true, 0UL));
        gateway.LocateAll();
        gateway.Pass(gateway.Options.WriteTimeout);
        gateway.Begin(call.Retry()!).Records[0].Hlc.Should().Be(stamp);
    }

    private static OperationId Operation(ulong number) => new(new SessionId(default, 1), number);

    private static LogRecord[] Signals(int count) =>
        [.. Enumerable.Range(1, count).Select(number => GatewayHarness.Signal() with { Operation = Operation((ulong)number), Item = new ItemId($"item-{number}") })];

    private static WriteBatchCall Batch(int count) => new(Signals(count));

    private static LogRecord[] Records(WriteRequest request) => [.. Enumerable.Range(0, request.Records.Count).Select(index => At(request, index))];

    private static LogRecord At(WriteRequest request, int index) => request.Records[index];

    private static void Answer(GatewayHarness gateway, Outgoing request, params WriteResult[] each) =>
        gateway.Answer(new WriteReply { Try = ((WriteRequest)request.Message).Try, Result = each[0], Each = each });

    /// <summary>With which attempt a record of a call would go to a region that has not seen it.</summary>
    private static byte Attempts(WriteBatchCall call, int index)
    {
        call.TryOf(index).Attempts.TryBegin(new RegionId(9), out var attempt);
        return attempt;
    }
}

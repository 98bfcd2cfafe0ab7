using Tidal.Placement;
using Tidal.Query;
using Tidal.Replication;
using Tidal.Schema;
using Tidal.Tests.Signals;

namespace Tidal.Tests.Placement;

public sealed class GatewayTests
{
    [Fact]
    public void A_write_goes_to_whom_a_replica_says_is_the_primary_in_its_epoch()
    {
        var gateway = new GatewayHarness();
        var (call, request) = gateway.BeginWrite(primary: 2, epoch: 7);
        request.Epoch.Should().Be(7);
        gateway.Answer(new WriteReply { Try = request.Try, Result = WriteResult.Acknowledged });
        call.Result!.Outcome.Should().Be(WriteOutcomeKind.Acknowledged);
    }

    [Fact]
    public void A_write_that_is_refused_by_a_deposed_primary_goes_to_the_next_under_another_try()
    {
        var gateway = new GatewayHarness();
        var (call, first) = gateway.BeginWrite(primary: 0, epoch: 3);
        gateway.Take();
        gateway.Redirect(first.Try, epoch: 4, primary: 2);
        var (second, to) = gateway.TakeOne<WriteRequest>();
        (second.Epoch, to.Number, second.Try == first.Try).Should().Be((4UL, (byte)2, false));
        second.Records[0].Operation.Should().Be(first.Records[0].Operation);
        call.IsCompleted.Should().BeFalse();
    }

    [Fact]
    public void An_older_word_about_the_primary_changes_nothing()
    {
        var gateway = new GatewayHarness();
        var (_, first) = gateway.BeginWrite(primary: 0, epoch: 5);
        gateway.Take();
        gateway.Redirect(first.Try, epoch: 4, primary: 1);
        gateway.TakeOne<WriteRequest>().To.Number.Should().Be(0);
    }

    [Fact]
    public void A_write_that_is_not_answered_is_unknown_and_never_sent_again()
    {
        var gateway = new GatewayHarness();
        var (call, request) = gateway.BeginWrite();
        gateway.Take();
        gateway.Pass(gateway.Options.WriteTimeout);
        call.Result!.Outcome.Should().Be(WriteOutcomeKind.Unknown);
        gateway.Answer(new WriteReply { Try = request.Try, Result = WriteResult.Acknowledged });
        gateway.Pass(gateway.Options.CallDeadline);
        gateway.Take().Should().BeEmpty();
        call.Result!.Outcome.Should().Be(WriteOutcomeKind.Unknown, "a late answer is ignored");
    }

    [Theory]
    [InlineData(true, RefusalReason.NotPrimary)]
    [InlineData(false, RefusalReason.NotEnoughReplicas)]
    public void A_write_for_which_no_primary_is_found_is_refused_at_the_deadline(bool hearsQuorum, RefusalReason reason)
    {
        var gateway = new GatewayHarness();
        var call = gateway.Begin(new WriteCall { Record = GatewayHarness.Signal() });
        for (var waited = TimeSpan.Zero; waited < gateway.Options.CallDeadline; waited += gateway.Options.RerouteDelay)
        {
            foreach (var located in gateway.Take().Select(outgoing => (LocateRequest)outgoing.Message))
                gateway.Redirect(located.Try, epoch: 1, primary: null, hearsQuorum);
            gateway.Pass(gateway.Options.RerouteDelay);
        }
        (call.Result!.Outcome, call.Result.Refusal).Should().Be((WriteOutcomeKind.Refused, reason));
    }

    [Fact]
    public void A_primary_that_cannot_tell_is_not_asked_again_before_the_others_have_said_who_is()
    {
        var gateway = new GatewayHarness();
        var (call, request) = gateway.BeginWrite(primary: 0);
        gateway.Take();
        gateway.Answer(new WriteReply { Try = request.Try, Result = WriteResult.Unanswered });
        call.Result!.Outcome.Should().Be(WriteOutcomeKind.Unknown);
        gateway.Begin(new WriteCall { Record = call.Record });
        gateway.Take().Should().HaveCount(3).And.OnlyContain(outgoing => outgoing.Message is LocateRequest);
    }

    [Fact]
    public void A_signal_is_stamped_once_and_a_retry_keeps_the_stamp()
    {
        var gateway = new GatewayHarness();
        gateway.BeginWrite();
        gateway.Take();
        var call = gateway.Begin(new WriteCall { Record = GatewayHarness.Signal() with { Cohorts = null } });
        gateway.Answer(new CohortReply { Try = gateway.TakeOne<CohortRequest>().Request.Try, Cohorts = [[Ledger.Locale("de")]] });
        var request = gateway.TakeOne<WriteRequest>().Request;
        request.Records[0].Cohorts.Should().Equal(Ledger.Locale("de"));
        gateway.Pass(gateway.Options.WriteTimeout);
        gateway.Begin(new WriteCall { Record = call.Record });
        gateway.Take().Should().NotContain(outgoing => outgoing.Message is CohortRequest);
        call.Record.Cohorts.Should().Equal(Ledger.Locale("de"));
    }

    [Fact]
    public void A_signal_whose_users_shard_is_silent_is_refused()
    {
        var gateway = new GatewayHarness();
        var call = gateway.Begin(new WriteCall { Record = GatewayHarness.Signal() with { Cohorts = null } });
        gateway.Pass(gateway.Options.CallDeadline);
        (call.Result!.Outcome, call.Result.Refusal).Should().Be((WriteOutcomeKind.Refused, RefusalReason.CohortUnavailable));
        gateway.Take().Should().NotContain(outgoing => outgoing.Message is WriteRequest);
    }

    [Fact]
    public void A_query_says_which_parts_are_missing_and_why()
    {
        var gateway = new GatewayHarness(regions: 3);
        var call = gateway.Begin(GatewayHarness.Query());
        var asked = gateway.Take();
        gateway.AnswerQuery(asked[0], "a", isPrimary: true, 1);
        gateway.Redirect(((ShardQueryRequest)asked[1].Message).Try, epoch: 1, primary: null);
        gateway.Pass(gateway.Options.QueryDeadline - TimeSpan.FromMilliseconds(1));
        call.IsCompleted.Should().BeFalse();
        gateway.Pass(TimeSpan.FromMilliseconds(1));
        var stats = call.Result!.Stats;
        stats.IsDegraded.Should().BeTrue();
        stats.Asked.Should().HaveCount(3);
        stats.Answered.Select(place => place.Region.Ordinal).Should().Equal((ushort)0);
        stats.Missing.Select(missing => (missing.Place.Region.Ordinal, missing.Reason))
            .Should().Equal(((ushort)1, MissingReason.NoPrimary), ((ushort)2, MissingReason.NoAnswer));
        gateway.AnswerQuery(asked[2], "late", isPrimary: true, 1);
        call.Result.Items.Select(item => item.Item.Value).Should().Equal("a");
    }

    [Fact]
    public void Without_a_primary_the_follower_that_is_furthest_answers_whatever_the_order()
    {
        foreach (var order in new ulong[][] { [5, 9], [9, 5] })
        {
            var gateway = new GatewayHarness();
            var call = gateway.Begin(GatewayHarness.Query());
            gateway.Take();
            gateway.Pass(gateway.Options.ReadTimeout);
            var asked = gateway.Take();
            asked.Should().HaveCount(3).And.OnlyContain(outgoing => ((ShardQueryRequest)outgoing.Message).AcceptFollower);
            gateway.AnswerQuery(asked[1], $"{order[0]}", isPrimary: false, order[0]);
            call.IsCompleted.Should().BeFalse();
            gateway.AnswerQuery(asked[2], $"{order[1]}", isPrimary: false, order[1]);
            call.Result!.Items.Single().Item.Value.Should().Be("9");
            call.Result.Stats.Staleness.Should().ContainSingle().Which.Age.Should().Be(TimeSpan.FromMilliseconds(5));
        }
    }

    [Fact]
    public void A_redirect_that_comes_after_all_were_asked_makes_no_follower_count_twice()
    {
        var gateway = new GatewayHarness();
        var call = gateway.Begin(GatewayHarness.Query());
        var first = (ShardQueryRequest)gateway.Take().Single().Message;
        gateway.Pass(gateway.Options.ReadTimeout);
        var asked = gateway.Take();
        gateway.Redirect(first.Try, epoch: 2, primary: 1);
        foreach (var again in gateway.Take().Append(asked[1]))
            gateway.AnswerQuery(again, "behind", isPrimary: false, commitIndex: 1);
        call.IsCompleted.Should().BeFalse();
        gateway.AnswerQuery(asked[2], "ahead", isPrimary: false, commitIndex: 2);
        call.Result!.Items.Single().Item.Value.Should().Be("ahead");
    }

    [Fact]
    public void One_call_more_than_the_bound_is_refused_as_overloaded_and_sends_nothing()
    {
        var gateway = new GatewayHarness(options: new GatewayOptions { CallsMax = 2 });
        var (first, request) = gateway.BeginWrite();
        gateway.Begin(GatewayHarness.Query());
        gateway.Take();
        var write = gateway.Begin(new WriteCall { Record = GatewayHarness.Signal() });
        var query = gateway.Begin(GatewayHarness.Query());
        gateway.Take().Should().BeEmpty();
        (write.Result!.Outcome, write.Result.Refusal).Should().Be((WriteOutcomeKind.Refused, RefusalReason.Overloaded));
        query.Result!.Stats.Missing.Should().ContainSingle();
        gateway.Answer(new WriteReply { Try = request.Try, Result = WriteResult.Acknowledged });
        first.IsCompleted.Should().BeTrue();
        gateway.Begin(new WriteCall { Record = GatewayHarness.Signal() }).IsCompleted.Should().BeFalse("there is room again");
    }

    [Fact]
    public void An_unknown_tenant_is_told_to_the_caller()
    {
        var gateway = new GatewayHarness();
        gateway.Invoking(harness => harness.Begin(new WriteCall { Tenant = new TenantId(9), Record = GatewayHarness.Signal() }))
            .Should().Throw<RoutingTableException>();
        gateway.Take().Should().BeEmpty();
    }
}

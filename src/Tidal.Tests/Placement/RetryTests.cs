using Tidal.Log;
using Tidal.Placement;
using Tidal.Replication;
using Tidal.Schema;

namespace Tidal.Tests.Placement;

/// <summary>A client that hands the retry of a call to the gateway of another region (PROTOCOL 12).</summary>
public sealed class RetryTests
{
    [Fact]
    public void The_gateway_of_another_region_raises_the_attempt_and_the_one_of_the_first_does_not()
    {
        var (call, first) = new GatewayHarness(regions: 3).BeginWrite();
        var (_, elsewhere) = Gateway(1).BeginWrite(call.Retry());
        var (_, third) = Gateway(2).BeginWrite(call.Retry());
        var (_, back) = Gateway(0).BeginWrite(call.Retry());
        new[] { first, elsewhere, third, back }.Select(request => request.Records[0].Attempt).Should().Equal(0, 1, 2, 0);
        new[] { elsewhere, third, back }.Select(request => request.Records[0].Operation).Should().AllBeEquivalentTo(first.Records[0].Operation);
    }

    [Fact]
    public void A_region_that_refused_every_try_does_not_count()
    {
        var gateway = Gateway(0);
        var (call, request) = gateway.BeginWrite();
        gateway.Answer(new WriteReply { Try = request.Try, Result = WriteResult.Refused(RefusalReason.Overloaded) });
        call.Result!.MayBeRetried.Should().BeTrue();
        Gateway(1).BeginWrite(call.Retry()).Request.Records[0].Attempt.Should().Be(0);
    }

    [Fact]
    public void A_try_that_nobody_answered_counts()
    {
        var gateway = Gateway(0);
        var (call, _) = gateway.BeginWrite();
        gateway.Pass(gateway.Options.WriteTimeout);
        (call.Result!.Unknown, call.Result.MayBeRetried).Should().Be((UnknownReason.Unanswered, true));
        Gateway(1).BeginWrite(call.Retry()).Request.Records[0].Attempt.Should().Be(1);
    }

    [Fact]
    public void A_record_that_comes_with_an_attempt_is_not_sent_with_a_lower_one()
    {
        var call = new WriteCall { Record = GatewayHarness.Signal() with { Attempt = 3 } };
        Gateway(0).BeginWrite(call).Request.Records[0].Attempt.Should().Be(3);
        Gateway(1).BeginWrite(call.Retry()).Request.Records[0].Attempt.Should().Be(4);
    }

    [Fact]
    public void An_operation_left_in_more_regions_than_can_be_counted_is_refused()
    {
        var call = new WriteCall { Record = GatewayHarness.Signal() with { Attempt = byte.MaxValue } };
        Gateway(0).BeginWrite(call);
        var (gateway, retry) = (Gateway(1), call.Retry());
        gateway.Begin(retry);
        (retry.Result!.Outcome, retry.Result.Refusal).Should().Be((WriteOutcomeKind.Refused, RefusalReason.TooManyAttempts));
        gateway.Take().Should().BeEmpty();
    }

    [Fact]
    public void What_can_never_be_told_is_not_to_be_retried()
    {
        var gateway = Gateway(0);
        var (call, request) = gateway.BeginWrite();
        gateway.Answer(new WriteReply { Try = request.Try, Result = WriteResult.OutsideWindow });
        (call.Result!.Unknown, call.Result.MayBeRetried).Should().Be((UnknownReason.OutsideWindow, false));
    }

    [Fact]
    public void A_session_ends_when_every_shard_has_said_so()
    {
        var gateway = Gateway(0);
        var end = gateway.Begin(new EndSessionCall { Session = new SessionId(default, 7) });
        foreach (var located in gateway.Take().Select(outgoing => outgoing.Message).OfType<LocateRequest>())
            gateway.Redirect(located.Try, 3, 1);
        var (request, _) = gateway.TakeOne<WriteRequest>();
        request.Records[0].Identity.Should().Be(new RecordIdentity(new OperationId(new SessionId(default, 7), 0), IdentityKind.End));
        end.IsCompleted.Should().BeFalse();
        gateway.Answer(new WriteReply { Try = request.Try, Result = WriteResult.Acknowledged });
        end.Result!.Outcome.Should().Be(WriteOutcomeKind.Acknowledged);
    }

    private static GatewayHarness Gateway(int region) => new(regions: 3, region: region);
}

using Tidal.Log;
using Tidal.Placement;
using Tidal.Replication;
using Tidal.Schema;
using Tidal.Tests.Signals;

namespace Tidal.Tests.Placement;

/// <summary>Writes of a tenant that moves, or that is not at home in the gateway's region, step by step (PROTOCOL 3 and 12).</summary>
public sealed class MovedWriteTests
{
    private const MemberStanding Serving = MemberStanding.Serving;
    private const MemberStanding Closing = MemberStanding.Closing;

    [Fact]
    public void A_write_that_has_to_go_elsewhere_is_sent_there_and_the_client_sees_one_acknowledgement()
    {
        var gateway = new GatewayHarness(regions: 2, members: [0]);
        var call = gateway.Begin(Signal());
        gateway.Moved(gateway.LocateIn(0), gateway.Next((0, Closing), (1, Serving)));
        var elsewhere = gateway.LocateIn(1);
        var request = (WriteRequest)elsewhere.Message;
        (elsewhere.To.Region.Ordinal, request.PlacementVersion, request.Records[0].Attempt).Should().Be((1, 2, 0), "a try that was refused does not count as left");
        gateway.Acknowledge(elsewhere);
        call.Result!.Outcome.Should().Be(WriteOutcomeKind.Acknowledged);
        gateway.Send(Signal()).To.Region.Ordinal.Should().Be(1, "the gateway knows the table now");
    }

    /// <summary>
    /// PROTOCOL 12: the operation is left in us-east, unanswered, with attempt 0. Sent to another region with attempt 0 again,
    /// because the gateway itself changed the region and not the client, it would be in two logs as a first attempt.
    /// </summary>
    [Fact]
    public void What_was_left_unanswered_before_the_tenant_moved_goes_on_with_the_next_attempt()
    {
        var gateway = new GatewayHarness(regions: 2, members: [0]);
        var call = gateway.Begin(Signal());
        gateway.LocateIn(0);
        gateway.Pass(gateway.Options.WriteTimeout);
        call.Result!.Outcome.Should().Be(WriteOutcomeKind.Unknown);

        var retry = gateway.Begin(call.Retry());
        var again = gateway.LocateIn(0);
        ((WriteRequest)again.Message).Records[0].Attempt.Should().Be(0);
        gateway.Moved(again, gateway.Next((0, Closing), (1, Serving)));
        var elsewhere = gateway.LocateIn(1);
        ((WriteRequest)elsewhere.Message).Records[0].Attempt.Should().Be(1);
        gateway.Acknowledge(elsewhere);
        retry.Record.Attempt.Should().Be(1, "its retraction names the record that was written");
    }

    [Fact]
    public void What_may_have_been_appended_is_never_sent_again_by_itself()
    {
        var gateway = new GatewayHarness(regions: 2, members: [0]);
        var call = gateway.Begin(Signal());
        var located = gateway.Take();
        gateway.Redirect(((LocateRequest)located[0].Message).Try, 3, 1);
        gateway.TakeOne<WriteRequest>();
        var next = gateway.Next((0, Closing), (1, Serving));
        gateway.Moved(located[1], next);
        gateway.Tenants.Table.Should().BeSameAs(next, "what it says is heard all the same");
        gateway.Take().Should().BeEmpty();
        gateway.Pass(gateway.Options.WriteTimeout);
        call.Result!.Outcome.Should().Be(WriteOutcomeKind.Unknown);
        gateway.Take().Should().BeEmpty();
    }

    [Fact]
    public void A_node_that_knows_an_older_table_is_told_and_asked_again()
    {
        var gateway = new GatewayHarness(regions: 2, members: [0]);
        var older = gateway.Tenants.Table;
        gateway.Tenants.Take(gateway.Next((0, Serving), (1, MemberStanding.Preparing)));
        var call = gateway.Begin(Signal());
        gateway.Moved(gateway.LocateIn(0, primary: 2), older);
        var sent = gateway.Take();
        sent[0].To.Should().Be(Address.OfNode(new NodeId(default, new ReplicaId(2))));
        ((TableUpdate)sent[0].Message).Table.Should().BeSameAs(gateway.Tenants.Table);
        sent[1].To.Should().Be(new Address(default, default, new ReplicaId(2)));
        gateway.Acknowledge(sent[1]);
        call.Result!.Outcome.Should().Be(WriteOutcomeKind.Acknowledged);
    }

    [Fact]
    public void A_node_that_does_not_learn_is_asked_again_so_often_and_no_more()
    {
        var gateway = new GatewayHarness(regions: 1);
        var older = gateway.Tenants.Table;
        gateway.Tenants.Take(gateway.Next((0, Serving)));
        var call = gateway.Begin(Signal());
        // Four at once, and then a pause.
        AnsweredWith(older, gateway, call, [gateway.LocateIn(0)]).Should().BeLessThanOrEqualTo(4 * PausesOf(gateway));
    }

    [Fact]
    public void While_nobody_knows_a_table_all_are_asked_again_after_each_pause_and_no_more()
    {
        var gateway = new GatewayHarness(regions: 1, knowsTable: false);
        var call = gateway.Begin(Signal());
        AnsweredWith(RoutingTable.Empty, gateway, call, gateway.Take()).Should().BeLessThanOrEqualTo(3 * PausesOf(gateway));
    }

    private static int PausesOf(GatewayHarness gateway) => (int)(gateway.Options.CallDeadline / gateway.Options.RerouteDelay) + 1;

    /// <summary>Answers everything with a table until the call is refused; gives the number of requests.</summary>
    private static int AnsweredWith(RoutingTable table, GatewayHarness gateway, WriteCall call, List<Outgoing> first)
    {
        var requests = 0;
        for (var asked = first; !call.IsCompleted && requests < 100_000; asked = gateway.Take())
        {
            foreach (var outgoing in asked.Where(outgoing => outgoing.Message is GatewayRequest))
            {
                gateway.Moved(outgoing, table);
                requests++;
            }
            gateway.Pass(TimeSpan.FromMilliseconds(1));
        }
        (call.Result?.Outcome).Should().Be(WriteOutcomeKind.Refused);
        return requests;
    }

    [Fact]
    public void A_gateway_without_a_table_asks_at_home_and_goes_by_what_it_is_told()
    {
        var gateway = new GatewayHarness(regions: 2, knowsTable: false);
        var table = RoutingTable.Empty.With(new TenantPlacement(TenantId.First, "first", [new RegionId(1)]));
        var call = gateway.Begin(Signal());
        var located = gateway.Take()[0];
        (located.To.Region.Ordinal, ((GatewayRequest)located.Message).PlacementVersion).Should().Be((0, 0));
        gateway.Moved(located, table);
        gateway.Acknowledge(gateway.LocateIn(1));
        call.Result!.Outcome.Should().Be(WriteOutcomeKind.Acknowledged);
    }

    [Fact]
    public void Where_the_tenant_is_not_at_home_the_next_region_stands_in_for_one_that_is_silent()
    {
        var gateway = new GatewayHarness(regions: 3, members: [1, 2]);
        var call = gateway.Begin(Signal());
        gateway.Take().Should().OnlyContain(outgoing => outgoing.To.Region.Ordinal == 1);
        gateway.Pass(gateway.Options.RegionTimeout);
        var write = gateway.LocateIn(2);
        ((WriteRequest)write.Message).Records[0].Attempt.Should().Be(0);
        gateway.Acknowledge(write);
        call.Result!.Outcome.Should().Be(WriteOutcomeKind.Acknowledged);
        gateway.Send(Signal(2)).To.Region.Ordinal.Should().Be(2, "the silence is remembered");
        gateway.Pass(gateway.Options.SilentRegionPause);
        gateway.Take();
        gateway.Send(Signal(3)).To.Region.Ordinal.Should().Be(1);
    }

    [Fact]
    public void A_region_without_a_quorum_is_left_for_the_next_unless_it_is_the_gateways_own()
    {
        foreach (var (own, sent) in new[] { (0, 2), (1, 0) })
        {
            var gateway = new GatewayHarness(regions: 3, region: own, members: [1, 2]);
            var call = gateway.Begin(Signal());
            var write = gateway.LocateIn(1);
            gateway.Answer(new WriteReply { Try = ((WriteRequest)write.Message).Try, Result = WriteResult.Refused(RefusalReason.NotEnoughReplicas) });
            (call.IsCompleted, gateway.Take().Count(outgoing => outgoing.To.Region.Ordinal == 2)).Should().Be((sent == 0, sent == 0 ? 0 : 3));
        }
    }

    [Fact]
    public void When_every_region_refuses_the_client_is_told_so()
    {
        var gateway = new GatewayHarness(regions: 3, members: [1, 2]);
        var call = gateway.Begin(Signal());
        foreach (var region in new[] { 1, 2 })
        {
            var write = gateway.LocateIn(region);
            gateway.Answer(new WriteReply { Try = ((WriteRequest)write.Message).Try, Result = WriteResult.Refused(RefusalReason.NotEnoughReplicas) });
        }
        call.Result!.Refusal.Should().Be(RefusalReason.NotEnoughReplicas);
    }

    [Fact]
    public void A_session_is_opened_and_ended_where_the_tenant_is()
    {
        var gateway = new GatewayHarness(regions: 2, members: [0]);
        var next = gateway.Next((0, Closing), (1, Serving));
        foreach (var action in new[] { SessionAction.Open, SessionAction.End })
        {
            ClientCall call = action == SessionAction.Open
                ? new WriteCall { Record = LogRecord.ForSession(default, default, Ledger.Noon, action) }
                : new EndSessionCall { Session = new SessionId(default, 1) };
            gateway.Begin(call);
            if (action == SessionAction.Open)
                gateway.Moved(gateway.LocateIn(0), next);
            var write = action == SessionAction.Open ? gateway.LocateIn(1) : gateway.Take().Single();
            (write.To.Region.Ordinal, ((WriteRequest)write.Message).Records[0].SessionAction).Should().Be((1, action));
            gateway.Acknowledge(write);
            call.IsCompleted.Should().BeTrue();
        }
    }

    [Fact]
    public void A_read_goes_where_reads_are_answered_and_past_who_is_silent()
    {
        var gateway = new GatewayHarness(regions: 3, members: [0]);
        var call = gateway.Begin(new CohortCall { User = Ledger.User });
        gateway.Moved(gateway.LocateIn(0), gateway.Next((1, Closing), (2, Serving)));
        gateway.Take().Should().OnlyContain(outgoing => outgoing.To.Region.Ordinal == 1);
        gateway.Pass(gateway.Options.RegionTimeout);
        gateway.Answer(new CohortReply { Try = ((GatewayRequest)gateway.LocateIn(2).Message).Try, Cohorts = [[]] });
        call.Result.Should().BeEmpty();
    }

    private static WriteCall Signal(ulong number = 1) => new()
    {
        Record = GatewayHarness.Signal() with { Operation = new OperationId(new SessionId(default, 1), number) },
    };
}

using Tidal.Query;
using Tidal.Replication;
using Tidal.Schema;
using Tidal.Tests.Signals;

namespace Tidal.Tests.Replication;

/// <summary>What replicas answer to gateways that go by another placement of the tenant than theirs, and without a table (PROTOCOL 3 and 26).</summary>
public sealed class MovedScenarios
{
    private readonly ShardHarness _shard = new(regions: 2);

    private RoutingTable Table => _shard.TenantsIn(0).Table;

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Whoever_goes_by_another_version_is_told_the_table_and_nothing_is_done(ulong version)
    {
        GatewayRequest[] requests = [Write(1), Locate(), Score(), Cohorts(), Hides(), Query(acceptFollower: false), Query(acceptFollower: true)];
        foreach (var request in requests)
        {
            request.PlacementVersion = version;
            Send(request);
            _shard.AnswerTo<Moved>(request.Try)!.Table.Should().BeSameAs(Table);
        }
        _shard.Run(500);
        ShardHarness.OperationsIn(_shard[0]).Should().BeEmpty();
    }

    [Fact]
    public void A_change_of_another_tenant_moves_nobody()
    {
        _shard.Publish(Table.With(new TenantPlacement(new TenantId(2), "other", [new RegionId(0)])));
        var write = Write(1);
        write.PlacementVersion.Should().Be(1);
        Send(write);
        _shard.OutcomeOf(write.Try).Should().Be(WriteOutcomeKind.Acknowledged);
    }

    /// <summary>
    /// The gateway knows the next table and the region does not yet: it refuses for good. Once it knows it, a copy of the try that
    /// the network kept back would be welcome; but its gateway has gone elsewhere since.
    /// </summary>
    [Fact]
    public void A_copy_of_a_try_that_had_to_go_elsewhere_is_never_appended()
    {
        var next = Placed((0, MemberStanding.Serving), (1, MemberStanding.Closing));
        var write = Write(1);
        write.PlacementVersion = next.Version;
        Send(write);
        _shard.AnswerTo<Moved>(write.Try).Should().NotBeNull();
        _shard.Publish(next);
        Send(write);
        _shard.Run(500);
        ShardHarness.OperationsIn(_shard[0]).Should().BeEmpty();
        var again = Write(1);
        Send(again);
        _shard.OutcomeOf(again.Try).Should().Be(WriteOutcomeKind.Acknowledged);
    }

    [Fact]
    public void A_region_that_closes_answers_reads_and_no_write_not_even_one_that_it_has_acknowledged()
    {
        Send(Write(1));
        _shard.Publish(Placed((0, MemberStanding.Closing), (1, MemberStanding.Serving)));
        GatewayRequest[] writes = [Write(1), Write(2)];
        foreach (var write in writes)
        {
            Send(write);
            _shard.AnswerTo<Moved>(write.Try).Should().NotBeNull();
        }
        _shard.CountOn(_shard[0]).Should().Be(1);
        var query = Query(acceptFollower: false);
        Send(query);
        _shard.AnswerTo<ShardQueryReply>(query.Try).Should().NotBeNull();
    }

    [Theory]
    [InlineData(MemberStanding.Preparing)]
    [InlineData(MemberStanding.Leaving)]
    [InlineData(MemberStanding.Erasing)]
    public void A_region_that_serves_no_reads_answers_none(MemberStanding standing)
    {
        _shard.Publish(Placed((0, standing), (1, MemberStanding.Serving)));
        GatewayRequest[] requests = [Write(1), Score(), Cohorts(), Hides(), Query(acceptFollower: false), Query(acceptFollower: true)];
        foreach (var request in requests)
        {
            Send(request);
            _shard.AnswerTo<Moved>(request.Try).Should().NotBeNull();
        }
    }

    [Fact]
    public void Without_a_table_a_group_elects_and_replicates_and_serves_nothing()
    {
        var shard = new ShardHarness(regions: 2, replicas: 3);
        shard.Write(1);
        shard.Loses = letter => letter.Message is TableUpdate;
        shard.RestartWithoutTable(0);
        shard.RunUntil(() => shard.PrimaryOf(default) is not null);
        shard.Run(1000);
        shard.Alive.Where(replica => replica.Self.Region == default).Should().OnlyContain(replica => replica.State.AppliedIndex == shard.Primary().Raft.CommitIndex);
        var write = shard.RequestFor(shard.Signal(2), shard.Primary());
        write.PlacementVersion.Should().Be(0);
        shard.Write(write, shard.Primary().Self);
        shard.AnswerTo<Moved>(write.Try)!.Table.Should().BeSameAs(RoutingTable.Empty);
        shard.Query(shard.Primary(), acceptFollower: true).Should().BeNull();

        shard.Loses = static _ => false;
        shard.RunUntil(() => ShardHarness.VersionAt(shard.Primary()) == 1, milliseconds: 1000);
        shard.Run(100);
        shard.OutcomeOf(shard.Write(2)).Should().Be(WriteOutcomeKind.Acknowledged);
        shard.CountOn(shard.Primary()).Should().Be(2);
    }

    private RoutingTable Placed(params (int Region, MemberStanding Standing)[] members) => Table.Replace(Table.Find(TenantId.First)! with
    {
        Members = [.. members.Select(member => new TenantMember(new RegionId((ushort)member.Region), member.Standing, Table.Version + 1))],
    });

    private ulong _lastTry = 1000;

    private void Send(GatewayRequest request) => _shard.Deliver(Address.OfGateway(default), _shard[0].Self, request);

    private T Known<T>(T request) where T : GatewayRequest
    {
        request.PlacementVersion = ShardHarness.VersionAt(_shard[0]);
        return request;
    }

    private WriteRequest Write(ulong number) => _shard.RequestFor(_shard.Signal(number), _shard[0]);

    private LocateRequest Locate() => Known(new LocateRequest { Try = ++_lastTry, Tenant = TenantId.First });

    private CohortRequest Cohorts() => Known(new CohortRequest { Try = ++_lastTry, Tenant = TenantId.First, Users = [Ledger.User] });

    private HidesRequest Hides() => Known(new HidesRequest { Try = ++_lastTry, Tenant = TenantId.First, User = Ledger.User });

    private ScoreRequest Score() => Known(new ScoreRequest
    {
        Try = ++_lastTry,
        Tenant = TenantId.First,
        Item = ShardHarness.TheItem,
        Signal = Ledger.View,
        Scope = CohortScope.Everyone,
        ReadTimeMilliseconds = Ledger.Noon,
    });

    private ShardQueryRequest Query(bool acceptFollower) => Known(new ShardQueryRequest
    {
        Try = ++_lastTry,
        Tenant = TenantId.First,
        Plan = RetrievePlan.Of(RetrieveParser.Parse("RETRIEVE items"), Ledger.Schema, Ledger.Noon, TenantId.First),
        AcceptFollower = acceptFollower,
    });
}

using Tidal.Crdt;
using Tidal.Log;
using Tidal.Query;
using Tidal.Replication;
using Tidal.Schema;
using Tidal.Signals;

namespace Tidal.Tests.Placement;

/// <summary>Queries of a tenant that moves meanwhile, step by step (PROTOCOL 22, 24 and 27).</summary>
public sealed class MovedQueryTests
{
    private const MemberStanding Serving = MemberStanding.Serving;
    private const MemberStanding Leaving = MemberStanding.Leaving;
    private readonly GatewayHarness _gateway = new(regions: 3);

    [Fact]
    public void The_whole_is_planned_anew_and_what_was_answered_before_is_no_part_of_it()
    {
        var call = _gateway.Begin(GatewayHarness.Query());
        var before = _gateway.Take();
        _gateway.Pass(_gateway.Options.QueryDeadline / 2);
        _gateway.Take();
        _gateway.AnswerQuery(before[0], "old", isPrimary: true, 1);
        _gateway.Moved(before[1], Left());
        var after = _gateway.Take();
        after.Select(part => part.To.Region.Ordinal).Should().Equal((ushort)0, (ushort)1);
        after.Should().OnlyContain(part => ((GatewayRequest)part.Message).PlacementVersion == 2);
        _gateway.AnswerQuery(before[2], "old too", isPrimary: true, 1);
        _gateway.Pass(_gateway.Options.QueryDeadline - TimeSpan.FromMilliseconds(1));
        call.IsCompleted.Should().BeFalse("its deadline was begun anew");
        foreach (var part in after.Concat(_gateway.Take().Where(again => again.To.Replica == default)).TakeWhile(_ => !call.IsCompleted))
            _gateway.AnswerQuery(part, "new", isPrimary: true, 1);
        call.Result!.Items.Select(item => item.Item.Value).Should().Equal("new");
        var stats = call.Result.Stats;
        (stats.Replans, stats.IsDegraded, stats.Asked.Count).Should().Be((1, false, 2));
        stats.TimeSpent.Should().BeGreaterThan(_gateway.Options.QueryDeadline);
    }

    [Fact]
    public void It_is_planned_anew_so_often_and_then_says_what_is_missing()
    {
        var call = _gateway.Begin(GatewayHarness.Query());
        for (var version = 2; version <= 2 + _gateway.Options.ReplansMax; version++)
        {
            var asked = _gateway.Take();
            _gateway.AnswerQuery(asked[1], "item", isPrimary: true, 1);
            _gateway.AnswerQuery(asked[2], "item", isPrimary: true, 1);
            _gateway.Moved(asked[0], _gateway.Next((0, Serving), (1, Serving), (2, Serving)));
        }
        call.Result!.Stats.Replans.Should().Be(_gateway.Options.ReplansMax);
        call.Result.Stats.Missing.Should().Equal(new MissingShard(new ShardPlace(default, default), MissingReason.Moved));
        _gateway.Take().Should().BeEmpty();
    }

    [Fact]
    public void A_replica_that_knows_an_older_table_is_told_and_asked_again_alone()
    {
        var older = _gateway.Tenants.Table;
        _gateway.Tenants.Take(Left());
        var call = _gateway.Begin(GatewayHarness.Query());
        var asked = _gateway.Take();
        _gateway.AnswerQuery(asked[0], "a", isPrimary: true, 1);
        _gateway.Moved(asked[1], older);
        var again = _gateway.Take();
        again.Select(outgoing => outgoing.Message.GetType()).Should().Equal(typeof(TableUpdate), typeof(ShardQueryRequest));
        _gateway.AnswerQuery(again[1], "b", isPrimary: true, 1);
        (call.Result!.Items.Count, call.Result.Stats.Replans).Should().Be((2, 0));
    }

    [Fact]
    public void Hides_that_were_read_are_kept_and_only_who_is_new_is_asked()
    {
        var gateway = new GatewayHarness(regions: 3, members: [0, 1]);
        var call = gateway.Begin(GatewayHarness.Query("RETRIEVE items FOR USER @ana"));
        var asked = gateway.Take().Where(outgoing => outgoing.Message is HidesRequest).ToList();
        gateway.Answer(Hides(asked.First(outgoing => outgoing.To.Region.Ordinal == 0), "a"));
        gateway.Answer(Hides(asked.First(outgoing => outgoing.To.Region.Ordinal == 1)));
        var part = gateway.Take().First(outgoing => outgoing.Message is ShardQueryRequest);
        gateway.Moved(part, gateway.Next((0, Serving), (2, Serving)));
        var again = gateway.Take().Where(outgoing => outgoing.Message is HidesRequest).ToList();
        again.Should().OnlyContain(outgoing => outgoing.To.Region.Ordinal == 2);
        gateway.Answer(Hides(again[0], "b"));
        foreach (var last in gateway.Take().Where(outgoing => outgoing.Message is ShardQueryRequest))
        {
            var hidden = ((ShardQueryRequest)last.Message).Plan.Hidden;
            (hidden.Hides(new ItemId("a"), null), hidden.Hides(new ItemId("b"), null)).Should().Be((true, true));
            gateway.AnswerQuery(last, "c", isPrimary: true, 1);
        }
        (call.Result!.Stats.Replans, call.Result.Stats.IsDegraded).Should().Be((1, false));
    }

    [Fact]
    public void A_region_that_learns_of_the_move_while_it_is_asked_for_hides_has_the_whole_planned_anew()
    {
        var call = _gateway.Begin(GatewayHarness.Query("RETRIEVE items FOR USER @ana"));
        _gateway.Moved(_gateway.Take().First(outgoing => outgoing is { Message: HidesRequest, To.Region.Ordinal: 2 }), Left());
        var asked = _gateway.Take().Where(outgoing => outgoing.Message is HidesRequest).ToList();
        asked.Should().OnlyContain(outgoing => outgoing.To.Region.Ordinal < 2);
        _gateway.Answer(Hides(asked.First(outgoing => outgoing.To.Region.Ordinal == 0)));
        _gateway.Answer(Hides(asked.First(outgoing => outgoing.To.Region.Ordinal == 1)));
        foreach (var part in _gateway.Take().Where(outgoing => outgoing.Message is ShardQueryRequest))
            _gateway.AnswerQuery(part, "a", isPrimary: true, 1);
        (call.Result!.Stats.Replans, call.Result.Stats.IsDegraded, call.Result.Stats.HidesUnheard.Count).Should().Be((1, false, 0));
    }

    [Fact]
    public void For_every_home_one_region_answers_whoever_has_left()
    {
        _gateway.Tenants.Take(Left());
        _gateway.Begin(GatewayHarness.Query());
        var asked = _gateway.Take().ToDictionary(part => part.To.Region.Ordinal, part => ((ShardQueryRequest)part.Message).Homes!);
        asked[0].Should().Equal(new RegionId(0));
        asked[1].Should().Equal(new RegionId(1), new RegionId(2));
    }

    [Fact]
    public void Items_that_name_a_home_where_the_tenant_never_was_are_listed_too()
    {
        var gateway = new GatewayHarness(regions: 3, members: [1]);
        gateway.Begin(GatewayHarness.Query());
        ((ShardQueryRequest)gateway.Take().Single().Message).Homes.Should().Equal(new RegionId(0), new RegionId(1), new RegionId(2));
    }

    [Fact]
    public void Read_local_is_answered_by_the_first_region_that_is_not_silent_where_the_tenant_is_not_at_home()
    {
        var gateway = new GatewayHarness(regions: 3, members: [1, 2]);
        var call = gateway.Begin(GatewayHarness.Query("RETRIEVE items READ local"));
        gateway.Take().Single().To.Region.Ordinal.Should().Be(1);
        gateway.Pass(gateway.Options.HidesDeadline);
        var part = gateway.Take().Single(outgoing => outgoing.To.Region.Ordinal == 2);
        ((ShardQueryRequest)part.Message).Homes.Should().BeNull();
        gateway.AnswerQuery(part, "a", isPrimary: true, 1);
        (call.Result!.Stats.IsDegraded, call.Result.Items.Count).Should().Be((false, 1));
    }

    [Fact]
    public void The_explanation_names_the_version_and_who_answers_for_whom()
    {
        _gateway.Tenants.Take(Left());
        var call = _gateway.Begin(GatewayHarness.Query("EXPLAIN RETRIEVE items"));
        call.Result!.Explanation.Should().Contain("\nasks       1 shard of region-0, 1 shard of region-1\nrouting    version 2\n           region-1 answers for the items at home in region-2\n");
        _gateway.Begin(GatewayHarness.Query("EXPLAIN RETRIEVE items READ local")).Result!.Explanation.Should().NotContain("answers for");
    }

    /// <summary>Region 2 leaves, and region 1 is its heir.</summary>
    private RoutingTable Left()
    {
        var next = _gateway.Next((0, Serving), (1, Serving), (2, Leaving));
        return next with { Tenants = [next.Tenants[0] with { Homes = [new TenantHome(new RegionId(2), new RegionId(1))] }] };
    }

    private static HidesReply Hides(Outgoing asked, params string[] items) => new()
    {
        Try = ((HidesRequest)asked.Message).Try,
        Registers = [.. items.Select(Hidden)],
        Marks = [],
    };

    private static KeyValuePair<HardNegativeTarget, HardNegativeRegister> Hidden(string item) =>
        new(new HardNegativeTarget(TargetKind.Item, item, NegativeKind.Hide), new HardNegativeRegister(new HlcTimestamp(5), default));
}

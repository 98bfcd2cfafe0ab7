using Tidal.Placement;
using Tidal.Replication;
using Tidal.Schema;

namespace Tidal.Tests.Placement;

/// <summary>What each step of a move waits for (PROTOCOL 23 to 25): one shard, three regions; east leaves, south comes, west stays.</summary>
public sealed class TenantMigrationTests
{
    private static readonly RegionId East = new(0);
    private static readonly RegionId West = new(1);
    private static readonly RegionId South = new(2);
    private static readonly ShardId Shard = new(0);
    private static readonly Topology Topology = new(["east", "west", "south"], shards: 1, replicas: 1);

    private readonly Dictionary<RegionId, Dictionary<RegionId, ulong>> _held = new()
    {
        [East] = new() { [East] = 7, [West] = 5 },
        [West] = new() { [East] = 7, [West] = 5 },
        [South] = new() { [East] = 7, [West] = 5 },
    };

    private readonly Dictionary<RegionId, OriginStanding> _own = [];
    private readonly HashSet<RegionId> _silent = [];
    private readonly HashSet<(RegionId, RegionId)> _deaf = [];
    private ulong _erasedBy;
    private TenantReports _reports = new(0);

    [Fact]
    public void Nothing_is_to_be_done_where_a_tenant_is_where_it_is_wanted() =>
        Decide(new TenantPlacement(TenantId.First, "moving", [East, West])).Should().BeEquivalentTo(new MigrationDecision(null, []));

    [Fact]
    public void A_region_that_it_is_wanted_in_prepares_first() =>
        Next(Wanted(West, South), East, West).Should().Be("east Serving, west Serving, south Preparing");

    [Fact]
    public void It_serves_once_it_holds_what_every_member_held_when_it_joined()
    {
        var preparing = Wanted(West, South);
        _held[South][East] = 6;
        Waits(preparing, Serving(East), Serving(West), (South, MemberStanding.Preparing)).Should().Equal("shard 0 of south holds 6 of 7 records of east");
        _deaf.Add((South, East));
        WaitsAgain().Should().Equal("shard 0 of south holds 6 of 7 records of east", "south does not hear east");
        _held[South][East] = 7;
        // What was accepted since comes as it comes to every member.
        _held[East][East] = 9;
        NextAgain().Should().Be("east Serving, west Serving, south Serving");
    }

    [Fact]
    public void It_waits_for_members_that_do_not_know_of_it_yet()
    {
        _silent.Add(West);
        Waits(Wanted(West, South), Serving(East), Serving(West), (South, MemberStanding.Preparing)).Should().Equal("shard 0 of west has not answered");
    }

    [Fact]
    public void What_is_to_leave_closes_once_all_others_take_writes()
    {
        _own[South] = new OriginStanding(3, IsSealed: true);
        Waits(Wanted(West, South), Serving(East), Serving(West), Serving(South)).Should().Equal("south has not yet reopened shard 0");
        _own[South] = new OriginStanding(9, IsSealed: false);
        NextAgain().Should().Be("east Closing, west Serving, south Serving");
    }

    [Fact]
    public void It_is_dropped_once_it_has_ended_its_log()
    {
        _own[East] = new OriginStanding(8, IsSealed: true);
        Waits(Wanted(West, South), (East, MemberStanding.Closing), Serving(West), Serving(South)).Should().Equal(["east has not yet ended the log of shard 0"], "that was another seal");
        _own[East] = new OriginStanding(9, IsSealed: true);
        NextAgain().Should().Be("east Leaving, west Serving, south Serving");
    }

    [Theory]
    [InlineData(1, "west")]
    [InlineData(2, "south")]
    public void And_once_every_member_holds_it_up_to_its_end(ushort behind, string name)
    {
        _own[East] = new OriginStanding(9, IsSealed: true);
        _held[new RegionId(behind)][East] = 6;
        Waits(Wanted(West, South), (East, MemberStanding.Closing), Serving(West), Serving(South)).Should().Equal($"shard 0 of {name} holds 6 of 7 records of east");
    }

    [Fact]
    public void Its_items_are_answered_for_by_the_first_region_that_is_wanted()
    {
        _own[East] = new OriginStanding(9, IsSealed: true);
        var dropped = Decide(PlacedIn(Wanted(West, South), (East, MemberStanding.Closing), Serving(West), Serving(South))).Next!;
        dropped.Homes.Should().Equal(new TenantHome(East, West));
        var back = dropped with { Wanted = [East, West], Members = [new(East, MemberStanding.Preparing), new(West, MemberStanding.Serving), new(South, MemberStanding.Serving)] };
        Decide(back).Next!.Homes.Should().BeEmpty("it answers for itself again");
    }

    [Fact]
    public void It_erases_once_the_others_hold_all_that_it_holds_and_how_far_it_had_come_is_kept()
    {
        var leaving = Wanted(West, South);
        _held[East][West] = 6;
        Waits(leaving, (East, MemberStanding.Leaving), Serving(West), Serving(South)).Should()
            .Equal("shard 0 of west holds 5 of 6 records of west", "shard 0 of south holds 5 of 6 records of west");
        _held[West][West] = _held[South][West] = 6;
        NextAgain().Should().Be("east Erasing, west Serving, south Serving");
        Decide(_placement!).Next!.DepartedMarkOf(East, Shard).Number.Should().Be(7);
    }

    [Fact]
    public void One_that_only_prepared_leaves_no_older_mark_than_it_left_before()
    {
        _held[South] = new() { [South] = 2 };
        var placement = PlacedIn(Wanted(East, West), Serving(East), Serving(West), (South, MemberStanding.Leaving)) with
        {
            Departed = [new DepartedOrigin(South, [new OriginMark(1, 4, 0)])],
        };
        _held[East][South] = _held[West][South] = 4;
        Decide(placement).Next!.DepartedMarkOf(South, Shard).Number.Should().Be(4);
    }

    [Fact]
    public void It_is_gone_once_its_disks_are_clean()
    {
        Waits(Wanted(West, South), (East, MemberStanding.Erasing), Serving(West), Serving(South)).Should().Equal("east has not yet erased shard 0");
        _erasedBy = 9;
        NextAgain().Should().Be("west Serving, south Serving");
    }

    [Theory]
    [InlineData(MemberStanding.Closing, "east Serving, west Serving, south Serving")]
    [InlineData(MemberStanding.Leaving, "east Preparing, west Serving, south Serving")]
    public void A_move_that_is_taken_back_turns_round_where_it_is(MemberStanding reached, string next) =>
        Next(Wanted(East, West), (East, reached), Serving(West), Serving(South)).Should().Be(next);

    [Fact]
    public void A_region_that_erases_ends_that_before_it_comes_back() =>
        Waits(Wanted(East, West), (East, MemberStanding.Erasing), Serving(West), (South, MemberStanding.Erasing)).Should()
            .Equal("east has not yet erased shard 0", "south has not yet erased shard 0");

    [Fact]
    public void A_region_that_only_prepared_leaves_without_a_seal() =>
        Next(Wanted(East, West), Serving(East), Serving(West), (South, MemberStanding.Preparing)).Should().Be("east Serving, west Serving, south Leaving");

    private TenantPlacement? _placement;

    private static TenantPlacement Wanted(params RegionId[] regions) => new(TenantId.First, "moving", regions);

    private static (RegionId, MemberStanding) Serving(RegionId region) => (region, MemberStanding.Serving);

    private static TenantPlacement PlacedIn(TenantPlacement wanted, params (RegionId Region, MemberStanding Standing)[] members) => wanted with
    {
        Version = 9,
        Members = [.. members.Select(member => new TenantMember(member.Region, member.Standing, 9))],
    };

    private string Next(TenantPlacement wanted, params RegionId[] serving) => Next(wanted, [.. serving.Select(Serving)]);

    private string Next(TenantPlacement wanted, params (RegionId, MemberStanding)[] members)
    {
        _placement = PlacedIn(wanted, members);
        return NextAgain();
    }

    private string NextAgain() => string.Join(", ", Decide(_placement!).Next!.Members.Select(member => $"{Topology.NameOf(member.Region)} {member.Standing}"));

    private IReadOnlyList<string> Waits(TenantPlacement wanted, params (RegionId, MemberStanding)[] members)
    {
        _placement = PlacedIn(wanted, members);
        return WaitsAgain();
    }

    private IReadOnlyList<string> WaitsAgain()
    {
        var decision = Decide(_placement!);
        decision.Next.Should().BeNull();
        return decision.WaitsFor;
    }

    private MigrationDecision Decide(TenantPlacement placement)
    {
        if (_reports.PlacementVersion != placement.Version)
            _reports = new TenantReports(placement.Version);
        foreach (var region in Topology.Regions.Where(region => !_silent.Contains(region)))
            _reports.Take(region, Shard, ReportOf(region, placement.Version));
        return TenantMigration.Decide(placement, _reports, Topology, nextVersion: 10);
    }

    private TenantStandingReply ReportOf(RegionId region, ulong version) => new()
    {
        Tenant = TenantId.First,
        PlacementVersion = version,
        Marks = [.. _held[region].Select(held => new MarkReport(TenantId.First, held.Key, new OriginMark(1, held.Value, 0)))],
        Own = _own.GetValueOrDefault(region),
        ErasedBy = _erasedBy,
        Hears = [.. Topology.Regions.Where(other => other != region && !_deaf.Contains((region, other)))],
    };
}

using Tidal.Schema;

namespace Tidal.Tests.Schema;

/// <summary>Tables that could not be are refused, each with its reason.</summary>
public sealed class RoutingTableRulesTests
{
    private static readonly Topology Topology = new(["east", "west", "south"], shards: 2, replicas: 1);
    private static readonly RegionId East = new(0);
    private static readonly RegionId West = new(1);
    private static readonly RegionId South = new(2);
    private static readonly RegionId Nowhere = new(3);
    private static readonly RoutingTable Table = RoutingTable.Empty.With(Placed(1, "a", East, West)).With(Placed(2, "b", East));

    private static readonly Dictionary<string, (TenantPlacement Placement, string Reason)> Impossible = new()
    {
        ["wanted nowhere"] = (A with { Wanted = [] }, "The tenant 'a' is wanted in no region."),
        ["wanted twice"] = (A with { Wanted = [East, East] }, "The configuration of the tenant 'a' is out of order or names a region twice: east, east."),
        ["wanted in an unknown region"] = (A with { Wanted = [Nowhere] }, "The tenant 'a' names region 3; the cluster has east, west, south."),
        ["wanted where it may not be"] = (A with { Residency = [East, West], Wanted = [South] }, "The tenant 'a' may not be in south: its residency allows east, west."),
        ["a member where it may not be"] = (A with { Residency = [East], Wanted = [East] }, "The tenant 'a' may not be in west: its residency allows east."),
        ["allowed nowhere"] = (A with { Residency = [] }, "The tenant 'a' is allowed in no region."),
        ["allowed in an unknown region"] = (A with { Residency = [East, West, Nowhere] }, "The tenant 'a' names region 3; the cluster has east, west, south."),
        ["no writer"] = (A with { Members = [At(East, MemberStanding.Closing), At(West, MemberStanding.Closing)] }, "No region would take the writes of the tenant 'a'."),
        ["it serves at once"] = (A with { Members = [.. A.Members, At(South, MemberStanding.Serving)] }, "South goes from no standing to Serving for the tenant 'a': that skips a step."),
        ["it leaves without closing"] = (
            A with { Members = [A.Members[0], At(West, MemberStanding.Leaving)], Homes = [new TenantHome(West, East)] },
            "West goes from Serving to Leaving for the tenant 'a': that skips a step."),
        ["it is gone without erasing"] = (
            A with { Members = [A.Members[0]], Homes = [new TenantHome(West, East)] }, "West goes from Serving to no standing for the tenant 'a': that skips a step."),
        ["a step of another version"] = (
            A with { Members = [A.Members[0], new TenantMember(West, MemberStanding.Closing, 2)] }, "West is Closing for the tenant 'a' since version 2, not 3."),
        ["an heir that answers nothing"] = (A with { Homes = [new TenantHome(West, South)] }, "South is to answer for the items of the tenant 'a' at home in west, and answers no reads."),
    };

    private static TenantPlacement A => Table.Find("a")!;

    public static TheoryData<string> Cases => [.. Impossible.Keys];

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_placement_that_could_not_be_is_refused_with_its_reason(string impossible)
    {
        var (placement, reason) = Impossible[impossible];
        Refused(Table.Replace(placement), reason);
    }

    [Fact]
    public void Every_step_of_a_move_may_follow_the_one_before()
    {
        MemberStanding?[] path = [MemberStanding.Preparing, MemberStanding.Serving, MemberStanding.Closing, MemberStanding.Leaving, MemberStanding.Erasing, null, MemberStanding.Preparing];
        var table = Table;
        foreach (var standing in path)
            table = Step(table, standing);
        MemberStanding?[] turns = [MemberStanding.Leaving, MemberStanding.Preparing, MemberStanding.Serving, MemberStanding.Closing, MemberStanding.Serving];
        foreach (var standing in turns)
            table = Step(table, standing);
    }

    // Closing would answer reads of what it does not hold.
    [Theory]
    [InlineData(MemberStanding.Preparing, MemberStanding.Closing)]
    [InlineData(MemberStanding.Preparing, MemberStanding.Erasing)]
    public void A_step_is_not_skipped(MemberStanding from, MemberStanding to) =>
        this.Invoking(_ => Step(Step(Table, from), to)).Should().Throw<RoutingTableException>().WithMessage("South goes from * that skips a step.");

    [Fact]
    public void Items_at_home_in_a_region_that_leaves_have_an_heir()
    {
        var closing = Step(Step(Step(Table, MemberStanding.Preparing), MemberStanding.Serving), MemberStanding.Closing);
        var placement = closing.Find("a")!;
        var left = placement with { Homes = [], Members = [.. placement.Members.Take(2), new TenantMember(South, MemberStanding.Leaving, closing.Version + 1)] };
        Refused(closing.Replace(left), "Nobody would answer for the items of the tenant 'a' at home in south.", closing);
    }

    [Fact]
    public void How_far_a_log_went_is_not_forgotten_and_does_not_go_back()
    {
        var departed = new DepartedOrigin(South, [new OriginMark(1, 7, 0), new OriginMark(1, 9, 0)]);
        var table = Table.Replace(A with { Departed = [departed] });
        var placement = table.Find("a")!;
        Refused(table.Replace(placement with { Departed = [] }), "How far the log of south goes would be forgotten for the tenant 'a'.", table);
        var back = departed with { Shards = [departed.Shards[0], new OriginMark(1, 8, 0)] };
        Refused(table.Replace(placement with { Departed = [back] }), "The log of south for the tenant 'a' goes back in shard 1.", table);
    }

    [Fact]
    public void A_version_that_does_not_follow_is_refused()
    {
        foreach (var version in new ulong[] { 0, 1, 2, 4 })
            Refused(Table with { Version = version }, $"Version {version} does not follow version 2.");
    }

    [Fact]
    public void A_placement_has_the_version_of_its_change()
    {
        var stale = Table.Replace(A with { Wanted = [East] });
        stale = stale with { Tenants = [stale.Tenants[0] with { Version = 1 }, stale.Tenants[1]] };
        Refused(stale, "The tenant 'a' has version 1 in a table of version 3 that changes it.");
    }

    [Fact]
    public void Impossible_quotas_are_refused_however_the_table_was_made()
    {
        var next = Table.Replace(A);
        var greedy = new TenantQuotas(10) { Shares = [new RegionShare(East, 600), new RegionShare(West, 500)] };
        Refused(
            next with { Tenants = [next.Tenants[0] with { Quotas = greedy }, next.Tenants[1]] },
            "The quotas of the tenant 'a' cannot be: the regions' shares are 600 + 500 thousandths; none below 0 and 1000 together were expected.");
    }

    [Fact]
    public void Tenants_stay_who_they_are()
    {
        var next = Table with { Version = 3 };
        Refused(next with { Tenants = [Table.Tenants[0]] }, "The tenant 'b' is gone from the table.");
        Refused(next with { Tenants = [.. Table.Tenants, Table.Tenants[1]] }, "There are two tenants of number 2, or they are out of order.");
        Refused(next with { Tenants = [.. Table.Tenants, Placed(3, "a", East)] }, "There are two tenants of the name 'a'.");
        Refused(next with { Tenants = [Placed(1, "c", East) with { Version = 3 }, Table.Tenants[1]] }, "The tenant 'c' was called 'a'.");
        Refused(next with { Format = 1 }, "The format goes back from 2 to 1.");
        Refused(
            Table.With(Placed(3, "c", East) with { Members = [At(East, MemberStanding.Serving), At(West, MemberStanding.Preparing)] }),
            "The tenant 'c' is new: there is nothing that a region of it could prepare for, or leave.");
    }

    /// <summary>The next table, in which South has a standing for the tenant a.</summary>
    private static RoutingTable Step(RoutingTable table, MemberStanding? standing)
    {
        var placement = table.Find("a")!;
        var others = placement.Members.Where(member => member.Region != South);
        TenantMember[] south = standing is { } stands ? [new TenantMember(South, stands, table.Version + 1)] : [];
        var answers = standing is MemberStanding.Serving or MemberStanding.Closing ? South : East;
        var next = table.Replace(placement with { Members = [.. others, .. south], Homes = [new TenantHome(South, answers)] });
        RoutingTableRules.Check(table, next, Topology);
        return next;
    }

    private static void Refused(RoutingTable next, string reason, RoutingTable? before = null) =>
        next.Invoking(table => RoutingTableRules.Check(before ?? Table, table, Topology)).Should().Throw<RoutingTableException>().WithMessage(reason);

    private static TenantMember At(RegionId region, MemberStanding standing) => new(region, standing, Table.Version + 1);

    private static TenantPlacement Placed(uint number, string name, params RegionId[] regions) => new(new TenantId(number), name, regions);
}

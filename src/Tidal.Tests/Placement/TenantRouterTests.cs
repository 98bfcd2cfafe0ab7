using Tidal.Placement;
using Tidal.Schema;

namespace Tidal.Tests.Placement;

public sealed class TenantRouterTests
{
    private static readonly RegionId[] Regions = [new(0), new(1), new(2), new(3)];
    private readonly NodeDirectory _tenants = new(new Dictionary<TenantId, SignalSchema>());

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 3)]
    [InlineData(0, 1)]
    [InlineData(2, 1)]
    public void A_call_goes_to_the_gateways_own_region_or_else_to_the_first_in_region_order(int own, int expected)
    {
        var router = Router(own, 1, 3);
        router.WriterFor(TenantId.First, 0).Should().Be(Regions[expected]);
        router.ReaderFor(TenantId.First, 0).Should().Be(Regions[expected]);
    }

    [Fact]
    public void Reads_go_where_reads_are_answered_and_writes_where_they_are_taken()
    {
        var router = Router(1, 1, 3);
        var placement = _tenants.Table.Find(TenantId.First)!;
        _tenants.Take(_tenants.Table.Replace(placement with { Members = [new(Regions[1], MemberStanding.Closing), new(Regions[2], MemberStanding.Preparing), placement.Members[1]] }));
        (router.ReaderFor(TenantId.First, 0), router.WriterFor(TenantId.First, 0)).Should().Be((Regions[1], Regions[3]));
    }

    [Fact]
    public void Who_did_not_answer_is_passed_over_for_a_while_unless_nobody_else_is_left()
    {
        var router = Router(0, 1, 3);
        router.NoteSilent(Regions[1], 100);
        router.WriterFor(TenantId.First, 101).Should().Be(Regions[3]);
        router.WriterFor(TenantId.First, 1100).Should().Be(Regions[1], "its pause is over");
        router.NoteSilent(Regions[1], 2000);
        router.NoteSilent(Regions[3], 2000);
        router.WriterFor(TenantId.First, 2001).Should().Be(Regions[1]);
        router.NoteHeard(Regions[3]);
        router.WriterFor(TenantId.First, 2001).Should().Be(Regions[3]);
    }

    [Fact]
    public void What_was_tried_is_not_tried_again_and_the_own_region_is_never_left()
    {
        Router(0, 1, 3).WriterFor(TenantId.First, 0, [Regions[1]]).Should().Be(Regions[3]);
        Router(0, 1, 3).WriterFor(TenantId.First, 0, [Regions[1], Regions[3]]).Should().BeNull();
        var own = Router(1, 1, 3);
        own.NoteSilent(Regions[1], 0);
        own.WriterFor(TenantId.First, 1).Should().Be(Regions[1]);
        own.WriterFor(TenantId.First, 1, [Regions[1]]).Should().BeNull();
    }

    [Fact]
    public void Who_knows_no_placement_asks_at_home() => Router(2).WriterFor(TenantId.First, 0).Should().Be(Regions[2]);

    private TenantRouter Router(int own, params int[] members)
    {
        if (members.Length > 0)
            _tenants.Take(RoutingTable.Empty.With(new TenantPlacement(TenantId.First, "a", [.. members.Select(member => Regions[member])])));
        return new TenantRouter(Regions[own], _tenants, TimeSpan.FromMilliseconds(1));
    }
}

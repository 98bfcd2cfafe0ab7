using Tidal.Placement;
using Tidal.Schema;

namespace Tidal.Tests.Placement;

public sealed class RoutingTableChangesTests
{
    private static readonly Topology Topology = new(["us-east", "eu-west", "ap-south", "eu-north", "us-west"], shards: 1, replicas: 1);

    [Fact]
    public void A_new_tenant_is_in_as_many_regions_as_it_asks_for_and_serves_there_at_once()
    {
        var placement = Add(new NewTenant("a") { Copies = 3 });
        placement.Wanted.Should().HaveCount(3).And.BeInAscendingOrder();
        placement.Writers.Should().Equal(placement.Wanted);
        Add(new NewTenant("a")).Wanted.Should().Equal(Topology.Regions);
    }

    [Fact]
    public void Pins_go_before_hashing_and_residency_before_both()
    {
        Names(Add(new NewTenant("a") { Copies = 1, Pins = ["us-west"] })).Should().Equal("us-west");
        Names(Add(new NewTenant("a") { Copies = 1, Pins = ["us-west", "us-east"] })).Should().Equal("us-east", "us-west");
        Names(Add(new NewTenant("a") { Residency = ["eu-north", "eu-west"] })).Should().Equal("eu-west", "eu-north");
        Names(Add(new NewTenant("a") { Copies = 2, Residency = ["eu-north", "eu-west", "us-east"], Pins = ["us-east"] })).Should().HaveCount(2).And.Contain("us-east");
    }

    [Fact]
    public void Regions_get_even_shares_of_the_tenants_and_one_more_region_moves_only_what_comes_to_it()
    {
        var smaller = new Topology(["us-east", "eu-west", "ap-south", "eu-north"], shards: 1, replicas: 1);
        var (few, all) = (Placements(smaller, 500), Placements(Topology, 500));
        foreach (var region in Topology.Regions)
            all.Count(placement => placement.Wanted.Contains(region)).Should().BeInRange(160, 240, "it is two in five of 500");
        var newest = new RegionId(4);
        foreach (var (before, after) in few.Zip(all))
        {
            after.Wanted.Except(before.Wanted).Should().BeSubsetOf([newest]);
            after.Wanted.Contains(newest).Should().Be(!after.Wanted.SequenceEqual(before.Wanted));
        }
    }

    [Theory]
    [InlineData(2, "eu-west", "", "The tenant 'a' is to be in 2 regions, and is allowed in 1.")]
    [InlineData(0, "", "", "The tenant 'a' is to be in 0 regions: one at least.")]
    [InlineData(1, "eu-west", "us-east", "The tenant 'a' may not be in us-east: its residency allows eu-west.")]
    [InlineData(1, "mars", "", "There is no region 'mars'; the regions are us-east, eu-west, ap-south, eu-north, us-west.")]
    [InlineData(1, "", "mars", "There is no region 'mars'; the regions are us-east, eu-west, ap-south, eu-north, us-west.")]
    [InlineData(1, "eu-west eu-west", "", "The residency of the tenant 'a' is out of order or names a region twice: eu-west, eu-west.")]
    public void A_tenant_that_could_not_be_is_refused(int copies, string residency, string pins, string reason)
    {
        var asked = new NewTenant("a") { Copies = copies, Residency = residency.Length == 0 ? null : residency.Split(' '), Pins = pins.Length == 0 ? [] : pins.Split(' ') };
        asked.Invoking(Add).Should().Throw<RoutingTableException>().WithMessage(reason);
    }

    [Fact]
    public void A_tenant_allowed_nowhere_is_refused() => new NewTenant("a") { Residency = [] }.Invoking(Add).Should().Throw<RoutingTableException>();

    [Fact]
    public void To_move_a_tenant_changes_where_it_is_wanted_and_nothing_else()
    {
        var table = RoutingTable.Empty.Add(new NewTenant("a") { Pins = ["us-east"], Copies = 1 }, Topology);
        var moved = table.Move("a", ["ap-south", "eu-west"], Topology);
        moved.Version.Should().Be(2);
        moved.Find("a").Should().BeEquivalentTo(table.Find("a")! with { Wanted = [new RegionId(1), new RegionId(2)], Version = 2 });
    }

    [Theory]
    [InlineData("b", "us-east", "There is no tenant 'b'.")]
    [InlineData("a", "", "The tenant 'a' is wanted in no region.")]
    [InlineData("a", "mars", "There is no region 'mars'; the regions are us-east, eu-west, ap-south, eu-north, us-west.")]
    [InlineData("a", "us-east", "The tenant 'a' may not be in us-east: its residency allows eu-west, eu-north.")]
    [InlineData("a", "eu-west eu-west", "The configuration of the tenant 'a' is out of order or names a region twice: eu-west, eu-west.")]
    public void A_move_that_could_not_be_is_refused(string tenant, string regions, string reason)
    {
        var table = RoutingTable.Empty.Add(new NewTenant("a") { Residency = ["eu-west", "eu-north"] }, Topology);
        table.Invoking(held => held.Move(tenant, regions.Split(' ', StringSplitOptions.RemoveEmptyEntries), Topology))
            .Should().Throw<RoutingTableException>().WithMessage(reason);
    }

    private static TenantPlacement Add(NewTenant tenant) => RoutingTable.Empty.Add(tenant, Topology).Tenants[0];

    private static IEnumerable<string> Names(TenantPlacement placement) => placement.Wanted.Select(Topology.NameOf);

    private static IReadOnlyList<TenantPlacement> Placements(Topology topology, int tenants) => Enumerable.Range(0, tenants)
        .Aggregate(RoutingTable.Empty, (table, number) => table.Add(new NewTenant($"tenant {number}") { Copies = 2 }, topology)).Tenants;
}

using Tidal.Placement;
using Tidal.Replication;
using Tidal.Schema;

namespace Tidal.Tests.Placement;

public sealed class RoutingTableTests
{
    private static readonly RegionId East = new(0);
    private static readonly RegionId West = new(1);

    [Fact]
    public void A_table_with_one_more_tenant_is_the_next_version()
    {
        var table = RoutingTable.Empty.With(Placement(2, "b", West, East, West)).With(Placement(1, "a", East));
        table.Version.Should().Be(2);
        table.Tenants.Select(placement => placement.Name).Should().Equal("a", "b");
        table.Find(new TenantId(2))!.Holders.Should().Equal(East, West);
        table.Find(new TenantId(3)).Should().BeNull();
        RoutingTable.Empty.Tenants.Should().BeEmpty();
    }

    [Fact]
    public void A_tenant_that_could_not_be_is_refused()
    {
        var table = RoutingTable.Empty.With(Placement(1, "a", East));
        table.Invoking(held => held.With(Placement(2, "b"))).Should().Throw<RoutingTableException>()
            .WithMessage("The tenant 'b' has no region to be in.");
        foreach (var taken in new[] { Placement(1, "b", East), Placement(2, "a", East) })
        {
            table.Invoking(held => held.With(taken)).Should().Throw<RoutingTableException>()
                .WithMessage($"There is already a tenant '{taken.Name}' or number {taken.Tenant.Number}.");
        }
    }

    [Fact]
    public void What_a_region_does_follows_from_its_standing()
    {
        var placement = Placement(1, "a", East) with
        {
            Members = [
                new(new RegionId(4), MemberStanding.Erasing), new(new RegionId(3), MemberStanding.Leaving), new(new RegionId(2), MemberStanding.Closing),
                new(West, MemberStanding.Preparing), new(East, MemberStanding.Serving),
            ],
        };
        placement.Writers.Should().Equal(East);
        placement.Readers.Should().Equal(East, new RegionId(2));
        placement.Holders.Should().Equal(East, West, new RegionId(2));
        placement.StandingOf(West).Should().Be(MemberStanding.Preparing);
        placement.StandingOf(new RegionId(9)).Should().BeNull();
    }

    [Fact]
    public void A_tenant_placed_otherwise_has_the_version_of_the_change()
    {
        var table = RoutingTable.Empty.With(Placement(1, "a", East)).With(Placement(2, "b", East));
        var next = table.Replace(table.Find("a")! with { Wanted = [West], Homes = [new TenantHome(East, West)] });
        next.Version.Should().Be(3);
        next.Find("a")!.Version.Should().Be(3);
        next.Find("b")!.Version.Should().Be(2);
        next.Find("a")!.AnswersFor(East).Should().Be(West);
        next.Find("a")!.AnswersFor(West).Should().Be(West);
        table.Invoking(held => held.Replace(Placement(3, "c", East))).Should().Throw<RoutingTableException>().WithMessage("There is no tenant 3.");
    }

    [Fact]
    public void A_session_numbers_its_writes_for_each_tenant_and_shard()
    {
        var session = new ClientSession(new SessionId(East, 9));
        var numbers = new[] { (1u, 0), (1u, 0), (1u, 1), (2u, 0), (1u, 0) }
            .Select(place => session.NextOperation(new TenantId(place.Item1), new ShardId((ushort)place.Item2)));
        numbers.Should().Equal(new ulong[] { 1, 2, 1, 1, 3 }.Select(number => new OperationId(session.Id, number)));
    }

    [Fact]
    public void A_directory_keeps_the_newest_table_that_it_has_heard_of()
    {
        var schema = new SchemaBuilder().Signal("view", TimeSpan.FromDays(1)).Build();
        var directory = new NodeDirectory(new Dictionary<TenantId, SignalSchema> { [TenantId.First] = schema });
        directory.Table.Should().BeSameAs(RoutingTable.Empty);
        var older = RoutingTable.Empty.With(Placement(1, "a", East));
        directory.Take(older.Replace(Placement(1, "a", West))).Should().BeTrue();
        directory.Take(older).Should().BeFalse();
        directory.Take(directory.Table with { Tenants = [] }).Should().BeFalse("it is not newer");
        directory.Table.Tenants.Select(placement => placement.Tenant).Should().Equal(TenantId.First);
        directory.HoldersOf(TenantId.First).Should().Equal(West);
        directory.HoldersOf(new TenantId(2)).Should().BeEmpty();
        directory.SchemaOf(TenantId.First).Should().BeSameAs(schema);
        directory.Invoking(held => held.SchemaOf(new TenantId(2))).Should().Throw<RoutingTableException>().WithMessage("There is no tenant 2.");
    }

    private static TenantPlacement Placement(uint number, string name, params RegionId[] members) =>
        new(new TenantId(number), name, members);
}

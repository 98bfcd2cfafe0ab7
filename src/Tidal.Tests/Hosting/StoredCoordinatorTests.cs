using Tidal.Hosting;
using Tidal.Log;
using Tidal.Schema;

namespace Tidal.Tests.Hosting;

/// <summary>A routing table outlives the process that changed it.</summary>
public sealed class StoredCoordinatorTests
{
    private static readonly Topology Places = new(["us-east", "eu-west"], shards: 2, replicas: 1);

    private readonly MemoryLogStore _disk = new();

    [Fact]
    public void Everything_in_a_table_is_there_again()
    {
        var placement = new TenantPlacement(new TenantId(1), "first", [new RegionId(0)])
        {
            Residency = [new RegionId(0), new RegionId(1)],
            Quotas = new TenantQuotas(100, null, 5_000) { SignalBurst = 200, Shares = [new RegionShare(new RegionId(0), 1000)] },
            Homes = [new TenantHome(new RegionId(1), new RegionId(0))],
            Departed = [new DepartedOrigin(new RegionId(1), [new OriginMark(3, 17, 0xABCD), default])],
        };
        var table = RoutingTable.Empty.With(placement);
        StoredTable.Of(table).ToTable().Should().BeEquivalentTo(table);
    }

    [Fact]
    public void The_newest_is_taken_up_and_continued()
    {
        Replace(Open(), "first");
        Replace(Open(), "second");
        var again = Open();
        again.Current.Tenants.Select(placement => placement.Name).Should().Equal("first", "second");
        again.Current.Version.Should().Be(2);
        _disk.List().Should().HaveCount(1, "older ones are deleted");
    }

    [Fact]
    public void A_table_is_durable_before_anybody_hears_of_it()
    {
        var coordinator = Open();
        var survivors = new List<int>();
        using var watch = coordinator.Watch(_ => survivors.Add(OpenOn(_disk.SurvivorOfPowerLoss((_, _) => 0)).Current.Tenants.Count));
        Replace(coordinator, "first");
        survivors.Should().Equal(1);
    }

    [Fact]
    public void A_file_that_a_crash_cut_short_is_passed_over()
    {
        Replace(Open(), "first");
        _disk.Append("table-00000000000000000002", "{\"Version\":2,"u8);
        Open().Current.Version.Should().Be(1);
        Replace(Open(), "second");
        Open().Current.Version.Should().Be(2);
    }

    [Fact]
    public void A_table_that_breaks_a_rule_or_comes_too_late_is_not_kept()
    {
        var coordinator = Open();
        Replace(coordinator, "first");
        coordinator.TryReplace(0, RoutingTable.Empty.With(new TenantPlacement(new TenantId(1), "other", [new RegionId(0)]))).Should().BeFalse();
        Assert.Throws<RoutingTableException>(() => coordinator.TryReplace(1, new RoutingTable(2, [])));
        Open().Current.Find("first").Should().NotBeNull();
    }

    private StoredCoordinator Open() => OpenOn(_disk);

    private static StoredCoordinator OpenOn(MemoryLogStore disk) => new(disk, Places);

    private static void Replace(StoredCoordinator coordinator, string name)
    {
        var table = coordinator.Current;
        coordinator.TryReplace(table.Version, table.With(new TenantPlacement(new TenantId((uint)table.Tenants.Count + 1), name, [new RegionId(0)]))).Should().BeTrue();
    }
}

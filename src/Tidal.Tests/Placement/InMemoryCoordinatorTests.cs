using Tidal.Placement;
using Tidal.Schema;

namespace Tidal.Tests.Placement;

public sealed class InMemoryCoordinatorTests
{
    private readonly InMemoryCoordinator _coordinator = new(new Topology(["east"], shards: 1, replicas: 1));

    [Fact]
    public void A_table_is_replaced_by_one_made_from_it_and_by_no_other()
    {
        _coordinator.Current.Should().BeSameAs(RoutingTable.Empty);
        _coordinator.TryReplace(0, Table(1)).Should().BeTrue();
        _coordinator.TryReplace(0, Table(1)).Should().BeFalse("somebody else was first");
        _coordinator.TryReplace(5, Table(6)).Should().BeFalse();
        _coordinator.Current.Version.Should().Be(1);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 2)]
    [InlineData(3, 1)]
    public void A_version_that_does_not_follow_is_refused(ulong expected, ulong next) =>
        _coordinator.Invoking(held => held.TryReplace(expected, Table(next))).Should().Throw<RoutingTableException>()
            .WithMessage($"Version {next} does not follow version {expected}.");

    [Fact]
    public void A_table_that_could_not_be_is_refused_and_nobody_hears_of_it()
    {
        var heard = new List<ulong>();
        using var watch = _coordinator.Watch(table => heard.Add(table.Version));
        var nowhere = RoutingTable.Empty.With(new TenantPlacement(TenantId.First, "first", [new RegionId(7)]));
        _coordinator.Invoking(held => held.TryReplace(0, nowhere)).Should().Throw<RoutingTableException>()
            .WithMessage("The tenant 'first' names region 7; the cluster has east.");
        _coordinator.Current.Should().BeSameAs(RoutingTable.Empty);
        heard.Should().BeEmpty();
    }

    [Fact]
    public void A_watcher_hears_every_table_from_then_on_until_it_ends()
    {
        var heard = new List<ulong>();
        Replace();
        using (_coordinator.Watch(table => heard.Add(table.Version)))
        {
            Replace();
            _coordinator.TryReplace(0, Table(1)).Should().BeFalse();
            Replace();
        }
        Replace();
        heard.Should().Equal(2, 3);
    }

    [Fact]
    public void A_watcher_that_replaces_the_table_does_not_break_the_order_for_others()
    {
        var (first, second) = (new List<ulong>(), new List<ulong>());
        using var one = _coordinator.Watch(table =>
        {
            first.Add(table.Version);
            if (table.Version < 4)
                Replace();
        });
        using var other = _coordinator.Watch(table => second.Add(table.Version));
        Replace();
        first.Should().Equal(1, 2, 3, 4);
        second.Should().Equal(1, 2, 3, 4);
    }

    [Fact]
    public void A_watcher_may_end_its_watch_and_begin_another_while_it_hears()
    {
        var heard = new List<string>();
        IDisposable? ending = null;
        ending = _coordinator.Watch(table =>
        {
            heard.Add($"once {table.Version}");
            ending!.Dispose();
            _coordinator.Watch(later => heard.Add($"later {later.Version}"));
        });
        Replace();
        Replace();
        heard.Should().Equal("once 1", "later 2");
    }

    [Fact]
    public void Ending_a_watch_twice_ends_no_other()
    {
        var heard = new List<ulong>();
        void Hear(RoutingTable table) => heard.Add(table.Version);
        var ended = _coordinator.Watch(Hear);
        using var other = _coordinator.Watch(Hear);
        ended.Dispose();
        ended.Dispose();
        Replace();
        heard.Should().Equal(1);
    }

    [Fact]
    public void Of_many_who_replace_one_table_at_once_one_is_first()
    {
        var heard = new List<ulong>();
        using var watch = _coordinator.Watch(table => heard.Add(table.Version));
        var won = 0;
        Parallel.For(0, 200, _ =>
        {
            var version = _coordinator.Current.Version;
            if (_coordinator.TryReplace(version, Table(version + 1)))
                Interlocked.Increment(ref won);
        });
        _coordinator.Current.Version.Should().Be((ulong)won);
        heard.Should().Equal(Enumerable.Range(1, won).Select(version => (ulong)version));
    }

    private void Replace() => _coordinator.TryReplace(_coordinator.Current.Version, Table(_coordinator.Current.Version + 1)).Should().BeTrue();

    private static RoutingTable Table(ulong version) => new(version, []);
}

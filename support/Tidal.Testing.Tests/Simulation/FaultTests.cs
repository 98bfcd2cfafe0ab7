using Tidal.Schema;
using Tidal.Testing.Faults;
using Tidal.Testing.History;

namespace Tidal.Testing.Tests.Simulation;

public sealed class FaultTests
{
    [Fact]
    public void A_one_way_partition_shuts_its_direction_alone()
    {
        using var cluster = Clusters.Found();
        cluster.Run(TimeSpan.FromSeconds(1));
        using (NetworkPartition.OneWay(cluster, Clusters.East, Clusters.West))
        {
            Clusters.Write(cluster, Clusters.East);
            cluster.Run(TimeSpan.FromSeconds(3));
            Clusters.CountIn(cluster, Clusters.West).Should().Be(0);
            IsBlocked(cluster).Should().Be((true, false));
        }
        IsBlocked(cluster).Should().Be((false, false));
        cluster.RunUntilQuiet(Clusters.Patience).Should().BeTrue();
        Clusters.CountIn(cluster, Clusters.West).Should().Be(1);
    }

    [Fact]
    public void Partitions_on_top_of_each_other_add_up_and_end_one_by_one_once_each()
    {
        using var cluster = Clusters.Found(regions: 3);
        var isolated = NetworkPartition.Isolate(cluster, Clusters.East);
        var between = NetworkPartition.Between(cluster, Clusters.East, Clusters.West);
        isolated.Dispose();
        isolated.Dispose();
        IsBlocked(cluster).Should().Be((true, true));
        cluster.World.Network.IsBlocked(Clusters.East, new RegionId(2)).Should().BeFalse();
        between.Dispose();
        IsBlocked(cluster).Should().Be((false, false));
        cluster.History.Lines.Count(line => line.Kind == HistoryKind.FaultEnded).Should().Be(2);
    }

    [Fact]
    public void A_partition_loses_what_is_under_way_even_if_it_is_over_before_that_arrives()
    {
        using var cluster = Clusters.Found();
        cluster.Run(TimeSpan.FromSeconds(1));
        Clusters.Write(cluster, Clusters.East);
        NetworkPartition.OneWay(cluster, Clusters.East, Clusters.West).Dispose();
        cluster.Run(TimeSpan.FromMilliseconds(100));
        Clusters.CountIn(cluster, Clusters.West).Should().Be(0, "the latency is 40 ms, and the batch was lost");
        cluster.RunUntilQuiet(Clusters.Patience).Should().BeTrue();
    }

    [Fact]
    public void Lossy_links_add_up_and_leave_the_link_as_it_was_in_whatever_order_they_end()
    {
        using var cluster = Clusters.Found();
        LinkOptions Link() => cluster.World.Network.LinkBetween(Clusters.West, Clusters.East);
        var before = Link();
        var first = new LossyLink(cluster, Clusters.East, Clusters.West, loss: 0.5, duplication: 0);
        var second = new LossyLink(cluster, Clusters.East, Clusters.West, loss: 0.5, duplication: 0.1);
        (Link().Loss, Link().Duplication, Link().Jitter).Should().Be((0.75, 0.1, before.Latency));
        first.Dispose();
        first.Dispose();
        Link().Loss.Should().Be(0.5);
        second.Dispose();
        Link().Should().Be(before);
    }

    [Theory]
    [InlineData(DiskFate.Kept, false)]
    [InlineData(DiskFate.Lost, true)]
    public void A_crashed_replica_returns_on_what_its_disk_holds(DiskFate fate, bool isLearner)
    {
        using var cluster = Clusters.Found(regions: 1);
        Clusters.Write(cluster, Clusters.East, 3);
        cluster.RunUntilQuiet(Clusters.Patience).Should().BeTrue();
        var crash = ShardCrash.OfFollower(cluster, Clusters.East, Clusters.Shard, fate);
        cluster.Replicas(Clusters.East, Clusters.Shard).Should().HaveCount(2);
        crash.Dispose();
        crash.Dispose();
        var back = cluster.Replicas(Clusters.East, Clusters.Shard).Single(replica => replica.Self == crash.Crashed);
        (back.Raft.Log.LastIndex == 0, crash.NewIdentityReason is not null).Should().Be((isLearner, isLearner));
        cluster.RunUntilQuiet(Clusters.Patience).Should().BeTrue();
        back.State.TenantOf(TenantId.First).SignalRecords.Should().Be(3);
    }

    [Fact]
    public void A_power_failure_tears_what_was_not_flushed_and_keeps_what_was()
    {
        var torn = 0;
        for (var seed = 1UL; seed <= 10; seed++)
        {
            using var cluster = Clusters.Found(regions: 1, seed);
            Clusters.Write(cluster, Clusters.East, 2);
            _ = cluster.NewClient(Clusters.East).TryWriteAsync(Clusters.Signal(cluster, new Schema.OperationId(new SessionId(default, 50), 1)));
            var primary = cluster.PrimaryOf(Clusters.East, Clusters.Shard)!;
            cluster.RunUntil(() => primary.Raft.IsFlushing, Clusters.Patience).Should().BeTrue();
            using var crash = ShardCrash.OfPrimary(cluster, Clusters.East, Clusters.Shard, DiskFate.Torn);
            crash.Dispose();
            torn += crash.NewIdentityReason is null ? 0 : 1;
            cluster.RunUntilQuiet(Clusters.Patience).Should().BeTrue();
            Clusters.CountIn(cluster, Clusters.East).Should().BeInRange(2, 3);
        }
        torn.Should().BePositive("the cut is anywhere in what was not flushed");
    }

    [Fact]
    public void There_is_nothing_to_crash_where_nobody_is_left()
    {
        using var cluster = Clusters.Found(regions: 1, replicas: 1);
        using var crash = ShardCrash.OfPrimary(cluster, Clusters.East, Clusters.Shard);
        FluentActions.Invoking(() => ShardCrash.OfPrimary(cluster, Clusters.East, Clusters.Shard)).Should().Throw<InvalidOperationException>();
        FluentActions.Invoking(() => ShardCrash.OfFollower(cluster, Clusters.East, Clusters.Shard)).Should().Throw<InvalidOperationException>();
    }

    private static (bool ThereLost, bool BackLost) IsBlocked(SimulatedCluster cluster) => (
        cluster.World.Network.IsBlocked(Clusters.East, Clusters.West), cluster.World.Network.IsBlocked(Clusters.West, Clusters.East));
}

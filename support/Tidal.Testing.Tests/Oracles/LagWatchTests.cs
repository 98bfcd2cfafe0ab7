using Tidal.Schema;
using Tidal.Testing.Faults;
using Tidal.Testing.Oracles;

namespace Tidal.Testing.Tests.Oracles;

public sealed class LagWatchTests
{
    [Fact]
    public void Whoever_looks_at_lag_leaves_the_history_as_it_is()
    {
        HashOf(watched: true).Should().Be(HashOf(watched: false));
    }

    [Fact]
    public void However_long_it_looks_it_keeps_so_many_samples_and_the_worst_of_them()
    {
        using var cluster = NewCluster();
        var watch = new LagWatch(cluster);
        cluster.Add(watch);
        cluster.RunUntil(() => cluster.HasAllPrimaries, TimeSpan.FromSeconds(10)).Should().BeTrue();
        using (NetworkPartition.Isolate(cluster, new RegionId(0)))
        {
            Write(cluster);
            cluster.Run(TimeSpan.FromSeconds(5));
        }
        cluster.Run(TimeSpan.FromSeconds(120));
        watch.Samples.Count.Should().BeInRange(LagWatch.SamplesMax / 2, LagWatch.SamplesMax);
        watch.Samples.Max(sample => sample.Age).TotalSeconds.Should().BeInRange(4.5, 6.5);
        var worst = watch.Samples.MaxBy(sample => sample.Age);
        (worst.Origin, worst.Target == worst.Origin).Should().Be((new RegionId(0), false));
        watch.Samples.Select(sample => sample.TimeMicroseconds).Should().BeInAscendingOrder();
    }

    private static string HashOf(bool watched)
    {
        using var cluster = NewCluster();
        if (watched)
        {
            cluster.Add(new LagWatch(cluster));
            cluster.Add(new ArrivalWatch(cluster));
        }
        cluster.RunUntil(() => cluster.HasAllPrimaries, TimeSpan.FromSeconds(10)).Should().BeTrue();
        Write(cluster);
        cluster.Run(TimeSpan.FromSeconds(5));
        return cluster.History.Hash();
    }

    private static SimulatedCluster NewCluster() =>
        new(new ClusterOptions { Seed = 5, Schema = Drivers.ClusterDriver.Schema, Topology = new Topology(["us-east", "eu-west"], shards: 2, replicas: 3) });

    private static void Write(SimulatedCluster cluster)
    {
        var client = cluster.NewClient(new RegionId(0));
        for (var number = 0; number < 10; number++)
            _ = client.TryWriteAsync(Log.LogRecord.ForItem(default, default, 0, new ItemId($"item-{number}"), new RegionId(0)));
    }
}

using Tidal.Hosting;
using Tidal.Replication;
using Tidal.Schema;
using static Tidal.Tests.Hosting.HostedClusters;

namespace Tidal.Tests.Hosting;

/// <summary>Several clients at a time, while replicas die: what is counted at the end is what was acknowledged.</summary>
[Collection(InRealTime.Name)]
public sealed class StressTests
{
    private const int SignalsPerClient = 300;

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, true)]
    public async Task Everything_acknowledged_is_counted_once_everywhere(int workersPerNode, bool flushBlocks)
    {
        var stores = new StagedStores(() => new StagedStore { FlushBlocks = flushBlocks });
        var heard = new ListeningObserver();
        await using var cluster = await StartAsync(stores.On(Options(regions: 2, shards: 2)) with { WorkersPerNode = workersPerNode, Observer = heard });
        var clients = Enumerable.Range(0, 6).Select(number => Task.Run(() => WriteAsync(cluster.Client(new RegionId((ushort)(number % 2))), $"user{number}"))).ToList();
        await KillPrimariesAsync(cluster);
        await Task.WhenAll(clients).WaitAsync(Long);

        await cluster.UntilCounted("song", clients.Count * SignalsPerClient / 2);
        await cluster.UntilCounted("tune", clients.Count * SignalsPerClient / 2);
        cluster.InspectAll(Digests).Should().OnlyContain(digests => digests == 1, "replicas of a shard hold the same");
        heard.Backwards.Should().BeEmpty();
        cluster.Failures.Should().BeEmpty();
    }

    private static async Task WriteAsync(TidalClient client, string user)
    {
        for (var sent = 0; sent < SignalsPerClient; sent += 50)
        {
            var results = await client.SignalsAsync([.. Enumerable.Range(0, 50).Select(number => new SignalToWrite(user, "view", number % 2 == 0 ? "song" : "tune"))]);
            results.Should().OnlyContain(result => result.Outcome == WriteOutcomeKind.Acknowledged);
        }
    }

    private static async Task KillPrimariesAsync(TidalCluster cluster)
    {
        foreach (var shard in cluster.Topology.Shards)
        {
            var region = new RegionId((ushort)shard.Number);
            await Until(() => cluster.PrimaryOf(region, shard) is not null, "there is a primary");
            var primary = cluster.PrimaryOf(region, shard)!.Value;
            cluster.Stop(primary);
            await Until(() => cluster.PrimaryOf(region, shard) is not null, "there is another one");
            cluster.Start(primary);
        }
    }

    private static List<int> Digests(IReadOnlyList<ShardReplica> replicas) =>
        [.. replicas.GroupBy(replica => replica.Self.Shard).Select(group => group.Select(replica => replica.State.Digest()).Distinct().Count())];
}

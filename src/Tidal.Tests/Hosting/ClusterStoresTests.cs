using Tidal.Hosting;
using Tidal.Log;
using Tidal.Schema;
using static Tidal.Tests.Hosting.HostedClusters;

namespace Tidal.Tests.Hosting;

/// <summary>What the stores of a cluster say of themselves when it starts.</summary>
[Collection(InRealTime.Name)]
public sealed class ClusterStoresTests : IDisposable
{
    private readonly TemporaryDirectory _root = new();

    public void Dispose() => _root.Dispose();

    [Fact]
    public async Task A_cluster_on_files_has_everything_acknowledged_when_it_starts_again()
    {
        for (var life = 1; life <= 2; life++)
        {
            await using var cluster = await StartAsync(OnFiles(Options()));
            await cluster.Client().SignalAsync("ana", "view", "song");
            await cluster.UntilCounted("song", life);
        }
    }

    [Fact]
    public async Task A_store_of_another_cluster_or_place_is_refused()
    {
        await (await StartAsync(OnFiles(Options(replicas: 1)))).DisposeAsync();
        var other = OnFiles(Options(replicas: 1)) with { Topology = new Topology(["eu-west"], 1, 1) };
        var refused = await FluentActions.Awaiting(() => StartAsync(other)).Should().ThrowAsync<ClusterFailedException>();
        refused.Which.InnerException.Should().BeOfType<StoreMismatchException>().Which.Wanted.Should().Be("regions eu-west");
    }

    /// <summary>A disk that was replaced while its replica was down is of the same place from then on.</summary>
    [Fact]
    public async Task A_replica_that_comes_back_on_an_empty_disk_says_on_it_what_it_is()
    {
        await using (var cluster = await StartAsync(OnFiles(Options())))
        {
            var replica = cluster.PrimaryOf(UsEast, default)!.Value;
            await cluster.Client().SignalAsync("ana", "view", "song");
            cluster.Stop(replica);
            Directory.Delete(PathOf(replica), recursive: true);
            cluster.Start(replica);
            File.ReadAllText(Path.Combine(PathOf(replica), StoreIdentity.FileName)).Should().Contain($"place us-east shard 0 replica {replica.Replica.Number}");
            await cluster.UntilCounted("song", 1);
        }
        await using var again = await StartAsync(OnFiles(Options()));
        await again.UntilCounted("song", 1);
    }

    private TidalClusterOptions OnFiles(TidalClusterOptions options) => options with { Stores = replica => FileLogStore.Open(PathOf(replica)) };

    private string PathOf(Tidal.Replication.Address replica) => _root[$"{replica.Region.Ordinal}-{replica.Shard.Number}-{replica.Replica.Number}"];
}

using Tidal.Hosting;
using Tidal.Placement;
using Tidal.Replication;
using Tidal.Schema;
using static Tidal.Tests.Hosting.HostedClusters;

namespace Tidal.Tests.Hosting;

/// <summary>What fails in the background is kept, and surfaces where it matters.</summary>
[Collection(InRealTime.Name)]
public sealed class FailureTests
{
    private static readonly ShardId Shard = new(0);

    [Fact]
    public async Task A_store_that_fails_stops_its_replica_and_no_other()
    {
        var stores = new StagedStores();
        var cluster = await StartAsync(stores.On(Options()));
        var failing = await FailAsync(cluster, stores, cluster.PrimaryOf(UsEast, Shard)!.Value);

        await cluster.Client().SignalAsync("ana", "view", "song");
        cluster.Failures.Should().ContainSingle().Which.Place.Should().Be(failing);
        cluster.PrimaryOf(UsEast, Shard).Should().NotBe(failing);
        var dispose = () => cluster.DisposeAsync().AsTask();
        (await dispose.Should().ThrowAsync<ClusterFailedException>("nobody was told yet")).WithInnerException<IOException>();
    }

    [Fact]
    public async Task A_flush_that_fails_stops_its_replica()
    {
        var stores = new StagedStores(() => new StagedStore { FlushBlocks = true });
        var cluster = await StartAsync(stores.On(Options()));
        var primary = cluster.PrimaryOf(UsEast, Shard)!.Value;
        stores[primary].FlushFailure = new IOException("the disk is gone");
        await cluster.Client().SignalAsync("ana", "view", "song");
        await Until(() => cluster.Failures.Count > 0, "the flush fails");
        stores[primary].FlushFailure = null;
        cluster.Start(primary);
        await cluster.UntilCounted("song", 1);
        await cluster.DisposeAsync();
    }

    [Fact]
    public async Task Without_a_quorum_because_of_failures_every_call_of_the_region_throws()
    {
        var stores = new StagedStores();
        var cluster = await StartAsync(stores.On(Options(regions: 2)));
        await FailAsync(cluster, stores, new Address(UsEast, Shard, new ReplicaId(0)));
        await FailAsync(cluster, stores, new Address(UsEast, Shard, new ReplicaId(1)));

        var write = () => cluster.Client().SignalAsync("ana", "view", "song");
        (await write.Should().ThrowAsync<ClusterFailedException>()).Which.Failures.Should().HaveCount(2);
        await cluster.Client(new RegionId(1)).SignalAsync("ana", "view", "song");
        await cluster.DisposeAsync();
    }

    [Fact]
    public async Task A_replica_that_is_started_again_is_mended()
    {
        var stores = new StagedStores();
        var cluster = await StartAsync(stores.On(Options()));
        var failing = await FailAsync(cluster, stores, new Address(UsEast, Shard, new ReplicaId(2)));
        stores[failing].Failure = null;
        cluster.Start(failing);
        cluster.Failures.Should().BeEmpty();
        await cluster.Client().SignalAsync("ana", "view", "song");
        await cluster.UntilCounted("song", 1);
        await cluster.DisposeAsync();
    }

    [Fact]
    public async Task A_callback_that_throws_leaves_the_gateway_alone()
    {
        var cluster = await StartAsync(Options(replicas: 1));
        cluster.Begin(UsEast, new CohortCall { User = new UserId("ana"), Completed = _ => throw new InvalidOperationException("a mistake") });
        await Until(() => cluster.Failures.Count == 1, "it is kept");
        await cluster.Client().SignalAsync("ana", "view", "song");
        var dispose = () => cluster.DisposeAsync().AsTask();
        (await dispose.Should().ThrowAsync<ClusterFailedException>()).WithInnerException<InvalidOperationException>();
    }

    [Fact]
    public async Task An_observer_hears_of_a_failure_and_of_the_stop()
    {
        var (stores, heard) = (new StagedStores(), new ListeningObserver());
        var cluster = await StartAsync(stores.On(Options()) with { Observer = heard });
        var failing = await FailAsync(cluster, stores, new Address(UsEast, Shard, new ReplicaId(0)));
        await Until(() => heard.Stopped.Contains(failing), "it is told");
        heard.Failed.Should().ContainSingle().Which.Place.Should().Be(failing);
        heard.Started.Should().HaveCount(3);
        heard.Events.Should().Contain(ReplicaEventKind.PrimaryReady).And.Contain(ReplicaEventKind.Committed);
        await Assert.ThrowsAsync<ClusterFailedException>(() => cluster.DisposeAsync().AsTask());
    }

    /// <summary>Lets a replica's store fail until the replica has stopped.</summary>
    private static async Task<Address> FailAsync(TidalCluster cluster, StagedStores stores, Address replica)
    {
        stores[replica].Failure = new IOException("the disk is gone");
        // The call under way may be the first that cannot go on.
        _ = cluster.Client().SignalAsync("ben", "view", "other").ContinueWith(write => write.Exception, TaskScheduler.Default);
        await Until(() => cluster.Failures.Any(failure => failure.Place == replica), "the store fails");
        return replica;
    }
}

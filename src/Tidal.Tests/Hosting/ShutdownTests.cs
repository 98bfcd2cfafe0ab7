using Tidal.Hosting;
using Tidal.Log;
using Tidal.Placement;
using Tidal.Replication;
using Tidal.Schema;
using static Tidal.Tests.Hosting.HostedClusters;

namespace Tidal.Tests.Hosting;

/// <summary>A shutdown loses nothing that was acknowledged, and leaves no call without an end.</summary>
[Collection(InRealTime.Name)]
public sealed class ShutdownTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_was_acknowledged_is_there_after_a_shutdown_and_a_power_loss(bool flushBlocks)
    {
        var stores = new StagedStores(() => new StagedStore { FlushBlocks = flushBlocks, FlushTime = TimeSpan.FromMilliseconds(flushBlocks ? 2 : 0) });
        var cluster = await StartAsync(stores.On(Options(shards: 2)));
        var client = cluster.Client();
        var writes = Enumerable.Range(0, 200).Select(_ => client.SignalAsync("ana", "view", "song")).ToList();
        await Task.WhenAny(writes);
        await cluster.DisposeAsync();
        var acknowledged = 0;
        foreach (var write in writes)
            acknowledged += await Succeeded(write) ? 1 : 0;

        stores.LoseWhatIsNotFlushed();
        await using var again = await StartAsync(stores.On(Options(shards: 2)));
        acknowledged.Should().BeGreaterThan(0);
        (await again.Client().ReadScoreAsync("song", "view"))!.Count.Should().BeGreaterThanOrEqualTo(acknowledged).And.BeLessThanOrEqualTo(200);
    }

    [Fact]
    public async Task What_is_in_files_is_there_after_a_shutdown()
    {
        var directory = Directory.CreateTempSubdirectory("tidal-");
        var options = Options(shards: 2) with { DataDirectory = directory.FullName };
        await using (var cluster = await StartAsync(options))
            await cluster.Client().SignalsAsync([.. Enumerable.Repeat(new SignalToWrite("ana", "view", "song"), 100)]);
        await using (var again = await StartAsync(options))
            await again.UntilCounted("song", 100);
        directory.Delete(recursive: true);
    }

    [Fact]
    public async Task A_tenant_that_has_moved_is_where_it_was_after_a_shutdown()
    {
        var directory = Directory.CreateTempSubdirectory("tidal-");
        var options = Options(regions: 2, replicas: 1) with { DataDirectory = directory.FullName, Tenants = [new HostedTenant("first", Views) { Regions = ["us-east"] }] };
        await using (var cluster = await StartAsync(options))
        {
            await cluster.Client().SignalAsync("ana", "view", "song");
            cluster.ChangeTable(table => table.Move("first", ["eu-west"], cluster.Topology));
            await Until(() => cluster.IsSettled, "the move ends");
        }
        await using (var again = await StartAsync(options))
        {
            again.Table.Find("first")!.Readers.Should().Equal(new RegionId(1));
            (await again.Client().ReadScoreAsync("song", "view"))!.Count.Should().Be(1);
        }
        directory.Delete(recursive: true);
    }

    [Fact]
    public async Task A_call_that_can_still_be_answered_is_waited_for()
    {
        var stores = new StagedStores(() => new StagedStore { FlushBlocks = true });
        var cluster = await StartAsync(stores.On(Options()));
        var client = cluster.Client();
        await client.SignalAsync("ana", "view", "song");
        stores.HoldFlushes(true);
        var write = client.SignalAsync("ana", "view", "song");
        var shutdown = cluster.DisposeAsync().AsTask();
        await Task.Delay(100);
        stores.HoldFlushes(false);
        (await Succeeded(write)).Should().BeTrue("it was acknowledged before the shutdown ended");
        await shutdown.WaitAsync(Long);
    }

    [Fact]
    public async Task A_call_under_way_has_an_end()
    {
        var cluster = await StartAsync(Options() with { ShutdownTimeout = TimeSpan.FromMilliseconds(200) });
        cluster.Stop(new Address(UsEast, default, new ReplicaId(0)));
        cluster.Stop(new Address(UsEast, default, new ReplicaId(1)));
        var write = cluster.Client().SignalAsync("ana", "view", "song");
        await cluster.DisposeAsync();
        var refused = await Assert.ThrowsAsync<WriteRefusedException>(() => write.WaitAsync(Long));
        refused.Result.Outcome.Should().Be(WriteOutcomeKind.Unknown);
    }

    [Fact]
    public async Task After_it_every_call_says_that_the_cluster_is_disposed()
    {
        var cluster = await StartAsync(Options(replicas: 1));
        var client = cluster.Client();
        await client.SignalAsync("ana", "view", "song");
        await cluster.DisposeAsync();
        await cluster.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => client.SignalAsync("ana", "view", "song"));
        Assert.Throws<ObjectDisposedException>(() => cluster.InspectAll(replicas => replicas.Count));
        Assert.Throws<ObjectDisposedException>(() => cluster.Stop(new NodeId(UsEast, default)));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => cluster.InspectAsync(new Address(UsEast, default, default), _ => 0));
    }

    [Fact]
    public async Task A_store_that_stands_still_is_left_behind_and_said()
    {
        var stores = new StagedStores();
        var cluster = await StartAsync(stores.On(Options()) with { ShutdownTimeout = TimeSpan.FromMilliseconds(200) });
        stores[new Address(UsEast, default, new ReplicaId(0))].Appends.IsShut = true;
        await cluster.Client().SignalAsync("ana", "view", "song").WaitAsync(Long).ContinueWith(_ => { }, TaskScheduler.Default);
        var failed = await Assert.ThrowsAsync<ClusterFailedException>(() => cluster.DisposeAsync().AsTask());
        failed.InnerException.Should().BeOfType<TimeoutException>();
        stores[new Address(UsEast, default, new ReplicaId(0))].Appends.IsShut = false;
    }

    [Fact]
    public async Task A_start_that_cannot_be_leaves_nothing_open()
    {
        var directory = Directory.CreateTempSubdirectory("tidal-");
        var options = Options(replicas: 1) with { DataDirectory = directory.FullName };
        await using (await StartAsync(options))
        {
        }
        var other = options with { Topology = new Topology(["eu-west"], 1, 1) };
        var start = () => StartAsync(other);
        (await start.Should().ThrowAsync<ClusterFailedException>()).WithInnerException<StoreMismatchException>();
        await using (await StartAsync(options))
        {
        }
        directory.Delete(recursive: true);
    }

    private static async Task<bool> Succeeded(Task write)
    {
        try
        {
            await write.WaitAsync(Long);
            return true;
        }
        catch (Exception refused) when (refused is WriteRefusedException or ObjectDisposedException)
        {
            return false;
        }
    }
}

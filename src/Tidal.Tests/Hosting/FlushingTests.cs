using Tidal.Hosting;
using static Tidal.Tests.Hosting.HostedClusters;

namespace Tidal.Tests.Hosting;

/// <summary>Who waits for a disk, and how many writes share a flush.</summary>
[Collection(InRealTime.Name)]
public sealed class FlushingTests
{
    [Theory]
    [InlineData(false, "worker")]
    [InlineData(true, "flusher")]
    public async Task A_flush_that_blocks_has_a_thread_of_its_own(bool flushBlocks, string thread)
    {
        var stores = new StagedStores(() => new StagedStore { FlushBlocks = flushBlocks });
        await using var cluster = await StartAsync(stores.On(Options(replicas: 1)));
        await cluster.Client().SignalAsync("ana", "view", "song");
        stores.All.Single().FlushThread.Should().Contain(thread);
    }

    [Fact]
    public async Task Writes_that_come_while_a_flush_is_under_way_share_the_next()
    {
        var stores = new StagedStores(() => new StagedStore { FlushBlocks = true, FlushTime = TimeSpan.FromMilliseconds(5) });
        await using var cluster = await StartAsync(stores.On(Options(replicas: 1)));
        var before = stores.All.Single().FlushCount;
        await cluster.Client().SignalsAsync([.. Enumerable.Repeat(new SignalToWrite("ana", "view", "song"), 60)]);
        (stores.All.Single().FlushCount - before).Should().BeLessThan(30);
    }

    [Fact]
    public async Task A_follower_whose_disk_stands_still_holds_nobody_else_up()
    {
        var stores = new StagedStores(() => new StagedStore { FlushBlocks = true });
        await using var cluster = await StartAsync(stores.On(Options(shards: 2)));
        var follower = cluster.FollowerOf(UsEast, default);
        stores[follower].Flushes.IsShut = true;
        await cluster.Client().SignalsAsync([.. Enumerable.Range(0, 20).Select(number => new SignalToWrite("ana", "view", $"song{number}"))]);
        await Until(() => stores[follower].IsFlushHeld, "its flush is under way");
        (await cluster.InspectAsync(follower, replica => replica!.Raft.IsFlushing)).Should().BeTrue("its worker goes on meanwhile");
        stores[follower].Flushes.IsShut = false;
        await cluster.UntilCounted("song7", 1);
    }
}

using Tidal.Hosting;
using Tidal.Placement;
using Tidal.Replication;
using Tidal.Schema;
using static Tidal.Tests.Hosting.HostedClusters;

namespace Tidal.Tests.Hosting;

/// <summary>Looks at a cluster while it works.</summary>
[Collection(InRealTime.Name)]
public sealed class InspectionTests
{
    [Fact]
    public async Task All_stands_still_while_it_is_looked_at()
    {
        await using var cluster = await StartAsync(Options(shards: 2) with { WorkersPerNode = 2 });
        using var over = new CancellationTokenSource();
        var load = LoadAsync(cluster, over.Token);
        var looks = Enumerable.Range(0, 3).Select(_ => Task.Run(() => Enumerable.Range(0, 20).All(_ => StandsStill(cluster)))).ToList();
        (await Task.WhenAll(looks).WaitAsync(Long)).Should().OnlyContain(still => still);
        await over.CancelAsync();
        await load;
        cluster.Failures.Should().BeEmpty();
    }

    [Fact]
    public async Task A_worker_that_is_held_up_ends_the_look_in_time()
    {
        var stores = new StagedStores();
        await using var cluster = await StartAsync(stores.On(Options() with { OrderTimeout = TimeSpan.FromMilliseconds(100) }));
        var store = stores[new Address(UsEast, default, default)];
        store.Appends.IsShut = true;
        var write = cluster.Client().SignalAsync("ana", "view", "song");
        await Until(() => Throws<TimeoutException>(() => cluster.InspectAll(replicas => replicas.Count)), "the worker stands still in its store");
        store.Appends.IsShut = false;
        await write;
        await cluster.UntilCounted("song", 1);
    }

    [Fact]
    public async Task A_thread_of_the_cluster_cannot_look_at_all()
    {
        await using var cluster = await StartAsync(Options(replicas: 1));
        var thrown = new TaskCompletionSource<bool>();
        cluster.Begin(UsEast, new CohortCall
        {
            User = new UserId("ana"),
            Completed = _ => thrown.SetResult(Throws<InvalidOperationException>(() => cluster.InspectAll(replicas => replicas.Count))),
        });
        (await thrown.Task.WaitAsync(Long)).Should().BeTrue();
    }

    [Fact]
    public async Task What_a_look_throws_is_the_callers()
    {
        await using var cluster = await StartAsync(Options(replicas: 1));
        var primary = cluster.PrimaryOf(UsEast, default)!.Value;
        await Assert.ThrowsAsync<FormatException>(() => cluster.InspectAsync<int>(primary, _ => throw new FormatException()));
        Assert.Throws<FormatException>(() => cluster.InspectAll<int>(_ => throw new FormatException()));
        await cluster.Client().SignalAsync("ana", "view", "song");
    }

    [Fact]
    public async Task A_look_waits_for_no_thread_of_the_pool()
    {
        await using var cluster = await StartAsync(Options() with { OrderTimeout = TimeSpan.FromSeconds(2) });
        using var over = new ManualResetEventSlim();
        // More than the pool has, or makes within the time.
        var busy = Enumerable.Range(0, 200).Select(_ => Task.Run(over.Wait)).ToArray();
        try
        {
            cluster.InspectAll(replicas => replicas.Count).Should().BePositive();
        }
        finally
        {
            over.Set();
        }
        await Task.WhenAll(busy);
    }

    private static bool StandsStill(TidalCluster cluster) => cluster.InspectAll(replicas =>
    {
        var before = replicas.Select(Seen).ToList();
        Thread.Sleep(1);
        return replicas.Select(Seen).SequenceEqual(before);
    });

    private static (ulong, ulong) Seen(ShardReplica replica) => (replica.Raft.Log.LastIndex, replica.Hlc.Packed);

    private static async Task LoadAsync(TidalCluster cluster, CancellationToken over)
    {
        var client = cluster.Client();
        while (!over.IsCancellationRequested)
            await client.SignalsAsync([.. Enumerable.Repeat(new SignalToWrite("ana", "view", "song"), 32)], CancellationToken.None);
    }

    private static bool Throws<T>(Action what)
        where T : Exception
    {
        try
        {
            what();
            return false;
        }
        catch (T)
        {
            return true;
        }
    }
}

using System.Collections.Concurrent;
using Tidal.Hosting;
using Tidal.Placement;
using Tidal.Replication;
using Tidal.Schema;
using static Tidal.Tests.Hosting.HostedClusters;

namespace Tidal.Tests.Hosting;

/// <summary>The client that a program is given.</summary>
[Collection(InRealTime.Name)]
public sealed class TidalClientTests
{
    [Fact]
    public async Task What_awaits_it_never_runs_on_a_thread_of_the_cluster()
    {
        await using var cluster = await StartAsync(Options(replicas: 1));
        var client = cluster.Client();
        // The test's own thread has a context that it would come back to.
        var threads = await Task.Run(() => ThreadsAfterAsync(client));
        threads.Should().OnlyContain(thread => thread == null);
    }

    [Fact]
    public async Task More_writes_than_a_session_may_have_outstanding_wait_for_their_turn()
    {
        await using var cluster = await StartAsync(Options());
        var results = await cluster.Client().SignalsAsync([.. Enumerable.Repeat(new SignalToWrite("ana", "view", "song"), 1000)]);
        results.Should().HaveCount(1000).And.OnlyContain(result => result.Outcome == WriteOutcomeKind.Acknowledged);
        await cluster.UntilCounted("song", 1000);
    }

    [Fact]
    public async Task A_write_that_cannot_be_accepted_says_so()
    {
        await using var cluster = await StartAsync(Options(replicas: 1));
        var invalid = () => cluster.Client().SignalAsync("ana", "view", "song", weight: -1);
        await invalid.Should().ThrowAsync<TidalException>();
        var unknown = () => cluster.Client().SignalAsync("ana", "bought", "song");
        await unknown.Should().ThrowAsync<SchemaException>();
    }

    [Fact]
    public async Task A_write_is_retried_under_its_operation_id_until_a_replica_is_back()
    {
        await using var cluster = await StartAsync(Options() with { Gateway = new GatewayOptions { CallDeadline = TimeSpan.FromMilliseconds(300), WriteTimeout = TimeSpan.FromMilliseconds(200) } });
        var client = cluster.Client();
        await client.SignalAsync("ana", "view", "song");
        foreach (var replica in cluster.Topology.Replicas.Take(2))
            cluster.Stop(new Address(UsEast, default, replica));
        var write = client.SignalAsync("ana", "view", "song");
        await Until(() => client.Retries > 0, "it is tried again");
        cluster.Start(new NodeId(UsEast, new ReplicaId(0)));
        cluster.Start(new NodeId(UsEast, new ReplicaId(1)));
        await write.WaitAsync(Long);
        await cluster.UntilCounted("song", 2);
    }

    [Fact]
    public async Task One_that_gives_up_says_how_its_last_try_ended()
    {
        await using var cluster = await StartAsync(Options() with { Gateway = new GatewayOptions { CallDeadline = TimeSpan.FromMilliseconds(100) } });
        var client = cluster.ClientIn(UsEast, TenantId.First, new TidalClientOptions { RetriesMax = 1, RetryPause = TimeSpan.FromMilliseconds(1) });
        await client.SignalAsync("ana", "view", "song");
        foreach (var replica in cluster.Topology.Replicas.Take(2))
            cluster.Stop(new Address(UsEast, default, replica));
        var refused = await Assert.ThrowsAsync<WriteRefusedException>(() => client.SignalAsync("ana", "view", "song"));
        refused.Result.MayBeRetried.Should().BeTrue();
        client.Retries.Should().Be(1);
    }

    [Fact]
    public async Task A_hide_is_heeded_and_undone()
    {
        await using var cluster = await StartAsync(Options(replicas: 1));
        var client = cluster.Client();
        await client.PutItemAsync("song");
        await client.SignalAsync("ben", "view", "song");
        await client.HideAsync("ana", "song");
        (await client.RetrieveAsync("RETRIEVE items FOR USER @ana")).Items.Should().BeEmpty();
        await client.UndoHideAsync("ana", "song");
        (await client.RetrieveAsync("RETRIEVE items FOR USER @ana")).Items.Should().ContainSingle();
    }

    [Fact]
    public async Task Threads_may_share_one()
    {
        await using var cluster = await StartAsync(Options(shards: 2, replicas: 1));
        var (client, failures) = (cluster.Client(), new ConcurrentQueue<Exception>());
        client.Token = SessionToken.Empty;
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => client.SignalsAsync([.. Enumerable.Repeat(new SignalToWrite("ana", "view", "song"), 100)]))));
        (await client.ReadScoreAsync("song", "view"))!.Count.Should().Be(400);
    }

    private static async Task<List<HostThread?>> ThreadsAfterAsync(TidalClient client)
    {
        var threads = new List<HostThread?>();
        for (var number = 0; number < 50; number++)
        {
            await client.SignalAsync("ana", "view", "song");
            threads.Add(HostThread.Current);
            await client.ReadScoreAsync("song", "view");
            threads.Add(HostThread.Current);
        }
        return threads;
    }
}

using System.Collections.Concurrent;
using Tidal.Hosting;
using Tidal.Log;
using Tidal.Placement;
using Tidal.Replication;
using Tidal.Replication.Raft;
using Tidal.Schema;
using static Tidal.Tests.Hosting.HostedClusters;

namespace Tidal.Tests.Hosting;

/// <summary>What an operator orders: as abrupt as a process that dies.</summary>
[Collection(InRealTime.Name)]
public sealed class OperatorTests
{
    private static readonly ShardId Shard = new(0);

    [Fact]
    public async Task Writes_go_on_without_the_primary_and_it_catches_up_when_it_is_back()
    {
        await using var cluster = await StartAsync(Options());
        var client = cluster.Client();
        await client.SignalAsync("ana", "view", "song");
        var primary = cluster.PrimaryOf(UsEast, Shard)!.Value;
        cluster.Stop(primary);
        (await cluster.InspectAsync(primary, replica => replica is null)).Should().BeTrue();
        await client.SignalAsync("ana", "view", "song");
        cluster.PrimaryOf(UsEast, Shard).Should().NotBeNull().And.NotBe(primary);
        cluster.Start(primary);
        await cluster.UntilCounted("song", 2);
    }

    [Fact]
    public async Task A_node_that_starts_again_has_forgotten_the_table_and_is_told_it()
    {
        var beats = new ConcurrentQueue<(NodeId From, ulong Version)>();
        var options = Options(shards: 2) with { WorkersPerNode = 2, Transport = inner => new ListeningTransport(inner, beats) };
        await using var cluster = await StartAsync(options);
        var node = new NodeId(UsEast, new ReplicaId(1));
        cluster.Stop(node);
        beats.Clear();
        await cluster.Client().SignalAsync("ana", "view", "song");
        cluster.InspectAll(replicas => replicas.Count(replica => replica.Self.Node == node)).Should().Be(0);
        cluster.Start(node);
        await cluster.UntilCounted("song", 1);
        beats.First(beat => beat.From == node).Version.Should().Be(0, "it kept nothing");
        await Until(() => beats.Any(beat => beat.From == node && beat.Version == cluster.Table.Version), "it was told");
    }

    [Fact]
    public async Task A_gateway_that_is_started_again_leaves_no_call_without_an_end()
    {
        await using var cluster = await StartAsync(Options());
        // All of them: a primary that is left alone still answers reads until it knows that it is.
        foreach (var replica in cluster.Topology.Replicas)
            cluster.Stop(new Address(UsEast, Shard, replica));
        var write = new WriteCall { Record = LogRecord.ForSession(default, default, 0, SessionAction.Open) };
        var read = new ScoreCall { Item = new ItemId("song"), Signal = Views.Signal("view").Id };
        cluster.Begin(UsEast, write);
        cluster.Begin(UsEast, read);
        cluster.RestartGateway(UsEast);
        await Until(() => write.IsCompleted && read.IsCompleted, "both have ended");
        write.Result!.Outcome.Should().Be(WriteOutcomeKind.Unknown);
        read.Failure.Should().BeOfType<GatewayUnavailableException>();
        foreach (var replica in cluster.Topology.Replicas)
            cluster.Start(new Address(UsEast, Shard, replica));
        await cluster.Client().SignalAsync("ana", "view", "song");
    }

    [Fact]
    public async Task A_replica_starts_once_no_flush_of_its_earlier_life_is_under_way()
    {
        var stores = new StagedStores(() => new StagedStore { FlushBlocks = true });
        await using var cluster = await StartAsync(stores.On(Options() with { OrderTimeout = TimeSpan.FromSeconds(1) }));
        // A follower: without a flush the primary would acknowledge nothing.
        var replica = cluster.FollowerOf(UsEast, Shard);
        stores[replica].Flushes.IsShut = true;
        await cluster.Client().SignalAsync("ana", "view", "song");
        await Until(() => stores[replica].IsFlushHeld, "its flush is under way");
        cluster.Stop(replica);
        Assert.Throws<TimeoutException>(() => cluster.Start(replica));
        (await cluster.InspectAsync(replica, machine => machine is null)).Should().BeTrue("the order waits for the flush");
        stores[replica].Flushes.IsShut = false;
        await cluster.UntilCounted("song", 1);
    }

    [Fact]
    public async Task The_control_plane_takes_up_a_move_when_it_is_back()
    {
        var options = Options(regions: 2) with { Tenants = [new HostedTenant("first", Views) { Regions = ["us-east"] }] };
        await using var cluster = await StartAsync(options);
        cluster.StopControlPlane();
        cluster.ChangeTable(table => table.Move("first", ["eu-west"], cluster.Topology));
        cluster.ProgressOf(TenantId.First).Should().BeNull();
        cluster.StartControlPlane(new RegionId(1));
        await Until(() => cluster.IsSettled, "the move ends");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_node_answers_as_one_however_many_workers_it_has(int workersPerNode)
    {
        var asker = new AskingTransport();
        var options = Options(shards: 3, replicas: 1) with { WorkersPerNode = workersPerNode, Transport = asker.Over };
        await using var cluster = await StartAsync(options);
        var status = await asker.AskAsync(Address.OfNode(new NodeId(UsEast, default))).WaitAsync(Long);
        status.Replicas.Select(replica => (int)replica.Shard.Number).Should().Equal(0, 1, 2);
        status.IsDraining.Should().BeTrue();
        cluster.InspectAll(replicas => replicas.All(replica => replica.Yields)).Should().BeTrue();
    }

    /// <summary>Hears which table each node says that it knows.</summary>
    private sealed class ListeningTransport(ITransport inner, ConcurrentQueue<(NodeId From, ulong Version)> beats) : ITransport
    {
        public void Send(Address from, Address to, Message message)
        {
            if (message is NodeHeartbeat beat)
                beats.Enqueue((from.Node, beat.TableVersion));
            inner.Send(from, to, message);
        }

        public void SendSegment(Address from, Address to, SegmentMessage segment) => inner.SendSegment(from, to, segment);
    }

    /// <summary>Asks a node in the name of the control plane.</summary>
    private sealed class AskingTransport : ITransport
    {
        private readonly TaskCompletionSource<NodeStatus> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private ITransport? _inner;

        public AskingTransport Over(ITransport inner)
        {
            _inner = inner;
            return this;
        }

        public Task<NodeStatus> AskAsync(Address node)
        {
            _inner!.Send(Address.OfControlPlane(UsEast), node, new NodeStatusRequest { Round = 1, Drain = true });
            return _answer.Task;
        }

        public void Send(Address from, Address to, Message message)
        {
            if (message is NodeStatus status)
                _answer.SetResult(status);
            else
                _inner!.Send(from, to, message);
        }

        public void SendSegment(Address from, Address to, SegmentMessage segment) => _inner!.SendSegment(from, to, segment);
    }
}

using Tidal.Log;
using Tidal.Replication;
using Tidal.Schema;
using Tidal.Testing.Faults;
using Tidal.Testing.History;

namespace Tidal.Testing.Tests.Simulation;

/// <summary>What clock faults do to the clocks that nodes and gateways read, and what a primary makes of it.</summary>
public sealed class ClockFaultTests
{
    private static readonly NodeId Node = new(Clusters.East, new ReplicaId(1));

    [Fact]
    public void A_skew_of_a_region_strikes_its_nodes_and_its_gateway_and_nobody_else()
    {
        using var cluster = Clusters.Found();
        using (new ClockSkew(cluster, StruckClocks.Of(cluster, Clusters.East), TimeSpan.FromSeconds(-7)))
        {
            Ahead(cluster, Node).Should().Be(-7000);
            AheadAtGateway(cluster, Clusters.East).Should().Be(-7000);
            Ahead(cluster, new NodeId(Clusters.West, default)).Should().Be(0);
            AheadAtGateway(cluster, Clusters.West).Should().Be(0);
        }
        Ahead(cluster, Node).Should().Be(0);
    }

    [Fact]
    public void Faults_of_one_clock_add_up_and_end_once_each()
    {
        using var cluster = Clusters.Found();
        var skew = new ClockSkew(cluster, StruckClocks.Of(cluster, Clusters.East), TimeSpan.FromSeconds(5));
        var jump = new ClockJump(cluster, StruckClocks.Of(cluster, Node), TimeSpan.FromSeconds(-1), TimeSpan.Zero);
        Ahead(cluster, Node).Should().Be(4000);
        Ahead(cluster, Node with { Replica = default }).Should().Be(5000);
        skew.Dispose();
        skew.Dispose();
        Ahead(cluster, Node).Should().Be(-1000);
        jump.Dispose();
        Ahead(cluster, Node).Should().Be(0);
        cluster.History.Lines.Count(line => line.Kind == HistoryKind.FaultEnded).Should().Be(2);
    }

    [Fact]
    public void A_clock_jumps_forth_and_back_until_it_is_set_right()
    {
        using var cluster = Clusters.Found();
        var jump = new ClockJump(cluster, StruckClocks.Of(cluster, Node), TimeSpan.FromSeconds(3), TimeSpan.FromMilliseconds(100));
        jump.Description.Should().Be("the clock of node 1 in us-east jumps 3000 ms ahead and back, every 100 ms");
        Ahead(cluster, Node).Should().Be(3000);
        cluster.Run(TimeSpan.FromMilliseconds(150));
        Ahead(cluster, Node).Should().Be(0);
        cluster.Run(TimeSpan.FromMilliseconds(100));
        Ahead(cluster, Node).Should().Be(3000);
        jump.Dispose();
        cluster.Run(TimeSpan.FromMilliseconds(100));
        Ahead(cluster, Node).Should().Be(0);
    }

    [Fact]
    public void A_clock_that_stands_still_is_right_again_at_once_and_its_monotonic_clock_never_stood()
    {
        using var cluster = Clusters.Found();
        var before = cluster.World.Clocks.Read(Node);
        var freeze = new ClockFreeze(cluster, StruckClocks.Of(cluster, Node));
        var second = new ClockFreeze(cluster, StruckClocks.Of(cluster, Clusters.East));
        freeze.Description.Should().Be("the clock of node 1 in us-east stands still");
        cluster.Run(TimeSpan.FromSeconds(9));
        freeze.Dispose();
        var held = cluster.World.Clocks.Read(Node);
        (held.WallMilliseconds - before.WallMilliseconds, held.MonotonicMicroseconds - before.MonotonicMicroseconds).Should().Be((0, 9_000_000));
        second.Dispose();
        Ahead(cluster, Node).Should().Be(0);
    }

    [Fact]
    public void Timers_do_not_heed_a_wall_clock()
    {
        using var cluster = Clusters.Found();
        using var still = new ClockFreeze(cluster, StruckClocks.Of(cluster, Clusters.East));
        using var crash = ShardCrash.OfPrimary(cluster, Clusters.East, Clusters.Shard);
        cluster.RunUntil(() => cluster.PrimaryOf(Clusters.East, Clusters.Shard) is not null, TimeSpan.FromSeconds(2)).Should().BeTrue();
    }

    [Fact]
    public void A_primary_out_of_bound_answers_what_it_holds_already_and_refuses_what_is_new()
    {
        using var cluster = Clusters.Found(regions: 1);
        Clusters.Write(cluster, Clusters.East);
        using var skew = new ClockSkew(
            cluster, StruckClocks.Of(cluster, cluster.PrimaryOf(Clusters.East, Clusters.Shard)!.Self.Node), TimeSpan.FromSeconds(2));
        // So long that nothing but heartbeats has told of the others' clocks.
        cluster.Run(TimeSpan.FromSeconds(2));
        var held = Clusters.Signal(cluster, new OperationId(new SessionId(default, 1), 1));
        Try(cluster, held).Outcome.Should().Be(WriteOutcomeKind.Acknowledged);
        var refused = Try(cluster, held with { Operation = new OperationId(new SessionId(default, 1), 2) });
        (refused.Outcome, refused.Refusal).Should().Be((WriteOutcomeKind.Refused, RefusalReason.ClockOutOfBound));
        refused.Problem.Should().MatchRegex("^The wall clock is 200[01] ms ahead of 2 of the 2 peers heard lately; at most 500 ms are allowed.$");
    }

    [Fact]
    public void A_gateway_is_no_peer_to_compare_with()
    {
        using var cluster = Clusters.Found(regions: 1, replicas: 1);
        using var skew = new ClockSkew(cluster, StruckClocks.Of(cluster, Node with { Replica = default }), TimeSpan.FromSeconds(2));
        cluster.Await(cluster.NewClient(Clusters.East).WriteAsync(Clusters.Signal(cluster), TimeSpan.FromMilliseconds(50)), Clusters.Patience);
        Try(cluster, Clusters.Signal(cluster)).Outcome.Should().Be(WriteOutcomeKind.Acknowledged);
    }

    [Fact]
    public void What_is_stamped_grows_though_the_clock_goes_back()
    {
        using var cluster = Clusters.Found(regions: 1);
        using var still = new ClockFreeze(cluster, StruckClocks.Of(cluster, Clusters.East));
        Clusters.Write(cluster, Clusters.East, 3);
        using var back = new ClockJump(cluster, StruckClocks.Of(cluster, Clusters.East), TimeSpan.FromHours(-3), TimeSpan.Zero);
        Clusters.Write(cluster, Clusters.East, 3);
        StampsIn(cluster.PrimaryOf(Clusters.East, Clusters.Shard)!).Should().BeInAscendingOrder().And.OnlyHaveUniqueItems();
    }

    private static List<ulong> StampsIn(ShardReplica replica)
    {
        var stamps = new List<ulong>();
        for (var index = 1UL; index <= replica.Raft.CommitIndex; index++)
        {
            if (replica.Raft.Log.Read(index) is not { Kind: EnvelopeKind.Batch } envelope)
                continue;
            var batch = BatchReader.Open(envelope.Payload);
            while (batch.TryRead(out var record))
                stamps.Add(record.Hlc.Packed);
        }
        return stamps;
    }

    private static WriteResult Try(SimulatedCluster cluster, LogRecord record) =>
        cluster.Await(cluster.NewClient(Clusters.East).TryWriteAsync(record), Clusters.Patience).Result!;

    private static long Ahead(SimulatedCluster cluster, NodeId node) =>
        cluster.World.Clocks.Read(node).WallMilliseconds - cluster.Now.ToUnixTimeMilliseconds();

    private static long AheadAtGateway(SimulatedCluster cluster, RegionId region) =>
        cluster.World.Clocks.ReadAtGateway(region).WallMilliseconds - cluster.Now.ToUnixTimeMilliseconds();
}

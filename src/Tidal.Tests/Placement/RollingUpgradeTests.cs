using Tidal.Placement;
using Tidal.Replication;
using Tidal.Schema;

namespace Tidal.Tests.Placement;

/// <summary>A rolling upgrade against nodes that say what a test lets them say: two regions of three nodes, one shard.</summary>
public sealed class RollingUpgradeTests
{
    private static readonly Topology Topology = new(["east", "west"], shards: 1, replicas: 3);
    private static readonly ReplicaId[] All = [.. Topology.Replicas];
    private readonly InMemoryCoordinator _coordinator = new(Topology);
    private readonly SortedDictionary<(int Region, int Replica), Node> _nodes = [];
    private RollingUpgrade _upgrade;
    private long _now;

    public RollingUpgradeTests()
    {
        _upgrade = NewUpgrade();
        foreach (var region in Topology.Regions)
        {
            foreach (var replica in Topology.Replicas)
                _nodes.Add((region.Ordinal, replica.Number), new Node { IsPrimary = replica.Number == 0 });
        }
    }

    [Fact]
    public void A_node_is_stopped_once_it_leads_nothing()
    {
        Beats(3);
        _upgrade.Progress.Step.Should().Be(UpgradeStep.Draining);
        _nodes[(0, 0)].IsAskedToDrain.Should().BeTrue();
        _upgrade.Orders.Should().BeEmpty();
        PassOffice(0, 0, 1);
        Beats(2);
        _upgrade.Orders.Should().Equal(NodeOf(0, 0));
        _nodes.Values.Count(node => node.IsAskedToDrain).Should().Be(1);
    }

    [Fact]
    public void A_node_is_not_stopped_while_a_quorum_would_not_be_level_without_it()
    {
        foreach (var region in new[] { 0, 1 })
            _nodes[(region, 0)].Level = [All[0], All[1]];
        Beats(5);
        _upgrade.Orders.Should().Equal([NodeOf(0, 2)], "without the third there are two");
        _upgrade = NewUpgrade();
        Beats(2);
        _upgrade.Upgrade(NodeOf(0, 1)).Should().Be(
            new UpgradeObstacle(UpgradeObstacleReason.AnotherUnderWay, NodeOf(0, 2)), "one at a time");
        _upgrade.ObstacleTo(NodeOf(0, 1))!.Value.ToString().Should().Be($"{NodeOf(0, 2)} is being upgraded");
    }

    [Fact]
    public void A_named_node_is_refused_with_the_reason()
    {
        _nodes[(0, 0)].Level = [All[0]];
        _nodes[(1, 0)].Level = [All[0], All[1]];
        _nodes[(1, 2)].Format = 3;
        Beats(2);
        _upgrade.Progress.Step.Should().Be(UpgradeStep.Waiting);
        _upgrade.Upgrade(NodeOf(1, 1)).Should().Be(new UpgradeObstacle(UpgradeObstacleReason.BelowQuorum, NodeOf(1, 1), default(ShardId), 2));
        _nodes[(1, 0)].IsPrimary = false;
        Beats(2);
        _upgrade.Upgrade(NodeOf(1, 1))!.Value.Reason.Should().Be(UpgradeObstacleReason.NoPrimary);
        _nodes[(1, 1)].IsSilent = true;
        Beats(2);
        _upgrade.Upgrade(NodeOf(1, 1))!.Value.Reason.Should().Be(UpgradeObstacleReason.NodeSilent);
        _upgrade.Orders.Should().BeEmpty();
    }

    [Fact]
    public void A_drain_is_ended_when_another_replica_is_lost_meanwhile()
    {
        Beats(3);
        _nodes[(0, 0)].Level = [All[0], All[1]];
        _nodes[(1, 0)].Level = [All[0]];
        _nodes[(0, 2)].Format = 3;
        Beats(2);
        _upgrade.Progress.WaitsFor!.Value.Reason.Should().Be(UpgradeObstacleReason.BelowQuorum);
        _nodes.Values.Should().OnlyContain(node => !node.IsAskedToDrain);
        _upgrade.Orders.Should().BeEmpty();
    }

    [Fact]
    public void The_next_node_waits_until_the_one_before_is_level()
    {
        OrderFirst();
        _nodes[(0, 0)].IsSilent = true;
        _nodes[(0, 1)].Level = [All[1], All[2]];
        Beats(3);
        _upgrade.Progress.Should().BeEquivalentTo(new { Step = UpgradeStep.Upgrading, Node = NodeOf(0, 0) });
        (_nodes[(0, 0)].IsSilent, _nodes[(0, 0)].Format) = (false, 3);
        Beats(3);
        _upgrade.Progress.Step.Should().Be(UpgradeStep.Rejoining);
        _upgrade.Progress.WaitsFor!.Value.ToString().Should().Contain("not level");
        _upgrade.Orders.Should().HaveCount(1);
        _nodes[(0, 1)].Level = All;
        Beats(2);
        _upgrade.Progress.Node.Should().NotBe(NodeOf(0, 0));
    }

    [Fact]
    public void A_node_that_comes_back_with_the_software_that_it_had_is_ordered_again()
    {
        OrderFirst();
        _nodes[(0, 0)].IsSilent = true;
        Beats(2);
        _nodes[(0, 0)].IsSilent = false;
        Beats(5);
        _upgrade.Orders.Should().Equal(NodeOf(0, 0), NodeOf(0, 0));
    }

    [Fact]
    public void A_successor_goes_on_where_the_one_before_was()
    {
        OrderFirst();
        _nodes[(0, 0)].Format = 3;
        _upgrade = NewUpgrade();
        Beats(2);
        _upgrade.Progress.Should().BeEquivalentTo(new { Step = UpgradeStep.Draining, Node = NodeOf(0, 1) });
        _upgrade.Progress.Upgraded.Should().Equal(NodeOf(0, 0));
    }

    [Fact]
    public void The_format_is_raised_when_every_node_of_every_region_has_just_said_that_it_reads_it()
    {
        foreach (var node in _nodes.Values)
            node.Format = 3;
        _nodes[(1, 2)].Format = 2;
        Beats(3);
        _coordinator.Current.Format.Should().Be(2);
        _nodes[(1, 2)].Format = 3;
        _nodes[(0, 1)].IsSilent = true;
        _upgrade = NewUpgrade();
        Beats(3);
        _coordinator.Current.Format.Should().Be(2, "nobody knows of the silent one");
        _nodes[(0, 1)].IsSilent = false;
        Beats(1);
        _nodes[(0, 1)].IsSilent = true;
        Beats(1);
        _coordinator.Current.Format.Should().Be(3);
        _upgrade.Progress.Step.Should().Be(UpgradeStep.Raising, "the groups have not raised it yet");
        foreach (var node in _nodes.Values)
            (node.Raised, node.IsSilent) = (3, false);
        Beats(2);
        _upgrade.Progress.Step.Should().Be(UpgradeStep.Done);
        _upgrade.NextDeadlineMicroseconds.Should().Be(long.MaxValue);
    }

    [Fact]
    public void A_node_that_answers_and_cannot_be_upgraded_yet_holds_the_raise_back()
    {
        foreach (var node in _nodes.Values)
            node.Format = 3;
        (_nodes[(1, 2)].Format, _nodes[(1, 0)].Level) = (2, [All[0], All[2]]);
        Beats(4);
        _coordinator.Current.Format.Should().Be(2);
        _upgrade.Progress.WaitsFor!.Value.Reason.Should().Be(UpgradeObstacleReason.BelowQuorum);
    }

    [Fact]
    public void A_node_that_was_heard_once_and_is_silent_now_holds_the_raise_back()
    {
        foreach (var node in _nodes.Values)
            node.Format = 3;
        _nodes[(1, 2)].Format = 2;
        Beats(2);
        (_nodes[(1, 2)].Format, _nodes[(0, 1)].IsSilent) = (3, true);
        PassOffice(1, 0, 1);
        Beats(4);
        _coordinator.Current.Format.Should().Be(2);
        _upgrade.Progress.WaitsFor!.Value.Should().Be(new UpgradeObstacle(UpgradeObstacleReason.NodeSilent, NodeOf(0, 1)));
    }

    private static NodeId NodeOf(int region, int replica) => new(new RegionId((ushort)region), new ReplicaId((byte)replica));

    private RollingUpgrade NewUpgrade() => new(new UpgradeSettings(default, Topology, _coordinator, 3, new UpgradeOptions()));

    /// <summary>The first node is drained and ordered to be upgraded.</summary>
    private void OrderFirst()
    {
        Beats(2);
        PassOffice(0, 0, 1);
        Beats(2);
        _upgrade.Orders.Should().Equal(NodeOf(0, 0));
    }

    private void PassOffice(int region, int from, int to) =>
        (_nodes[(region, from)].IsPrimary, _nodes[(region, to)].IsPrimary) = (false, true);

    private void Beats(int number)
    {
        for (; number > 0; number--)
        {
            _upgrade.Tick(new ClockReading(_now += 500_000, 0));
            foreach (var outgoing in _upgrade.Effects.Messages)
                Answer(outgoing.To, (NodeStatusRequest)outgoing.Message);
            _upgrade.Effects.Clear();
        }
    }

    private void Answer(Address node, NodeStatusRequest request)
    {
        var says = _nodes[(node.Region.Ordinal, node.Replica.Number)];
        if (says.IsSilent)
            return;
        says.IsAskedToDrain = request.Drain;
        _upgrade.Receive(node, new NodeStatus
        {
            Round = request.Round,
            FormatReadable = says.Format,
            IsDraining = request.Drain,
            Replicas = [new ReplicaStanding(default, 1, says.IsPrimary, says.Raised, says.IsPrimary ? says.Level : [])],
        });
    }

    private sealed class Node
    {
        public bool IsSilent { get; set; }

        public bool IsPrimary { get; set; }

        public bool IsAskedToDrain { get; set; }

        public ushort Format { get; set; } = 2;

        public ushort Raised { get; set; } = 2;

        public IReadOnlyList<ReplicaId> Level { get; set; } = All;
    }
}

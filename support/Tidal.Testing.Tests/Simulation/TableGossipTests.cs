using Tidal.Schema;
using Tidal.Testing.Faults;

namespace Tidal.Testing.Tests.Simulation;

/// <summary>How nodes that know no routing table, or an older one, come to know the newest (PROTOCOL 26).</summary>
public sealed class TableGossipTests
{
    private static readonly NodeId Node = new(new RegionId(0), new ReplicaId(1));

    [Fact]
    public void A_node_that_returns_learns_the_table_from_the_nodes_beside_it()
    {
        using var cluster = Clusters.Found(seed: 31);
        var crash = new NodeCrash(cluster, Node);
        cluster.Run(TimeSpan.FromSeconds(1));
        crash.Dispose();
        VersionAt(cluster, Node).Should().Be(0);
        cluster.RunUntil(() => VersionAt(cluster, Node) == 1, TimeSpan.FromSeconds(1)).Should().BeTrue();
    }

    [Fact]
    public void A_region_that_returns_as_a_whole_learns_the_table_from_another_region()
    {
        using var cluster = Clusters.Found(seed: 32);
        var crashes = cluster.Topology.Replicas.Select(replica => new NodeCrash(cluster, Node with { Replica = replica })).ToList();
        cluster.Run(TimeSpan.FromSeconds(1));
        crashes.ForEach(crash => crash.Dispose());
        cluster.RunUntil(() => crashes.TrueForAll(crash => VersionAt(cluster, crash.Node) == 1), TimeSpan.FromSeconds(3)).Should().BeTrue();
        cluster.RunUntilQuiet(TimeSpan.FromSeconds(5)).Should().BeTrue();
    }

    [Fact]
    public void What_one_node_hears_every_node_knows_soon()
    {
        using var cluster = Clusters.Found(seed: 33);
        var next = cluster.NodeAt(Node).Tenants.Table with { Version = 2 };
        cluster.NodeAt(Node).Tenants.Take(next).Should().BeTrue();
        cluster.RunUntil(() => Nodes(cluster).All(node => VersionAt(cluster, node) == 2), TimeSpan.FromSeconds(2)).Should().BeTrue();
    }

    private static IEnumerable<NodeId> Nodes(SimulatedCluster cluster) =>
        from region in cluster.Topology.Regions
        from replica in cluster.Topology.Replicas
        select new NodeId(region, replica);

    private static ulong VersionAt(SimulatedCluster cluster, NodeId node) => cluster.NodeAt(node).Tenants.Table.Version;
}

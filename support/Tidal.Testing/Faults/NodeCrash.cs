using Tidal.Replication;
using Tidal.Schema;
using Tidal.Testing.History;

namespace Tidal.Testing.Faults;

/// <summary>
/// The fault contract: a node stops without a word, every replica that runs on it at the same instant; its memory is gone, and
/// with it the routing table. Its disks are kept, torn or lost; it starts again on what they hold when the fault is disposed,
/// and must learn the table from a peer before it serves anything. The cluster must survive one of three nodes of each region
/// down at any instant, with writes going on.
/// </summary>
public sealed class NodeCrash : IFault
{
    private readonly ClusterUnderTest _cluster;
    private readonly IReadOnlyList<Address> _stopped;
    private readonly string _name;
    private bool _isOver;

    /// <summary>Crashes a node.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="node">The node.</param>
    /// <param name="disk">What becomes of its disks.</param>
    public NodeCrash(ClusterUnderTest cluster, NodeId node, DiskFate disk = DiskFate.Kept)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        (_cluster, Node, BeganAt) = (cluster, node, cluster.Elapsed);
        _name = $"node {node.Replica.Number} of {cluster.Topology.NameOf(node.Region)}";
        Description = $"{_name} crashes";
        cluster.WriteFault(HistoryKind.FaultBegan, Address.OfNode(node), Description, Scope);
        _stopped = cluster.Crash(node, disk);
    }

    /// <inheritdoc/>
    public string Description { get; }

    /// <summary>The node that crashed.</summary>
    public NodeId Node { get; }

    /// <summary>When it crashed.</summary>
    public TimeSpan BeganAt { get; }

    private HistoryScope Scope => new(HistorySort.Stop, [Node.Region]);

    /// <summary>Starts the replicas that stopped with it again.</summary>
    public void Dispose()
    {
        if (_isOver)
            return;
        _isOver = true;
        _cluster.Start(Node, _stopped);
        _cluster.WriteFault(HistoryKind.Returned, Address.OfNode(Node), $"{_name} is back", Scope);
    }
}

using Tidal.Log;
using Tidal.Placement;
using Tidal.Replication;
using Tidal.Schema;
using Tidal.Testing.Simulation;

namespace Tidal.Testing;

// The software of the nodes, and how it is replaced under load.
public sealed partial class SimulatedCluster
{
    private SimulatedUpgrade? _upgrade;

    /// <summary>Begins to upgrade all nodes, one after the other.</summary>
    /// <param name="upgrade">To what.</param>
    public void BeginUpgrade(ClusterUpgrade upgrade)
    {
        ArgumentNullException.ThrowIfNull(upgrade);
        MustBeOnTheRunningThread();
        _upgrade = new SimulatedUpgrade(this, upgrade, _coordinator);
    }

    /// <summary>The upgrade that was begun last; null before. Read it, never drive it.</summary>
    public RollingUpgrade? Upgrade => _upgrade?.Machine;

    /// <summary>The process that sees to the upgrade dies, and another takes its place.</summary>
    public void RestartUpgrade() => _upgrade?.Restart();

    /// <summary>The process that sees to the upgrade dies, and nobody takes its place.</summary>
    public void AbandonUpgrade() => _upgrade?.Stop();

    /// <summary>How many nodes run no replica now.</summary>
    public int NodesDown => _nodes.Cast<SimulatedNode>().Count(node => !node.IsUp);

    /// <summary>The newest batch format that the software of every node reads.</summary>
    public ushort OldestFormatReadable => _nodes.Cast<SimulatedNode>().Min(node => node.Replication.FormatReadable);

    /// <summary>Stops a node and starts it with other software.</summary>
    /// <param name="node">The node.</param>
    /// <param name="software">How it replicates, and which formats it reads.</param>
    /// <returns>Why it does not start on its disks, and stays down; null if it does.</returns>
    public LogException? Reinstall(NodeId node, ReplicationOptions software)
    {
        MustBeOnTheRunningThread();
        NodeAt(node).Stop();
        try
        {
            NodeAt(node).Start(software);
            return null;
        }
        catch (UnsupportedFormatException refused)
        {
            NodeAt(node).Stop();
            return refused;
        }
    }
}

using Tidal.Replication;
using Tidal.Testing.History;

namespace Tidal.Testing.Faults;

/// <summary>
/// The fault contract: every message between one replica and the others of its group is lost, both ways, from the moment it
/// is made to its disposal; clients and other regions still reach it. A primary so struck must acknowledge nothing that its
/// followers do not hold, and must not be in their way when they elect another.
/// </summary>
public sealed class ReplicaCutOff : IFault
{
    private readonly SimulatedCluster _cluster;
    private bool _isOver;

    /// <summary>Cuts a replica off.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="replica">Where it stands.</param>
    public ReplicaCutOff(SimulatedCluster cluster, Address replica)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        _cluster = cluster;
        Replica = replica;
        Description = $"replica {replica.Replica.Number} of {cluster.Topology.NameOf(replica.Region)}/{replica.Shard.Number} is cut off from its group";
        cluster.World.Network.CutOff(replica);
        cluster.WriteFault(HistoryKind.FaultBegan, replica, Description);
    }

    /// <inheritdoc/>
    public string Description { get; }

    /// <summary>Where the replica stands.</summary>
    public Address Replica { get; }

    /// <summary>Connects it again.</summary>
    public void Dispose()
    {
        if (_isOver)
            return;
        _isOver = true;
        _cluster.World.Network.Connect(Replica);
        _cluster.WriteFault(HistoryKind.FaultEnded, Replica, Description);
    }
}

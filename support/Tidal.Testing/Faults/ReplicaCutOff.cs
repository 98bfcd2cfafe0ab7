using Tidal.Replication;

namespace Tidal.Testing.Faults;

/// <summary>
/// The fault contract: every message between one replica and the others of its group is lost, both ways, from the moment it
/// is made to its disposal; clients and other regions still reach it. A primary so struck must acknowledge nothing that its
/// followers do not hold, and must not be in their way when they elect another.
/// </summary>
public sealed class ReplicaCutOff : NetworkFault
{
    /// <summary>Cuts a replica off.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="replica">Where it stands.</param>
    public ReplicaCutOff(ClusterUnderTest cluster, Address replica)
        : base(cluster, replica, [replica.Region], Describe(cluster, replica))
    {
        Replica = replica;
        cluster.CutOff(replica);
    }

    /// <summary>Where the replica stands.</summary>
    public Address Replica { get; }

    private protected override void End() => Cluster.Connect(Replica);

    private static string Describe(ClusterUnderTest cluster, Address replica)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        return $"replica {replica.Replica.Number} of {cluster.Topology.NameOf(replica.Region)}/{replica.Shard.Number} is cut off from its group";
    }
}

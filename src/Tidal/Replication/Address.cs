using Tidal.Schema;

namespace Tidal.Replication;

/// <summary>
/// Where a message goes: to a replica of a shard in a region. Three shard numbers are set aside for what stands beside the
/// shards: a region's gateway, a node as a whole (heartbeats between two nodes are one message for all their shards), and the
/// control plane.
/// </summary>
/// <param name="Region">The region.</param>
/// <param name="Shard">The shard, or one of those set aside.</param>
/// <param name="Replica">The replica's place (the node, the gateway's number).</param>
public readonly record struct Address(RegionId Region, ShardId Shard, ReplicaId Replica)
{
    private static readonly ShardId GatewayShard = new(ushort.MaxValue);
    private static readonly ShardId NodeShard = new(ushort.MaxValue - 1);
    private static readonly ShardId ControlPlaneShard = new(ushort.MaxValue - 2);

    /// <summary>Whether this is a gateway.</summary>
    public bool IsGateway => Shard == GatewayShard;

    /// <summary>Whether this is a node as a whole.</summary>
    public bool IsNode => Shard == NodeShard;

    /// <summary>Whether this is the control plane.</summary>
    public bool IsControlPlane => Shard == ControlPlaneShard;

    /// <summary>The node that stands here, for a replica or a node.</summary>
    public NodeId Node => new(Region, Replica);

    /// <summary>A region's gateway.</summary>
    /// <param name="region">The region.</param>
    public static Address OfGateway(RegionId region) => new(region, GatewayShard, new ReplicaId(0));

    /// <summary>The control plane, in the region that it runs in.</summary>
    /// <param name="region">The region.</param>
    public static Address OfControlPlane(RegionId region) => new(region, ControlPlaneShard, new ReplicaId(0));

    /// <summary>A node as a whole.</summary>
    /// <param name="node">The node.</param>
    public static Address OfNode(NodeId node) => new(node.Region, NodeShard, node.Replica);

    /// <inheritdoc/>
    public override string ToString() =>
        IsGateway ? $"gateway of {Region}" : IsControlPlane ? $"control plane in {Region}" : IsNode ? Node.ToString() : $"{Region}, {Shard}, {Replica}";
}

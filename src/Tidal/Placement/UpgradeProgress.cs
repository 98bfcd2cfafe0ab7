using Tidal.Schema;

namespace Tidal.Placement;

/// <summary>Which part of a rolling upgrade is under way.</summary>
public enum UpgradeStep
{
    /// <summary>No node can be stopped now; what is waited for is said.</summary>
    Waiting,

    /// <summary>A node hands over the shards that it is the primary of.</summary>
    Draining,

    /// <summary>A node is stopped, given its new software, and started.</summary>
    Upgrading,

    /// <summary>A node with its new software comes level with its groups.</summary>
    Rejoining,

    /// <summary>All nodes read the new format: the groups raise it.</summary>
    Raising,

    /// <summary>Every group of every region has raised it.</summary>
    Done,
}

/// <summary>What an upgrade waits for.</summary>
public enum UpgradeObstacleReason
{
    /// <summary>It does not answer: nobody knows what it holds.</summary>
    NodeSilent,

    /// <summary>A shard has no primary: nobody knows who is level.</summary>
    NoPrimary,

    /// <summary>Without it fewer replicas of a shard than a quorum would be level.</summary>
    BelowQuorum,

    /// <summary>Another node is being upgraded.</summary>
    AnotherUnderWay,

    /// <summary>A replica of the node that was upgraded is not level with its group yet.</summary>
    NotLevel,
}

/// <summary>What keeps a node from being stopped, or one that was stopped from being done.</summary>
/// <param name="Reason">The kind of obstacle.</param>
/// <param name="Node">The node that was to be stopped, or is not done.</param>
/// <param name="Shard">The shard whose group it is about, if one is.</param>
/// <param name="LevelVoters">How many voters of that group are level.</param>
public readonly record struct UpgradeObstacle(UpgradeObstacleReason Reason, NodeId Node, ShardId? Shard = null, int LevelVoters = 0)
{
    /// <inheritdoc/>
    public override string ToString() => Reason switch
    {
        UpgradeObstacleReason.NodeSilent => $"{Node} does not answer",
        UpgradeObstacleReason.NoPrimary => $"{Shard} in {Node.Region} has no primary",
        UpgradeObstacleReason.BelowQuorum => $"only {LevelVoters} replicas of {Shard} in {Node.Region} are level; without {Node} there would be no quorum",
        UpgradeObstacleReason.AnotherUnderWay => $"{Node} is being upgraded",
        _ => $"{Node} is not level in {Shard} yet",
    };
}

/// <summary>How far a rolling upgrade is. Immutable.</summary>
/// <param name="Step">What is under way.</param>
/// <param name="Node">The node concerned, if one is.</param>
/// <param name="Upgraded">The nodes that read the new format, as far as they have said so, in order.</param>
/// <param name="WaitsFor">What is waited for; null when it is clear from the step.</param>
public sealed record UpgradeProgress(UpgradeStep Step, NodeId? Node, IReadOnlyList<NodeId> Upgraded, UpgradeObstacle? WaitsFor);

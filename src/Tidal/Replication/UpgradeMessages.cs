using Tidal.Schema;

namespace Tidal.Replication;

/// <summary>Asks a node how it stands, and tells it whether to leave its offices to the others.</summary>
public sealed class NodeStatusRequest : Message
{
    /// <summary>The asker's number for this round of questions.</summary>
    public required ulong Round { get; init; }

    /// <summary>
    /// Whether the node is to hand over every shard that it is the primary of, and to become none, until a request says otherwise or
    /// none has come for <see cref="ReplicationOptions.DrainLease"/>.
    /// </summary>
    public required bool Drain { get; init; }
}

/// <summary>A read that a gateway asked of a primary which has handed its office over to the receiver.</summary>
public sealed class ReadHandedOn : Message
{
    /// <summary>Who waits for the answer.</summary>
    public required Address Gateway { get; init; }

    /// <summary>What it asked.</summary>
    public required GatewayRequest Request { get; init; }
}

/// <summary>How a replica stands in its group.</summary>
/// <param name="Shard">The shard.</param>
/// <param name="Epoch">The leader epoch.</param>
/// <param name="IsPrimary">Whether it is the primary, and may answer.</param>
/// <param name="Format">The batch version that its group has raised.</param>
/// <param name="LevelVoters">Of a primary: the voters that hold what is committed and were heard a moment ago, itself included; else none.</param>
public readonly record struct ReplicaStanding(
    ShardId Shard, ulong Epoch, bool IsPrimary, ushort Format, IReadOnlyList<ReplicaId> LevelVoters);

/// <summary>Answers a <see cref="NodeStatusRequest"/>.</summary>
public sealed class NodeStatus : Message
{
    /// <summary>The round that is answered.</summary>
    public required ulong Round { get; init; }

    /// <summary>The newest batch version that the node's software reads.</summary>
    public required ushort FormatReadable { get; init; }

    /// <summary>Whether it leaves its offices to the others.</summary>
    public required bool IsDraining { get; init; }

    /// <summary>Its replicas that run, in order of the shards.</summary>
    public required IReadOnlyList<ReplicaStanding> Replicas { get; init; }

    /// <summary>Whether it is the primary of any shard.</summary>
    public bool IsPrimaryOfAny => Replicas.Any(replica => replica.IsPrimary);
}

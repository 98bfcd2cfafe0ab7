using Tidal.Schema;

namespace Tidal.Replication;

/// <summary>A routing table, for whoever may not know it yet: one that is not newer than the receiver's is ignored.</summary>
public sealed class TableUpdate : Message
{
    /// <summary>The table.</summary>
    public required RoutingTable Table { get; init; }

    /// <summary>Who is to be told the newest version that the receiver then knows; null for nobody.</summary>
    public Address? AnswerTo { get; init; }
}

/// <summary>The version of the newest routing table that a node or a gateway knows.</summary>
public sealed class TableKnown : Message
{
    /// <summary>The version.</summary>
    public required ulong Version { get; init; }
}

/// <summary>
/// Answers a request that was made under another version of its tenant's placement than the replica knows, or of a region
/// that does not do this for the tenant. Nothing was appended or read: whoever knows the older table takes the other's.
/// </summary>
public sealed class Moved : GatewayReply
{
    /// <summary>The newest table that the replica knows; the empty one if none.</summary>
    public required RoutingTable Table { get; init; }
}

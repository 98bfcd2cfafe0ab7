using Tidal.Schema;

namespace Tidal.Replication.Reconciling;

/// <summary>One comparison of two regions: opened by a primary of the first of them in region order.</summary>
/// <param name="Epoch">The leader epoch of the primary that opened it; 0 for none.</param>
/// <param name="Number">Its number in that epoch, from 1.</param>
public readonly record struct ReconcileRound(ulong Epoch, ulong Number) : IComparable<ReconcileRound>
{
    /// <summary>By epoch, then number.</summary>
    /// <param name="other">The other round.</param>
    public int CompareTo(ReconcileRound other) => Epoch != other.Epoch ? Epoch.CompareTo(other.Epoch) : Number.CompareTo(other.Number);
}

/// <summary>What a message between two regions that reconcile says.</summary>
public enum ReconcileStep
{
    /// <summary>The second region asks the first to open a round: it has heard it again.</summary>
    Request,

    /// <summary>The first region tells what it holds.</summary>
    Offer,

    /// <summary>The second tells what it holds, that of which the first has spoken included.</summary>
    Answer,

    /// <summary>The first adds what it knows of what the second has named: from here on both have the same two states.</summary>
    Settle,

    /// <summary>The sender is still at it: it has a plan that is not carried out.</summary>
    Going,
}

/// <summary>Passes between the primaries of one shard in two regions that find out how they differ.</summary>
public sealed class ReconcileMessage : Message
{
    /// <summary>What it says.</summary>
    public required ReconcileStep Step { get; init; }

    /// <summary>Whose data.</summary>
    public required TenantId Tenant { get; init; }

    /// <summary>The round; none with a request.</summary>
    public ReconcileRound Round { get; init; }

    /// <summary>What the sender holds; of a request the marks alone.</summary>
    public ReplicationState? State { get; init; }
}

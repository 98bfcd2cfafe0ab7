using Tidal.Schema;

namespace Tidal.Replication;

/// <summary>What can happen inside a replica that a history of the cluster records.</summary>
public enum ReplicaEventKind
{
    /// <summary>It won an election. <c>Epoch</c> is the new one.</summary>
    BecamePrimary,

    /// <summary>The empty record of its epoch is committed: from here on it acknowledges, answers and ships.</summary>
    PrimaryReady,

    /// <summary>It is primary no more.</summary>
    SteppedDown,

    /// <summary>It cut uncommitted records that the primary of a later epoch does not have. <c>Number</c> is the first index cut.</summary>
    CutTail,

    /// <summary>It holds a voter record that names its store: it votes and counts again.</summary>
    BecameVoter,

    /// <summary>Its checkpoint of index <c>Number</c> is durable: the log before it may go.</summary>
    Checkpointed,

    /// <summary>It took over its primary's checkpoint of index <c>Number</c> in place of its own log.</summary>
    SnapshotInstalled,

    /// <summary>A snapshot that it was sent is damaged: it is not taken, and asked for again.</summary>
    SnapshotRefused,

    /// <summary>It committed a chunk of a tenant's snapshot from <c>Region</c>. <c>Number</c> is the chunk that comes next.</summary>
    SnapshotArriving,

    /// <summary>It merged a snapshot of a tenant that another region sent, as a record of its own group's log.</summary>
    SnapshotMerged,

    /// <summary>It committed records up to index <c>Number</c>.</summary>
    Committed,

    /// <summary>It acknowledged a client's write.</summary>
    Acknowledged,

    /// <summary>It refused a batch of another region that was damaged, or of a format it does not know.</summary>
    BatchRefused,

    /// <summary>The log of its region's own was sealed. <c>Number</c> is the routing table's version that asked for it.</summary>
    Sealed,

    /// <summary>The log of its region's own was reopened. <c>Number</c> is the routing table's version that asked for it.</summary>
    Reopened,

    /// <summary>It erased a tenant. <c>Number</c> is the routing table's version that asked for it.</summary>
    Erased,

    /// <summary>It holds another batch than an origin sends under the same number: that stream is stopped.</summary>
    Diverged,

    /// <summary>It has a plan how to come to hold the same as another region. <c>Number</c> records are missing here.</summary>
    ReconciliationPlanned,

    /// <summary>It and another region have committed all that was planned. <c>Number</c> records were taken here.</summary>
    ReconciliationDone,

    /// <summary>As the primary it takes no more records and hands over to replica <c>Number</c>.</summary>
    HandingOver,

    /// <summary>Its heir did not come level in time: it goes on as the primary.</summary>
    HandOverGivenUp,
}

/// <summary>Something that happened inside a replica.</summary>
/// <param name="Kind">What.</param>
/// <param name="Epoch">The leader epoch in which it happened.</param>
/// <param name="Number">What the kind says.</param>
/// <param name="Region">The other region concerned, if one is.</param>
/// <param name="Operation">The operation concerned, if one is.</param>
/// <param name="IsRetraction">Whether it is the operation's retraction that is concerned.</param>
/// <param name="Tenant">Whose operation or reconciliation it is.</param>
public readonly record struct ReplicaEvent(
    ReplicaEventKind Kind, ulong Epoch, ulong Number = 0, RegionId Region = default, OperationId Operation = default, bool IsRetraction = false,
    TenantId Tenant = default);

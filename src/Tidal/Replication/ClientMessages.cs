using Tidal.Crdt;
using Tidal.Query;
using Tidal.Schema;
using Tidal.Signals;

namespace Tidal.Replication;

/// <summary>A gateway's request to a shard, answered by a <see cref="GatewayReply"/> of the same number.</summary>
public abstract class GatewayRequest : Message
{
    /// <summary>The gateway's number for this try; no two tries of a gateway share one.</summary>
    public required ulong Try { get; init; }

    /// <summary>Whose data.</summary>
    public required TenantId Tenant { get; init; }

    /// <summary>
    /// The version of the tenant's placement that the gateway went by (<see cref="TenantPlacement.Version"/>); 0 if it knows none.
    /// A replica that knows another one answers <see cref="Moved"/>.
    /// </summary>
    public ulong PlacementVersion { get; set; }
}

/// <summary>A shard's answer to a gateway.</summary>
public abstract class GatewayReply : Message
{
    /// <summary>The try that is answered.</summary>
    public required ulong Try { get; init; }
}

/// <summary>Asks any replica who the primary of its shard is; answered by <see cref="NotPrimary"/>, by the primary too.</summary>
public sealed class LocateRequest : GatewayRequest;

/// <summary>A place in a shard's origin log.</summary>
/// <param name="Origin">The region whose log.</param>
/// <param name="Number">The number of a record there; 0 for none.</param>
public readonly record struct OriginNumber(RegionId Origin, ulong Number);

/// <summary>
/// Asks a primary to write records: one try of each of them. Whether one is taken has nothing to do with the others; they are
/// answered together, once each has its outcome.
/// </summary>
public sealed class WriteRequest : GatewayRequest
{
    /// <summary>The epoch of the primary that the try is meant for: in any other it is refused (PROTOCOL 3).</summary>
    public required ulong Epoch { get; init; }

    /// <summary>What to write, at least one record; the primary stamps it, but for an undo, which its gateway has stamped (PROTOCOL 14).</summary>
    public required RecordSelection Records { get; init; }
}

/// <summary>Why a write was refused. A refused write was never appended, and never will be.</summary>
public enum RefusalReason
{
    /// <summary>It was not refused.</summary>
    None,

    /// <summary>The replica asked is not the primary of the epoch meant.</summary>
    NotPrimary,

    /// <summary>There is no quorum of the shard's replicas.</summary>
    NotEnoughReplicas,

    /// <summary>The shard's group was founded anew, and does not yet hold again what its region had accepted.</summary>
    Recovering,

    /// <summary>More writes wait for their commit than the primary takes.</summary>
    Overloaded,

    /// <summary>The tenant has asked for more than it may: the <see cref="QuotaProblem"/> says of what, how much it may, and when to retry.</summary>
    QuotaExceeded,

    /// <summary>The shard that knows the user's cohorts did not answer.</summary>
    CohortUnavailable,

    /// <summary>The primary's wall clock is off from its peers' by more than the bound; the message says by how much.</summary>
    ClockOutOfBound,

    /// <summary>The write itself cannot be accepted; the message says why.</summary>
    Invalid,

    /// <summary>A retraction of an operation that the region does not hold, or not yet (PROTOCOL 15).</summary>
    UnknownOperation,

    /// <summary>
    /// The session has ended in the region: open a new one. If an earlier try of the operation is unanswered or unknown, what
    /// became of it cannot be told any more.
    /// </summary>
    SessionEnded,

    /// <summary>The session is another tenant's: its numbers would be taken for those of writes that it has nothing to do with.</summary>
    SessionOfAnotherTenant,

    /// <summary>The session's numbers have more gaps than a shard remembers: open a new session.</summary>
    SessionExhausted,

    /// <summary>The shard has as many live sessions as it takes.</summary>
    TooManySessions,

    /// <summary>The operation was left unanswered in more regions than an attempt can count.</summary>
    TooManyAttempts,
}

/// <summary>Why the outcome of a write is not known.</summary>
public enum UnknownReason
{
    /// <summary>It is known.</summary>
    None,

    /// <summary>Nobody answered who could tell: retry it under the same operation id.</summary>
    Unanswered,

    /// <summary>
    /// Its number is older than its session's window (<see cref="IdempotencyStore.Window"/>) and in no log held, and this can
    /// never be told: a retry is answered the same.
    /// </summary>
    OutsideWindow,
}

/// <summary>How a write ended.</summary>
public enum WriteOutcomeKind
{
    /// <summary>Committed: it counts, and will not be lost.</summary>
    Acknowledged,

    /// <summary>Never appended, and never will be.</summary>
    Refused,

    /// <summary>It may or may not count; the <see cref="UnknownReason"/> says whether a retry under the same operation id can tell.</summary>
    Unknown,
}

/// <summary>A primary's answer to a <see cref="WriteRequest"/>.</summary>
public sealed class WriteReply : GatewayReply
{
    /// <summary>How the try ended, of each of its records unless <see cref="Each"/> tells them apart.</summary>
    public required WriteResult Result { get; init; }

    /// <summary>How each record ended, in the order of the request; null where all ended alike, as is usual.</summary>
    public IReadOnlyList<WriteResult>? Each { get; init; }

    /// <summary>Of what was acknowledged: who holds the origin logs so far holds it.</summary>
    public IReadOnlyList<OriginNumber> Marks { get; init; } = [];

    /// <summary>How a record ended.</summary>
    /// <param name="index">Which of the request's, from 0.</param>
    public WriteResult ResultOf(int index) => Each is null ? Result : Each[index];
}

/// <summary>The replica asked is not a primary that may answer, or was only asked who is. Nothing was appended.</summary>
public sealed class NotPrimary : GatewayReply
{
    /// <summary>The replica's epoch.</summary>
    public required ulong Epoch { get; init; }

    /// <summary>The primary of that epoch, as far as it knows.</summary>
    public ReplicaId? Primary { get; init; }

    /// <summary>Whether it hears a quorum of its group.</summary>
    public required bool HearsQuorum { get; init; }
}

/// <summary>Asks a primary for the cohorts of users.</summary>
public sealed class CohortRequest : GatewayRequest
{
    /// <summary>The users.</summary>
    public required IReadOnlyList<UserId> Users { get; init; }
}

/// <summary>The cohorts of users.</summary>
public sealed class CohortReply : GatewayReply
{
    /// <summary>Of each user, in the order of the request: the cohorts, in order of the schema; those that the user has no attribute for are left out.</summary>
    public required IReadOnlyList<CohortScope[]> Cohorts { get; init; }
}

/// <summary>Asks a primary for the decay score and counts of one (item, signal, cohort).</summary>
public sealed class ScoreRequest : GatewayRequest
{
    /// <summary>The item.</summary>
    public required ItemId Item { get; init; }

    /// <summary>The signal type.</summary>
    public required SignalTypeId Signal { get; init; }

    /// <summary>The cohort, or everyone.</summary>
    public required CohortScope Scope { get; init; }

    /// <summary>At which time, in milliseconds since 1970.</summary>
    public required long ReadTimeMilliseconds { get; init; }
}

/// <summary>The answer to a <see cref="ScoreRequest"/>.</summary>
public sealed class ScoreReply : GatewayReply
{
    /// <summary>The decay score.</summary>
    public required double Score { get; init; }

    /// <summary>Signals counted, all time.</summary>
    public required long Count { get; init; }

    /// <summary>How far the origin logs go that this follows from, in region order.</summary>
    public required IReadOnlyList<OriginNumber> Marks { get; init; }
}

/// <summary>
/// Asks what a user hides, mutes or blocks. Answered by a primary that a quorum has confirmed after the question reached it,
/// so that no hide acknowledged in its region before that is missing.
/// </summary>
public sealed class HidesRequest : GatewayRequest
{
    /// <summary>The user.</summary>
    public required UserId User { get; init; }
}

/// <summary>The answer to a <see cref="HidesRequest"/>.</summary>
public sealed class HidesReply : GatewayReply
{
    /// <summary>The registers of the user's hard negatives, in canonical order: those undone too, which must still win over another region's older hide.</summary>
    public required IReadOnlyList<KeyValuePair<HardNegativeTarget, HardNegativeRegister>> Registers { get; init; }

    /// <summary>How far the origin logs go that this follows from, in region order.</summary>
    public required IReadOnlyList<OriginNumber> Marks { get; init; }
}

/// <summary>Asks a shard for its part of a query.</summary>
public sealed class ShardQueryRequest : GatewayRequest
{
    /// <summary>The plan.</summary>
    public required RetrievePlan Plan { get; init; }

    /// <summary>Only items at home in one of these regions, for which the region asked answers; null for all.</summary>
    public IReadOnlyList<RegionId>? Homes { get; init; }

    /// <summary>Whether a replica that is not the primary may answer, and say how stale it is.</summary>
    public required bool AcceptFollower { get; init; }
}

/// <summary>How stale what a region holds of an origin may be.</summary>
/// <param name="Origin">The origin.</param>
/// <param name="Staleness">What that origin accepted longer ago than this is held; <see cref="TimeSpan.MaxValue"/> if that cannot be told.</param>
public readonly record struct OriginStaleness(RegionId Origin, TimeSpan Staleness);

/// <summary>A shard's part of an answer.</summary>
public sealed class ShardQueryReply : GatewayReply
{
    /// <summary>The items, best first.</summary>
    public required ShardAnswer Answer { get; init; }

    /// <summary>Whether the primary answered.</summary>
    public required bool IsPrimary { get; init; }

    /// <summary>How far the replica's log is committed, as far as it knows: of several followers the furthest is taken.</summary>
    public required ulong CommitIndex { get; init; }

    /// <summary>
    /// How long a follower has not heard a primary; <see cref="TimeSpan.MaxValue"/> if never since it started; zero for a primary.
    /// </summary>
    public required TimeSpan Staleness { get; init; }

    /// <summary>How stale what is held of each other region may be.</summary>
    public required IReadOnlyList<OriginStaleness> Origins { get; init; }
}

using Tidal.Crdt;
using Tidal.Log;
using Tidal.Schema;
using Tidal.Signals;

namespace Tidal.Replication.Reconciling;

/// <summary>How far a region holds one origin log.</summary>
/// <param name="Origin">The region in which the records were accepted.</param>
/// <param name="Mark">How far.</param>
/// <param name="OldestHeld">The oldest number that its log still has, so that it can ship from there; what is older is in its state only.</param>
public readonly record struct OriginHolding(RegionId Origin, OriginMark Mark, ulong OldestHeld);

/// <summary>Which hard negative: whose, and of what.</summary>
/// <param name="User">Whose.</param>
/// <param name="Target">Of what.</param>
public readonly record struct NegativeKey(UserId User, HardNegativeTarget Target) : IComparable<NegativeKey>
{
    /// <summary>By user, then target.</summary>
    /// <param name="other">The other one.</param>
    public int CompareTo(NegativeKey other) => User != other.User ? User.CompareTo(other.User) : Target.CompareTo(other.Target);
}

/// <summary>What a region knows of one hard negative.</summary>
/// <param name="Key">Which.</param>
/// <param name="Register">The register, as far as it is known there.</param>
public readonly record struct NegativeHolding(NegativeKey Key, HardNegativeRegister Register);

/// <summary>
/// A record of an operation, or of its retraction: of all copies the least one counts (DESIGN §6). At most one is in a log.
/// </summary>
/// <param name="Attempt">Its attempt.</param>
/// <param name="Region">The region that accepted it.</param>
public readonly record struct OperationCopy(byte Attempt, RegionId Region) : IComparable<OperationCopy>
{
    /// <summary>
    /// The attempt of a record of which it is only known that it was none of the first, and that another one counts before it:
    /// of those that do not count the attempt is not kept.
    /// </summary>
    public const byte SomeLaterAttempt = byte.MaxValue;

    /// <summary>By attempt, then region: the order in which copies count.</summary>
    /// <param name="other">The other one.</param>
    public int CompareTo(OperationCopy other) => Attempt != other.Attempt ? Attempt.CompareTo(other.Attempt) : Region.CompareTo(other.Region);
}

/// <summary>The records that a region holds of one operation, or of its retraction.</summary>
/// <param name="Identity">Of what.</param>
/// <param name="Copies">Its records, the one that counts first.</param>
public readonly record struct OperationHolding(RecordIdentity Identity, IReadOnlyList<OperationCopy> Copies);

/// <summary>
/// What a region holds of one tenant in one shard, as far as another region needs it to see where they differ: the marks, and
/// of what people ask about (hard negatives, operations tried in several regions) what records beyond the other's marks say.
/// A hard negative or operation that no such record touches is known to the other already; and each side adds what it knows
/// of those that the other names, so that the registers and copies of everything named are whole on both sides.
/// Immutable; small enough for a message, for its lists are bounded by <see cref="ReplicationOptions.ReconcileEntriesMax"/>.
/// </summary>
public sealed record ReplicationState
{
    /// <summary>Whose data.</summary>
    public required TenantId Tenant { get; init; }

    /// <summary>The shard.</summary>
    public required ShardId Shard { get; init; }

    /// <summary>The region.</summary>
    public required RegionId Region { get; init; }

    /// <summary>How far each origin log is held, in region order; one of which nothing is held is left out.</summary>
    public required IReadOnlyList<OriginHolding> Origins { get; init; }

    /// <summary>The hard negatives touched beyond the other's marks, and those that the other names, in order.</summary>
    public IReadOnlyList<NegativeHolding> Negatives { get; init; } = [];

    /// <summary>The operations of which there is one of several attempts beyond the other's marks, and those that the other names, in order.</summary>
    public IReadOnlyList<OperationHolding> Operations { get; init; } = [];

    /// <summary>Hard negatives that there was no room for.</summary>
    public int NegativesLeftOut { get; init; }

    /// <summary>Operations that there was no room for.</summary>
    public int OperationsLeftOut { get; init; }

    /// <summary>How far an origin log is held.</summary>
    /// <param name="origin">The origin.</param>
    public OriginHolding HoldingOf(RegionId origin)
    {
        foreach (var holding in Origins)
        {
            if (holding.Origin == origin)
                return holding;
        }
        return new OriginHolding(origin, default, 1);
    }
}

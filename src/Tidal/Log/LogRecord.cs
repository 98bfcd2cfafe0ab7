using Tidal.Crdt;
using Tidal.Schema;

namespace Tidal.Log;

/// <summary>
/// One record of an origin log: everything that a follower needs to rebuild all derived state. It is flat: every kind is the
/// same type and uses the fields that its factory takes, the others stay at their defaults; so a batch decodes without a
/// virtual call or an object a record. Compared by value, arrays by content. Immutable as long as nobody changes the arrays
/// given to it; safe to share between threads. The byte layout stands at <see cref="BatchWriter"/>.
/// </summary>
public readonly partial record struct LogRecord
{
    /// <summary>What the record says, and so which fields it uses.</summary>
    public RecordKind Kind { get; init; }

    /// <summary>How many regions were left with a try unanswered or unknown before this one (PROTOCOL 12); 0 mostly.</summary>
    public byte Attempt { get; init; }

    /// <summary>The operation that wrote it, or none, as for a retraction; a session record's session is <see cref="OperationId.Session"/>.</summary>
    public OperationId Operation { get; init; }

    /// <summary>By what it is known again, in whatever log it stands; without an operation it is not.</summary>
    public RecordIdentity Identity => Kind switch
    {
        RecordKind.Retraction => new RecordIdentity(Retracts, IdentityKind.Retraction),
        RecordKind.Session => new RecordIdentity(Operation, SessionAction == SessionAction.Open ? IdentityKind.Opening : IdentityKind.End),
        _ => new RecordIdentity(Operation, IdentityKind.Write),
    };

    /// <summary>The stamp of the primary that appended it; of an undo, that of its gateway (PROTOCOL 14).</summary>
    public HlcTimestamp Hlc { get; init; }

    /// <summary>When it happened, by the client: milliseconds since 1970, UTC.</summary>
    public long EventTimeMilliseconds { get; init; }

    /// <summary>The item of a signal, retraction or item record.</summary>
    public ItemId Item { get; init; }

    /// <summary>The user of a signal, retraction, hard negative or user attributes record.</summary>
    public UserId User { get; init; }

    /// <summary>The type of a signal, or of the signal retracted.</summary>
    public SignalTypeId SignalType { get; init; }

    /// <summary>The weight of a signal, or of the signal retracted: finite and not negative. Weight 1 costs no bytes.</summary>
    public double Weight { get; init; }

    /// <summary>The cohorts that the user was in (PROTOCOL 21), without everyone; null and empty are the same.</summary>
    public CohortScope[]? Cohorts { get; init; }

    /// <summary>The operation that a retraction takes back: its identity, for it has no operation of its own (PROTOCOL 15).</summary>
    public OperationId Retracts { get; init; }

    /// <summary>What a hard negative is aimed at: an item's or a creator's id, 1 to 1,024 bytes of UTF-8.</summary>
    public string? Target { get; init; }

    /// <summary>Whether that is an item or a creator.</summary>
    public TargetKind TargetKind { get; init; }

    /// <summary>Which hard negative it is.</summary>
    public NegativeKind NegativeKind { get; init; }

    /// <summary>Whether the hard negative is undone rather than made.</summary>
    public bool IsUndo { get; init; }

    /// <summary>The home that an item record names; the lowest (HLC, node) of an item's records wins (PROTOCOL 20).</summary>
    public RegionId HomeRegion { get; init; }

    /// <summary>The attributes that an item or user record sets; null and empty are the same.</summary>
    public AttributeValue[]? Attributes { get; init; }

    /// <summary>What a session record does.</summary>
    public SessionAction SessionAction { get; init; }

    /// <summary>What a tenant marker does: numbered by the control plane, carried by the log unread.</summary>
    public byte MarkerAction { get; init; }

    /// <summary>The routing table's version that a tenant marker or a seal belongs to (PROTOCOL 25).</summary>
    public ulong TableVersion { get; init; }

    /// <summary>The last number of the origin log that a seal closes.</summary>
    public ulong LastNumber { get; init; }

    /// <summary>Whether two records say the same, arrays compared by content and weights by their bits.</summary>
    /// <param name="other">The other record.</param>
    public bool Equals(LogRecord other) =>
        Kind == other.Kind && Attempt == other.Attempt && Operation == other.Operation && Hlc == other.Hlc
        && EventTimeMilliseconds == other.EventTimeMilliseconds && Item == other.Item && User == other.User
        && SignalType == other.SignalType && SameBits(Weight, other.Weight) && Retracts == other.Retracts
        && Target == other.Target && TargetKind == other.TargetKind && NegativeKind == other.NegativeKind
        && IsUndo == other.IsUndo && HomeRegion == other.HomeRegion && SessionAction == other.SessionAction
        && MarkerAction == other.MarkerAction && TableVersion == other.TableVersion && LastNumber == other.LastNumber
        && Cohorts.AsSpan().SequenceEqual(other.Cohorts) && Attributes.AsSpan().SequenceEqual(other.Attributes);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Kind, Operation, Hlc, EventTimeMilliseconds, Item, User, Target);

    private static bool SameBits(double left, double right) =>
        BitConverter.DoubleToInt64Bits(left) == BitConverter.DoubleToInt64Bits(right);
}

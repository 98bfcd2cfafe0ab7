namespace Tidal.Schema;

/// <summary>
/// A region, by its ordinal: given once when the region joins and never reused, so that every replica adds origin
/// parts, breaks ties and lists regions in the same order for good. Its name is kept by <see cref="Topology"/>.
/// </summary>
/// <param name="Ordinal">The ordinal, from 0.</param>
public readonly record struct RegionId(ushort Ordinal) : IComparable<RegionId>
{
    /// <inheritdoc/>
    public int CompareTo(RegionId other) => Ordinal.CompareTo(other.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => $"region {Ordinal}";
}

/// <summary>A shard, numbered from 0; the same entity lies in the same shard in every region.</summary>
/// <param name="Number">The number, from 0.</param>
public readonly record struct ShardId(ushort Number) : IComparable<ShardId>
{
    /// <inheritdoc/>
    public int CompareTo(ShardId other) => Number.CompareTo(other.Number);

    /// <inheritdoc/>
    public override string ToString() => $"shard {Number}";
}

/// <summary>A replica's place in the group of its shard in one region, numbered from 0. The place stays; its store may change.</summary>
/// <param name="Number">The number, from 0.</param>
public readonly record struct ReplicaId(byte Number) : IComparable<ReplicaId>
{
    /// <inheritdoc/>
    public int CompareTo(ReplicaId other) => Number.CompareTo(other.Number);

    /// <inheritdoc/>
    public override string ToString() => $"replica {Number}";
}

/// <summary>A node: one machine of a region, which hosts one replica of each shard. It is what breaks ties between equal clocks.</summary>
/// <param name="Region">The region it stands in.</param>
/// <param name="Replica">Which of the region's nodes it is.</param>
public readonly record struct NodeId(RegionId Region, ReplicaId Replica) : IComparable<NodeId>
{
    /// <inheritdoc/>
    public int CompareTo(NodeId other) =>
        Region != other.Region ? Region.CompareTo(other.Region) : Replica.CompareTo(other.Replica);

    /// <inheritdoc/>
    public override string ToString() => $"{Region}, node {Replica.Number}";
}

/// <summary>A tenant, by the number that the routing table gives it.</summary>
/// <param name="Number">The number; the first tenant is 1.</param>
public readonly record struct TenantId(uint Number) : IComparable<TenantId>
{
    /// <summary>The highest number that a tenant may have: its sessions are numbered apart from those of all others.</summary>
    public const uint NumberMax = 1 << 24;

    /// <summary>The tenant of a database that has only one.</summary>
    public static readonly TenantId First = new(1);

    /// <inheritdoc/>
    public int CompareTo(TenantId other) => Number.CompareTo(other.Number);

    /// <inheritdoc/>
    public override string ToString() => $"tenant {Number}";
}

/// <summary>An item's identity: the string the application knows it by. Compared ordinally.</summary>
/// <param name="Value">1 to 1,024 bytes of UTF-8.</param>
public readonly record struct ItemId(string Value) : IComparable<ItemId>
{
    /// <inheritdoc/>
    public int CompareTo(ItemId other) => string.CompareOrdinal(Value, other.Value);

    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>A user's identity: the string the application knows it by. Compared ordinally.</summary>
/// <param name="Value">1 to 1,024 bytes of UTF-8.</param>
public readonly record struct UserId(string Value) : IComparable<UserId>
{
    /// <inheritdoc/>
    public int CompareTo(UserId other) => string.CompareOrdinal(Value, other.Value);

    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>A signal type, by its place in the schema.</summary>
/// <param name="Number">The number, from 0, in order of declaration.</param>
public readonly record struct SignalTypeId(ushort Number) : IComparable<SignalTypeId>
{
    /// <inheritdoc/>
    public int CompareTo(SignalTypeId other) => Number.CompareTo(other.Number);

    /// <inheritdoc/>
    public override string ToString() => $"signal type {Number}";
}

/// <summary>
/// A client session: dense per tenant and opening region (PROTOCOL 13), so that ended ones collapse to intervals. No two
/// tenants have a session of the same id: whoever writes with a session of another tenant is told so, and is not taken for
/// somebody else.
/// </summary>
/// <param name="Region">The region that opened it.</param>
/// <param name="Number">Its number there: in the upper 24 bits the tenant's number less 1, in the lower 40 that of the session, from 1.</param>
public readonly record struct SessionId(RegionId Region, ulong Number) : IComparable<SessionId>
{
    private const int NumberBits = 40;

    /// <summary>What comes before the number of a tenant's first session.</summary>
    /// <param name="tenant">The tenant.</param>
    public static ulong NumberBeforeFirst(TenantId tenant) => (ulong)(tenant.Number - 1) << NumberBits;

    /// <summary>Whether it is a tenant's.</summary>
    /// <param name="tenant">The tenant.</param>
    public bool IsOf(TenantId tenant) => Number >> NumberBits == tenant.Number - 1;

    /// <inheritdoc/>
    public int CompareTo(SessionId other) =>
        Region != other.Region ? Region.CompareTo(other.Region) : Number.CompareTo(other.Number);

    /// <inheritdoc/>
    public override string ToString() => IsOf(TenantId.First)
        ? $"session {Region.Ordinal}.{Number}"
        : $"session {Region.Ordinal}.{Number & ((1UL << NumberBits) - 1)} of tenant {(Number >> NumberBits) + 1}";
}

/// <summary>
/// The identity of one write: a session numbers its writes per (tenant, shard), and a retry carries the same number.
/// The all-zero value means "no operation".
/// </summary>
/// <param name="Session">Whose write it is.</param>
/// <param name="Number">The write's number in that session at its shard, from 1.</param>
public readonly record struct OperationId(SessionId Session, ulong Number) : IComparable<OperationId>
{
    /// <summary>True for the value that means "no operation".</summary>
    public bool IsNone => Number == 0;

    /// <inheritdoc/>
    public int CompareTo(OperationId other) =>
        Session != other.Session ? Session.CompareTo(other.Session) : Number.CompareTo(other.Number);

    /// <inheritdoc/>
    public override string ToString() => $"{Session}, operation {Number}";
}

/// <summary>
/// The aggregate a signal is added to: every signal counts for <see cref="Everyone"/>, and for one scope per cohort that
/// its user was in when the write was stamped.
/// </summary>
/// <param name="Attribute">The user attribute's place in the schema's cohort list, or -1 for everyone.</param>
/// <param name="Value">The attribute's value; empty for everyone.</param>
public readonly record struct CohortScope(int Attribute, string Value) : IComparable<CohortScope>
{
    /// <summary>All users.</summary>
    public static readonly CohortScope Everyone = new(-1, "");

    /// <inheritdoc/>
    public int CompareTo(CohortScope other) =>
        Attribute != other.Attribute ? Attribute.CompareTo(other.Attribute) : string.CompareOrdinal(Value, other.Value);
}

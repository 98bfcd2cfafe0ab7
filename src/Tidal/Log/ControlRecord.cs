using Tidal.Schema;

namespace Tidal.Log;

/// <summary>What a control record says. The numbers are the format's, for good.</summary>
public enum ControlKind : byte
{
    /// <summary>The empty record with which a new primary begins its epoch.</summary>
    Epoch = 1,

    /// <summary>Stores become voters.</summary>
    Voter = 2,

    /// <summary>A newer format may be written from here on.</summary>
    Format = 3,

    /// <summary>A chunk of a tenant's state that came from another region (PROTOCOL 8).</summary>
    Snapshot = 4,

    /// <summary>A tenant's bytes are to be erased.</summary>
    Erase = 5,
}

/// <summary>A voter of a group: a replica's place and the store it votes with.</summary>
/// <param name="Replica">The place.</param>
/// <param name="Store">The store.</param>
public readonly record struct Voter(ReplicaId Replica, StoreId Store);

/// <summary>
/// A control record: what a group says to itself. It has an envelope of its own and no origin, and never leaves its group
/// (PROTOCOL 4). Flat, like <see cref="LogRecord"/>: each kind uses the fields its factory takes. Immutable as long as nobody
/// changes the arrays given to it. Little endian, fixed widths:
/// <code>
/// kind        1 byte
/// 1 epoch     replica of the new primary 1
/// 2 voter     count 1 (1 to 16), then of each: replica 1, store id 8
/// 3 format    version 2
/// 4 snapshot  tenant 4, region it comes from 2, id 8, chunk number 4 (from 0), chunks 4 (at most 65,536), bytes to the end (at most 1,048,576)
/// 5 erase     tenant 4, routing table version 8
/// </code>
/// </summary>
public readonly partial record struct ControlRecord
{
    /// <summary>What it says, and so which fields it uses.</summary>
    public ControlKind Kind { get; init; }

    /// <summary>The primary whose epoch begins.</summary>
    public ReplicaId Primary { get; init; }

    /// <summary>The stores that become voters: all at founding, later mostly one.</summary>
    public ReadOnlyMemory<Voter> Voters { get; init; }

    /// <summary>The batch version that may be written from here on.</summary>
    public ushort FormatVersion { get; init; }

    /// <summary>The tenant of a snapshot or an erase.</summary>
    public TenantId Tenant { get; init; }

    /// <summary>The region that a snapshot comes from.</summary>
    public RegionId Source { get; init; }

    /// <summary>Which snapshot of that region: a reading of its hybrid logical clock, so that a newer one is higher.</summary>
    public ulong SnapshotId { get; init; }

    /// <summary>Which chunk of the snapshot it is, from 0.</summary>
    public uint ChunkNumber { get; init; }

    /// <summary>How many chunks the snapshot has.</summary>
    public uint ChunkCount { get; init; }

    /// <summary>The chunk's bytes.</summary>
    public ReadOnlyMemory<byte> Chunk { get; init; }

    /// <summary>The routing table's version that asks for the erase.</summary>
    public ulong TableVersion { get; init; }

    /// <summary>The record of a new epoch.</summary>
    /// <param name="primary">Its primary.</param>
    public static ControlRecord ForEpoch(ReplicaId primary) => new() { Kind = ControlKind.Epoch, Primary = primary };

    /// <summary>A voter record.</summary>
    /// <param name="voters">1 to 16 voters.</param>
    public static ControlRecord ForVoters(params Voter[] voters) => new() { Kind = ControlKind.Voter, Voters = voters };

    /// <summary>A format record.</summary>
    /// <param name="version">The batch version that may be written from here on.</param>
    public static ControlRecord ForFormat(ushort version) => new() { Kind = ControlKind.Format, FormatVersion = version };

    /// <summary>A chunk of a snapshot.</summary>
    /// <param name="tenant">Whose state it is.</param>
    /// <param name="source">The region that it comes from.</param>
    /// <param name="id">Which snapshot of that region.</param>
    /// <param name="number">Which chunk, from 0.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="bytes">At most 1 MiB.</param>
    public static ControlRecord ForSnapshot(TenantId tenant, RegionId source, ulong id, uint number, uint count, ReadOnlyMemory<byte> bytes) => new()
    {
        Kind = ControlKind.Snapshot,
        Tenant = tenant,
        Source = source,
        SnapshotId = id,
        ChunkNumber = number,
        ChunkCount = count,
        Chunk = bytes,
    };

    /// <summary>An erase.</summary>
    /// <param name="tenant">Whose bytes go.</param>
    /// <param name="tableVersion">The routing table's version that asks for it.</param>
    public static ControlRecord ForErase(TenantId tenant, ulong tableVersion) =>
        new() { Kind = ControlKind.Erase, Tenant = tenant, TableVersion = tableVersion };

    /// <summary>Whether two control records say the same, lists compared by content.</summary>
    /// <param name="other">The other one.</param>
    public bool Equals(ControlRecord other) =>
        Kind == other.Kind && Primary == other.Primary && FormatVersion == other.FormatVersion && Tenant == other.Tenant
        && Source == other.Source && SnapshotId == other.SnapshotId && ChunkNumber == other.ChunkNumber && ChunkCount == other.ChunkCount && TableVersion == other.TableVersion
        && Voters.Span.SequenceEqual(other.Voters.Span) && Chunk.Span.SequenceEqual(other.Chunk.Span);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Kind, Primary, FormatVersion, Tenant, SnapshotId, ChunkNumber, TableVersion);
}

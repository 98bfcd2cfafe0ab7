using System.Buffers.Binary;
using Tidal.Crdt;
using Tidal.Schema;

namespace Tidal.Log;

/// <summary>
/// The first 64 bytes of a batch: the records of one tenant and one origin that were committed together and travel between
/// regions unchanged. Little endian. Immutable, safe to share.
/// <code>
/// offset  bytes  field
///      0      4  magic 54 49 44 4C ("TIDL")
///      4      2  version: 2, or 3 with the dictionary (see BatchWriter)
///      6      1  flags: 0
///      7      1  origin replica
///      8      4  tenant
///     12      2  origin region
///     14      2  shard
///     16      8  origin epoch
///     24      8  number of the first record, from 1
///     32      4  records, 1 to 4,096
///     36      4  payload bytes after the header, at most 1,048,576
///     40      8  wall time of the origin, ms since 1970, signed
///     48      8  base HLC: that of the first record
///     56      4  CRC of the origin's batch before, 0 for the first
///     60      4  CRC-32C of bytes 0 to 59 and of the payload
/// </code>
/// The places of magic, version, payload bytes and CRC are the same in every version, so that a batch of a version to come is
/// told from a damaged one.
/// </summary>
public readonly record struct BatchHeader
{
    /// <summary>Bytes of a header.</summary>
    public const int Size = 64;

    /// <summary>The oldest version that this build reads; it is written until a format record has raised it (PROTOCOL 9).</summary>
    public const ushort OldestVersion = 2;

    /// <summary>The newest version that this build reads and writes.</summary>
    public const ushort NewestVersion = 3;

    internal const int CrcOffset = 60;

    internal static ReadOnlySpan<byte> Magic => "TIDL"u8;

    /// <summary>The format's version.</summary>
    public ushort Version { get; init; }

    /// <summary>Flags of the version: none so far.</summary>
    public byte Flags { get; init; }

    /// <summary>The tenant.</summary>
    public TenantId Tenant { get; init; }

    /// <summary>The node that was primary when the batch was made.</summary>
    public NodeId Origin { get; init; }

    /// <summary>The shard.</summary>
    public ShardId Shard { get; init; }

    /// <summary>The leader epoch in the origin's group.</summary>
    public ulong OriginEpoch { get; init; }

    /// <summary>The number of the first record in its origin log, from 1.</summary>
    public ulong FirstNumber { get; init; }

    /// <summary>Records in the batch, at least one.</summary>
    public int Count { get; init; }

    /// <summary>Bytes after the header.</summary>
    public int PayloadBytes { get; init; }

    /// <summary>The origin's wall clock: milliseconds since 1970, UTC.</summary>
    public long WallTimeMilliseconds { get; init; }

    /// <summary>What the records' times are counted from: the HLC of the first.</summary>
    public HlcTimestamp BaseHlc { get; init; }

    /// <summary>The CRC of the origin's batch before this one: by it a receiver knows that it holds the same history.</summary>
    public uint PreviousCrc { get; init; }

    /// <summary>The CRC of this batch, header and payload: what the next batch carries as <see cref="PreviousCrc"/>.</summary>
    public uint Crc { get; init; }

    /// <summary>The number of the last record.</summary>
    public ulong LastNumber => FirstNumber + (ulong)Count - 1;

    /// <summary>Bytes of the whole batch.</summary>
    public int BatchBytes => Size + PayloadBytes;

    /// <summary>Reads and checks a header; the checksum needs the payload and is checked by <see cref="BatchReader.Open"/>.</summary>
    /// <param name="bytes">At least 64 bytes; what follows is not looked at.</param>
    /// <param name="newest">The newest version that is taken: at most <see cref="NewestVersion"/>.</param>
    /// <exception cref="LogFormatException">The bytes are no header.</exception>
    /// <exception cref="UnsupportedFormatException">They are one of an unknown version or with unknown flags.</exception>
    public static BatchHeader Read(ReadOnlySpan<byte> bytes, ushort newest = NewestVersion)
    {
        CheckFrame(bytes);
        var header = ReadFields(bytes);
        header.Check(newest);
        return header;
    }

    /// <summary>Checks what is the same in all versions, and so comes before the version is believed.</summary>
    internal static void CheckFrame(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < Size)
            throw new LogFormatException($"a batch header of {bytes.Length} bytes", 0, $"{Size} bytes");
        if (!bytes.StartsWith(Magic))
            throw new LogFormatException("no batch starts here", 0, "the magic TIDL");
        var payload = BinaryPrimitives.ReadUInt32LittleEndian(bytes[36..]);
        if (payload > LogLimits.BatchPayloadBytesMax)
            throw new LogFormatException($"a payload of {payload} bytes", 36, $"at most {LogLimits.BatchPayloadBytesMax}");
    }

    internal static BatchHeader ReadFields(ReadOnlySpan<byte> bytes) => new()
    {
        Version = BinaryPrimitives.ReadUInt16LittleEndian(bytes[4..]),
        Flags = bytes[6],
        Tenant = new TenantId(BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..])),
        Origin = new NodeId(new RegionId(BinaryPrimitives.ReadUInt16LittleEndian(bytes[12..])), new ReplicaId(bytes[7])),
        Shard = new ShardId(BinaryPrimitives.ReadUInt16LittleEndian(bytes[14..])),
        OriginEpoch = BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]),
        FirstNumber = BinaryPrimitives.ReadUInt64LittleEndian(bytes[24..]),
        Count = BinaryPrimitives.ReadInt32LittleEndian(bytes[32..]),
        PayloadBytes = BinaryPrimitives.ReadInt32LittleEndian(bytes[36..]),
        WallTimeMilliseconds = BinaryPrimitives.ReadInt64LittleEndian(bytes[40..]),
        BaseHlc = new HlcTimestamp(BinaryPrimitives.ReadUInt64LittleEndian(bytes[48..])),
        PreviousCrc = BinaryPrimitives.ReadUInt32LittleEndian(bytes[56..]),
        Crc = BinaryPrimitives.ReadUInt32LittleEndian(bytes[CrcOffset..]),
    };

    /// <summary>Refuses a version that is not read.</summary>
    internal static void CheckVersion(ushort version, ushort newest)
    {
        if (version < OldestVersion || version > newest)
            throw new UnsupportedFormatException("batch version", version, [.. Enumerable.Range(OldestVersion, newest - OldestVersion + 1)]);
    }

    /// <summary>Refuses a batch of a version that is not read, and looks at nothing else.</summary>
    internal static void MustBeReadable(ReadOnlySpan<byte> batch, ushort newest)
    {
        if (batch.Length >= Size && batch.StartsWith(Magic))
            CheckVersion(BinaryPrimitives.ReadUInt16LittleEndian(batch[4..]), newest);
    }

    /// <summary>Writes the header; the caller adds the CRC.</summary>
    internal void WriteFields(Span<byte> bytes)
    {
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[4..], Version);
        bytes[6] = Flags;
        bytes[7] = Origin.Replica.Number;
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[8..], Tenant.Number);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[12..], Origin.Region.Ordinal);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[14..], Shard.Number);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[16..], OriginEpoch);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[24..], FirstNumber);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[32..], Count);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[36..], PayloadBytes);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[40..], WallTimeMilliseconds);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[48..], BaseHlc.Packed);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[56..], PreviousCrc);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[CrcOffset..], Crc);
    }

    internal void Check(ushort newest)
    {
        CheckVersion(Version, newest);
        if (Flags != 0)
            throw new UnsupportedFormatException("batch flags", Flags, 0);
        if (FirstNumber == 0 || FirstNumber > ulong.MaxValue - LogLimits.BatchRecordsMax)
            throw new LogFormatException($"first number {FirstNumber}", 24, "a number from 1 that leaves room for the batch");
        if (Count is < 1 or > LogLimits.BatchRecordsMax)
            throw new LogFormatException($"{(uint)Count} records", 32, $"1 to {LogLimits.BatchRecordsMax}");
        if (Count * RecordLayout.RecordBytesMin > PayloadBytes)
            throw new LogFormatException($"{Count} records", 32, $"no more than fit into {PayloadBytes} bytes");
    }
}

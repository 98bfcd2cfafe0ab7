using System.Buffers.Binary;
using Tidal.Schema;

namespace Tidal.Log;

/// <summary>
/// The first 32 bytes of a segment file; envelopes follow back to back. It repeats what the file's name says, so that a
/// renamed file is found out, and carries the epoch of the envelope before it, which lies in another segment or is
/// deleted: an election and a follower's check of the log ask for it. Little endian:
/// <code>
/// offset  bytes  field
///      0      4  magic 54 53 45 47 ("TSEG")
///      4      2  version: 1
///      6      2  region
///      8      2  shard
///     10      2  reserved: 0
///     12      8  index of the first envelope, from 1
///     20      8  group epoch of the envelope before it, 0 if it is the first of all
///     28      4  CRC-32C of bytes 0 to 27
/// </code>
/// </summary>
/// <param name="Name">Region, shard and first index.</param>
/// <param name="PreviousEpoch">The group epoch at the index before the first.</param>
public readonly record struct SegmentHeader(SegmentName Name, ulong PreviousEpoch)
{
    /// <summary>Bytes of a header.</summary>
    public const int Size = 32;

    /// <summary>The version that this build writes.</summary>
    public const ushort CurrentVersion = 1;

    private const int CrcOffset = 28;

    private static ReadOnlySpan<byte> Magic => "TSEG"u8;

    /// <summary>Reads and checks a header.</summary>
    /// <param name="bytes">At least 32 bytes; what follows is not looked at.</param>
    /// <exception cref="LogFormatException">The bytes are no header, or a damaged one.</exception>
    /// <exception cref="UnsupportedFormatException">The header is whole but of an unknown version.</exception>
    public static SegmentHeader Read(ReadOnlySpan<byte> bytes) =>
        Inspect(bytes) is { } fault ? throw new LogFormatException(fault.What, fault.Offset, fault.Expected) : ReadWhole(bytes);

    /// <summary>Writes the header.</summary>
    /// <param name="bytes">At least 32 bytes.</param>
    public void Write(Span<byte> bytes)
    {
        bytes[..Size].Clear();
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[4..], CurrentVersion);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[6..], Name.Region.Ordinal);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[8..], Name.Shard.Number);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[12..], Name.FirstIndex);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[20..], PreviousEpoch);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[CrcOffset..], Crc32C.Of(bytes[..CrcOffset]));
    }

    /// <summary>What keeps the bytes from beginning with a whole header; null when nothing does.</summary>
    internal static EnvelopeFault? Inspect(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < Size)
            return new EnvelopeFault(0, $"a segment's header is cut off after {bytes.Length} bytes", $"{Size} bytes");
        if (!bytes.StartsWith(Magic))
            return new EnvelopeFault(0, "no segment starts here", "the magic TSEG");
        var stored = BinaryPrimitives.ReadUInt32LittleEndian(bytes[CrcOffset..]);
        var crc = Crc32C.Of(bytes[..CrcOffset]);
        return crc == stored ? null : new EnvelopeFault(CrcOffset, $"a segment header's checksum is {stored:X8}", $"{crc:X8}");
    }

    /// <summary>Reads a header whose checksum holds.</summary>
    internal static SegmentHeader ReadWhole(ReadOnlySpan<byte> bytes)
    {
        var version = BinaryPrimitives.ReadUInt16LittleEndian(bytes[4..]);
        if (version != CurrentVersion)
            throw new UnsupportedFormatException("segment version", version, CurrentVersion);
        var reserved = BinaryPrimitives.ReadUInt16LittleEndian(bytes[10..]);
        if (reserved != 0)
            throw new UnsupportedFormatException("segment flags", reserved, 0);
        var region = new RegionId(BinaryPrimitives.ReadUInt16LittleEndian(bytes[6..]));
        var shard = new ShardId(BinaryPrimitives.ReadUInt16LittleEndian(bytes[8..]));
        var name = new SegmentName(region, shard, BinaryPrimitives.ReadUInt64LittleEndian(bytes[12..]));
        return new SegmentHeader(name, BinaryPrimitives.ReadUInt64LittleEndian(bytes[20..]));
    }
}

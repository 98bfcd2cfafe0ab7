using System.Buffers.Binary;
using System.Globalization;
using Tidal.Schema;

namespace Tidal.Log;

/// <summary>A voter of a group as a checkpoint knows it.</summary>
/// <param name="Index">The index of the voter record that named it.</param>
/// <param name="Voter">The place and its store.</param>
public readonly record struct CommittedVoter(ulong Index, Voter Voter);

/// <summary>
/// What a checkpoint says of its group, as of its index: what would else be read from the log before it. The file is named
/// <c>checkpoint-00000000000000000042</c>. Little endian:
/// <code>
/// offset  bytes  field
///      0      4  magic 54 43 48 4B ("TCHK")
///      4      2  version: 1, or 2 once a format record was committed
///      6      2  region
///      8      2  shard
///     10      2  voters, at most 16
///     12      8  index: the last envelope that the state stands for
///     20      8  group epoch at that index
///     28      8  group epoch in which the group was founded
///     36      8  bytes of state, at most 1 GiB
///     44      4  CRC-32C of bytes 0 to 43, and of all that follows
///     48      2  version 2: the batch version that was raised
///  48/50         of each voter: index of its record 8, replica 1, store id 8; then the state
/// </code>
/// Immutable as long as nobody changes the array given to it.
/// </summary>
/// <param name="Region">The replica's region.</param>
/// <param name="Shard">Its shard.</param>
/// <param name="Index">The index of the last envelope that the state stands for.</param>
/// <param name="Epoch">The group epoch at that index.</param>
/// <param name="FoundingEpoch">The group epoch in which the group was founded.</param>
/// <param name="Voters">The newest committed voter of each place.</param>
public sealed record CheckpointHeader(
    RegionId Region, ShardId Shard, ulong Index, ulong Epoch, ulong FoundingEpoch, ReadOnlyMemory<CommittedVoter> Voters)
{
    /// <summary>The version without a raised format: software that knows of none reads it.</summary>
    private const ushort PlainVersion = 1;

    /// <summary>The version with it.</summary>
    private const ushort RaisedVersion = 2;

    /// <summary>Bytes of a whole file, at most.</summary>
    public const int FileBytesMax = LogLimits.CheckpointBytesMax + 1024;

    private const int PlainHeadBytes = 48;
    private const int RaisedHeadBytes = 50;
    private const int CrcOffset = 44;
    private const int VoterBytes = 17;
    private const string Prefix = "checkpoint-";

    private static ReadOnlySpan<byte> Magic => "TCHK"u8;

    /// <summary>The newest batch version that a format record up to the index has raised; the oldest if none has.</summary>
    public ushort Format { get; init; } = BatchHeader.OldestVersion;

    private ushort Version => Format > BatchHeader.OldestVersion ? RaisedVersion : PlainVersion;

    /// <summary>The file that a checkpoint of an index is in.</summary>
    /// <param name="index">The index.</param>
    public static string FileName(ulong index) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{index:D20}");

    /// <summary>Reads the index out of a file's name.</summary>
    /// <param name="name">The name of any file in a store.</param>
    /// <param name="index">The index, when the answer is true.</param>
    /// <returns>Whether it is a checkpoint's.</returns>
    public static bool TryParse(string name, out ulong index)
    {
        ArgumentNullException.ThrowIfNull(name);
        index = 0;
        return name.StartsWith(Prefix, StringComparison.Ordinal)
            && ulong.TryParse(name.AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out index)
            && name == FileName(index);
    }

    /// <summary>The whole file.</summary>
    /// <param name="state">The state at the index.</param>
    /// <exception cref="InvalidRecordException">The state has too many bytes, or there are too many voters.</exception>
    public byte[] Encode(ReadOnlySpan<byte> state)
    {
        if (state.Length > LogLimits.CheckpointBytesMax)
            throw new InvalidRecordException("a checkpoint's state", $"{state.Length} bytes", $"at most {LogLimits.CheckpointBytesMax}");
        if (Voters.Length > LogLimits.VotersMax)
            throw new InvalidRecordException("a checkpoint's voters", $"{Voters.Length}", $"at most {LogLimits.VotersMax}");
        var headBytes = HeadBytesOf(Version);
        var bytes = new byte[headBytes + Voters.Length * VoterBytes + state.Length];
        WriteHead(bytes, state.Length);
        var body = bytes.AsSpan(headBytes);
        foreach (var voter in Voters.Span)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(body, voter.Index);
            body[8] = voter.Voter.Replica.Number;
            BinaryPrimitives.WriteUInt64LittleEndian(body[9..], voter.Voter.Store.Value);
            body = body[VoterBytes..];
        }
        state.CopyTo(body);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(CrcOffset), Crc32C.Of(bytes.AsSpan(0, CrcOffset), bytes.AsSpan(PlainHeadBytes)));
        return bytes;
    }

    /// <summary>Reads a whole file.</summary>
    /// <param name="bytes">The file's bytes; the state refers to them and does not copy.</param>
    /// <exception cref="LogFormatException">They are no checkpoint, or a damaged one.</exception>
    /// <exception cref="UnsupportedFormatException">It is whole but of an unknown version.</exception>
    public static (CheckpointHeader Header, ReadOnlyMemory<byte> State) Decode(ReadOnlyMemory<byte> bytes)
    {
        CheckWhole(bytes.Span);
        var head = bytes.Span;
        var version = BinaryPrimitives.ReadUInt16LittleEndian(head[4..]);
        if (version is not (PlainVersion or RaisedVersion))
            throw new UnsupportedFormatException("checkpoint version", version, PlainVersion, RaisedVersion);
        var headBytes = HeadBytesOf(version);
        var voters = new CommittedVoter[BinaryPrimitives.ReadUInt16LittleEndian(head[10..])];
        for (var place = 0; place < voters.Length; place++)
            voters[place] = ReadVoter(head[(headBytes + place * VoterBytes)..]);
        var header = new CheckpointHeader(
            new RegionId(BinaryPrimitives.ReadUInt16LittleEndian(head[6..])),
            new ShardId(BinaryPrimitives.ReadUInt16LittleEndian(head[8..])),
            BinaryPrimitives.ReadUInt64LittleEndian(head[12..]),
            BinaryPrimitives.ReadUInt64LittleEndian(head[20..]),
            BinaryPrimitives.ReadUInt64LittleEndian(head[28..]),
            voters)
        {
            Format = version == RaisedVersion ? BinaryPrimitives.ReadUInt16LittleEndian(head[PlainHeadBytes..]) : BatchHeader.OldestVersion,
        };
        return (header, bytes[(headBytes + voters.Length * VoterBytes)..]);
    }

    private static CommittedVoter ReadVoter(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadUInt64LittleEndian(bytes),
        new Voter(new ReplicaId(bytes[8]), new StoreId(BinaryPrimitives.ReadUInt64LittleEndian(bytes[9..]))));

    private void WriteHead(Span<byte> bytes, int stateBytes)
    {
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[4..], Version);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[6..], Region.Ordinal);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[8..], Shard.Number);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[10..], (ushort)Voters.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[12..], Index);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[20..], Epoch);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[28..], FoundingEpoch);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[36..], stateBytes);
        if (Version == RaisedVersion)
            BinaryPrimitives.WriteUInt16LittleEndian(bytes[PlainHeadBytes..], Format);
    }

    // Asked of bytes of which nothing is known yet, too: what is of no known version is refused once it is known to be whole.
    private static int HeadBytesOf(ushort version) => version == RaisedVersion ? RaisedHeadBytes : PlainHeadBytes;

    private static void CheckWhole(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < PlainHeadBytes)
            throw new LogFormatException($"a checkpoint is cut off after {bytes.Length} bytes", 0, $"{PlainHeadBytes} bytes at least");
        if (!bytes.StartsWith(Magic))
            throw new LogFormatException("no checkpoint starts here", 0, "the magic TCHK");
        var length = HeadBytesOf(BinaryPrimitives.ReadUInt16LittleEndian(bytes[4..])) + BinaryPrimitives.ReadUInt16LittleEndian(bytes[10..]) * VoterBytes + BinaryPrimitives.ReadInt64LittleEndian(bytes[36..]);
        if (length != bytes.Length)
            throw new LogFormatException($"a checkpoint has {bytes.Length} bytes", 36, $"{length} bytes");
        var stored = BinaryPrimitives.ReadUInt32LittleEndian(bytes[CrcOffset..]);
        var crc = Crc32C.Of(bytes[..CrcOffset], bytes[PlainHeadBytes..]);
        if (crc != stored)
            throw new LogFormatException($"a checkpoint's checksum is {stored:X8}", CrcOffset, $"{crc:X8}");
    }
}

using System.Buffers.Binary;
using Tidal.Schema;

namespace Tidal.Log;

/// <summary>A hard state with its place in the journal, as bytes; the layout stands at <see cref="HardStateJournal"/>.</summary>
internal readonly record struct HardStateRecord(ulong Sequence, HardState State)
{
    public const int Size = 48;
    private const byte CurrentVersion = 1;
    private const int CrcOffset = 44;

    private static ReadOnlySpan<byte> Magic => "THST"u8;

    public void Write(Span<byte> bytes)
    {
        bytes[..Size].Clear();
        Magic.CopyTo(bytes);
        bytes[4] = CurrentVersion;
        bytes[5] = State.Vote is null ? (byte)0 : (byte)1;
        bytes[6] = State.Vote?.Number ?? 0;
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[8..], Sequence);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[16..], State.Store.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[24..], State.Epoch);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[32..], State.CommitIndex);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[CrcOffset..], Crc32C.Of(bytes[..CrcOffset]));
    }

    /// <summary>Reads a record; false when it is damaged.</summary>
    /// <exception cref="UnsupportedFormatException">It is whole but of an unknown version.</exception>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out HardStateRecord record)
    {
        record = default;
        if (bytes.Length < Size || !bytes.StartsWith(Magic)
            || Crc32C.Of(bytes[..CrcOffset]) != BinaryPrimitives.ReadUInt32LittleEndian(bytes[CrcOffset..]))
            return false;
        if (bytes[4] != CurrentVersion)
            throw new UnsupportedFormatException("hard state version", bytes[4], CurrentVersion);
        var state = new HardState(
            new StoreId(BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..])),
            BinaryPrimitives.ReadUInt64LittleEndian(bytes[24..]),
            bytes[5] == 0 ? null : new ReplicaId(bytes[6]),
            BinaryPrimitives.ReadUInt64LittleEndian(bytes[32..]));
        record = new HardStateRecord(BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]), state);
        return true;
    }
}

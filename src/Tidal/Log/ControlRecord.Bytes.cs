using System.Buffers.Binary;
using Tidal.Schema;

namespace Tidal.Log;

/// <content>To bytes and back.</content>
public readonly partial record struct ControlRecord
{
    private const int VoterBytes = 9;
    private const int SnapshotHeadBytes = 22;

    /// <summary>Encodes the record, as an envelope's payload.</summary>
    /// <exception cref="InvalidRecordException">A field is outside its limits.</exception>
    public byte[] Encode()
    {
        CheckFields();
        var bytes = new byte[EncodedLength()];
        bytes[0] = (byte)Kind;
        var body = bytes.AsSpan(1);
        switch (Kind)
        {
            case ControlKind.Epoch:
                body[0] = Primary.Number;
                break;
            case ControlKind.Voter:
                WriteVoters(body);
                break;
            case ControlKind.Format:
                BinaryPrimitives.WriteUInt16LittleEndian(body, FormatVersion);
                break;
            case ControlKind.Snapshot:
                BinaryPrimitives.WriteUInt32LittleEndian(body, Tenant.Number);
                BinaryPrimitives.WriteUInt16LittleEndian(body[4..], Source.Ordinal);
                BinaryPrimitives.WriteUInt64LittleEndian(body[6..], SnapshotId);
                BinaryPrimitives.WriteUInt32LittleEndian(body[14..], ChunkNumber);
                BinaryPrimitives.WriteUInt32LittleEndian(body[18..], ChunkCount);
                Chunk.Span.CopyTo(body[SnapshotHeadBytes..]);
                break;
            default:
                BinaryPrimitives.WriteUInt32LittleEndian(body, Tenant.Number);
                BinaryPrimitives.WriteUInt64LittleEndian(body[4..], TableVersion);
                break;
        }
        return bytes;
    }

    /// <summary>Decodes the payload of a control envelope.</summary>
    /// <param name="bytes">Exactly one control record; a snapshot's chunk refers to them and does not copy.</param>
    /// <exception cref="LogFormatException">The bytes are no control record.</exception>
    /// <exception cref="UnsupportedFormatException">The kind is unknown.</exception>
    public static ControlRecord Decode(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.IsEmpty)
            throw new LogFormatException("an empty control record", 0, "a kind");
        var body = bytes.Span[1..];
        return (ControlKind)bytes.Span[0] switch
        {
            ControlKind.Epoch => ForEpoch(new ReplicaId(Exactly(1, body)[0])),
            ControlKind.Voter => ForVoters(ReadVoters(body)),
            ControlKind.Format => ForFormat(BinaryPrimitives.ReadUInt16LittleEndian(Exactly(2, body))),
            ControlKind.Snapshot => ReadSnapshot(bytes),
            ControlKind.Erase => ForErase(ReadTenant(Exactly(12, body)), BinaryPrimitives.ReadUInt64LittleEndian(body[4..])),
            _ => throw new UnsupportedFormatException("control kind", bytes.Span[0], 1, 2, 3, 4, 5),
        };
    }

    private static ReadOnlySpan<byte> Exactly(int length, ReadOnlySpan<byte> body) =>
        body.Length == length ? body : throw new LogFormatException($"a control record's body of {body.Length} bytes", 1, $"{length} bytes");

    private static TenantId ReadTenant(ReadOnlySpan<byte> body) => new(BinaryPrimitives.ReadUInt32LittleEndian(body));

    private static Voter[] ReadVoters(ReadOnlySpan<byte> body)
    {
        if (body.IsEmpty || body[0] is 0 or > LogLimits.VotersMax)
            throw new LogFormatException("a voter record's count", 1, $"1 to {LogLimits.VotersMax}");
        var voters = new Voter[body[0]];
        body = Exactly(1 + (voters.Length * VoterBytes), body)[1..];
        for (var i = 0; i < voters.Length; i++, body = body[VoterBytes..])
            voters[i] = new Voter(new ReplicaId(body[0]), new StoreId(BinaryPrimitives.ReadUInt64LittleEndian(body[1..])));
        return voters;
    }

    private static ControlRecord ReadSnapshot(ReadOnlyMemory<byte> bytes)
    {
        var body = bytes.Span[1..];
        if (body.Length is < SnapshotHeadBytes or > SnapshotHeadBytes + LogLimits.SnapshotChunkBytesMax)
            throw new LogFormatException($"a snapshot record of {bytes.Length} bytes", 1, $"{1 + SnapshotHeadBytes} to {1 + SnapshotHeadBytes + LogLimits.SnapshotChunkBytesMax}");
        var source = new RegionId(BinaryPrimitives.ReadUInt16LittleEndian(body[4..]));
        var id = BinaryPrimitives.ReadUInt64LittleEndian(body[6..]);
        var number = BinaryPrimitives.ReadUInt32LittleEndian(body[14..]);
        var count = BinaryPrimitives.ReadUInt32LittleEndian(body[18..]);
        if (number >= count || count > LogLimits.SnapshotChunksMax)
            throw new LogFormatException($"chunk {number} of {count}", 15, $"a number below the count, which is at most {LogLimits.SnapshotChunksMax}");
        return ForSnapshot(ReadTenant(body), source, id, number, count, bytes[(1 + SnapshotHeadBytes)..]);
    }

    private int EncodedLength() => 1 + Kind switch
    {
        ControlKind.Epoch => 1,
        ControlKind.Voter => 1 + (Voters.Length * VoterBytes),
        ControlKind.Format => 2,
        ControlKind.Snapshot => SnapshotHeadBytes + Chunk.Length,
        _ => 12,
    };

    private void CheckFields()
    {
        if (Kind is < ControlKind.Epoch or > ControlKind.Erase)
            throw new InvalidRecordException("a control record's kind", $"{(byte)Kind}", "1 to 5");
        if (Kind == ControlKind.Voter && Voters.Length is 0 or > LogLimits.VotersMax)
            throw new InvalidRecordException("a voter record", $"{Voters.Length} voters", $"1 to {LogLimits.VotersMax}");
        if (Kind == ControlKind.Snapshot && (ChunkNumber >= ChunkCount || ChunkCount > LogLimits.SnapshotChunksMax))
            throw new InvalidRecordException("a snapshot's chunk", $"{ChunkNumber} of {ChunkCount}", $"below the count, which is at most {LogLimits.SnapshotChunksMax}");
        if (Chunk.Length > LogLimits.SnapshotChunkBytesMax)
            throw new InvalidRecordException("a snapshot's chunk", $"{Chunk.Length} bytes", $"at most {LogLimits.SnapshotChunkBytesMax}");
    }

    private void WriteVoters(Span<byte> body)
    {
        body[0] = (byte)Voters.Length;
        body = body[1..];
        foreach (var voter in Voters.Span)
        {
            body[0] = voter.Replica.Number;
            BinaryPrimitives.WriteUInt64LittleEndian(body[1..], voter.Store.Value);
            body = body[VoterBytes..];
        }
    }
}

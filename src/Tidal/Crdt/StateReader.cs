using System.Buffers.Binary;
using System.Text;
using Tidal.Schema;

namespace Tidal.Crdt;

/// <summary>
/// Reads back what a <see cref="StateWriter"/> took, in the same order. Bytes that were damaged or belong to another state
/// are refused with an error that names the offset, never guessed at. Not safe for use by several threads.
/// </summary>
public sealed class StateReader
{
    private readonly ReadOnlyMemory<byte> _bytes;
    private int _offset;

    /// <summary>Reads from the beginning.</summary>
    /// <param name="bytes">What a <see cref="SnapshotWriter"/> has written.</param>
    public StateReader(ReadOnlyMemory<byte> bytes) => _bytes = bytes;

    /// <summary>Whether everything was read.</summary>
    public bool IsAtEnd => _offset == _bytes.Length;

    /// <summary>Reads an integer.</summary>
    /// <exception cref="SnapshotDamagedException">The bytes end before it.</exception>
    public long ReadInt64() => BinaryPrimitives.ReadInt64LittleEndian(Take(sizeof(long)));

    /// <summary>Reads an unsigned integer.</summary>
    /// <exception cref="SnapshotDamagedException">The bytes end before it.</exception>
    public ulong ReadUInt64() => unchecked((ulong)ReadInt64());

    /// <summary>Reads an integer that is in a range: a count, an ordinal.</summary>
    /// <param name="least">The least it can be.</param>
    /// <param name="most">The most it can be.</param>
    /// <exception cref="SnapshotDamagedException">It is not, or the bytes end before it.</exception>
    public int ReadInt32(int least = 0, int most = int.MaxValue)
    {
        var value = ReadInt64();
        return value >= least && value <= most
            ? (int)value
            : throw new SnapshotDamagedException(_offset - sizeof(long), $"a number from {least} to {most} was expected, and {value} found");
    }

    /// <summary>Reads how many of something follow: no more than the bytes that are left can hold.</summary>
    /// <param name="bytesEach">The fewest bytes that each of them takes.</param>
    /// <exception cref="SnapshotDamagedException">They cannot, or the bytes end before the number.</exception>
    public int ReadCount(int bytesEach) => ReadInt32(0, Math.Max(0, _bytes.Length - _offset - sizeof(long)) / bytesEach);

    /// <summary>Reads a double, to the bit.</summary>
    /// <exception cref="SnapshotDamagedException">The bytes end before it.</exception>
    public double ReadDouble() => BitConverter.Int64BitsToDouble(ReadInt64());

    /// <summary>Reads the stamp of a write and the node that breaks its ties.</summary>
    /// <exception cref="SnapshotDamagedException">There is none.</exception>
    public (HlcTimestamp Stamp, NodeId Node) ReadStamp() => (ReadHlc(), new NodeId(ReadRegion(), new ReplicaId((byte)ReadInt32(0, byte.MaxValue))));

    /// <summary>Reads a hybrid logical clock's reading.</summary>
    /// <exception cref="SnapshotDamagedException">The bytes end before it.</exception>
    public HlcTimestamp ReadHlc() => new(ReadUInt64());

    /// <summary>Reads a region.</summary>
    /// <exception cref="SnapshotDamagedException">There is none.</exception>
    public RegionId ReadRegion() => new((ushort)ReadInt32(0, ushort.MaxValue));

    /// <summary>Reads an operation's identity.</summary>
    /// <exception cref="SnapshotDamagedException">There is none.</exception>
    public OperationId ReadOperation() => new(new SessionId(ReadRegion(), ReadUInt64()), ReadUInt64());

    /// <summary>Reads bytes that were added with their length before them.</summary>
    /// <exception cref="SnapshotDamagedException">There are none.</exception>
    public ReadOnlyMemory<byte> ReadBytes()
    {
        var length = Take(ReadInt32()).Length;
        return _bytes.Slice(_offset - length, length);
    }

    /// <summary>Reads a string.</summary>
    /// <exception cref="SnapshotDamagedException">There is none.</exception>
    public string ReadString() => Encoding.UTF8.GetString(Take(ReadInt32()));

    /// <summary>Makes sure that everything was read.</summary>
    /// <exception cref="SnapshotDamagedException">Something is left over.</exception>
    public void MustBeAtEnd()
    {
        if (!IsAtEnd)
            throw new SnapshotDamagedException(_offset, $"the end was expected, and {_bytes.Length - _offset} bytes more found");
    }

    private ReadOnlySpan<byte> Take(int length)
    {
        if (length > _bytes.Length - _offset)
            throw new SnapshotDamagedException(_offset, $"{length} bytes were expected, and {_bytes.Length - _offset} are left");
        _offset += length;
        return _bytes.Span.Slice(_offset - length, length);
    }
}

/// <summary>A snapshot's bytes are not what a snapshot writes.</summary>
public sealed class SnapshotDamagedException : TidalException
{
    /// <summary>Makes the error.</summary>
    /// <param name="offset">Where, in bytes from the beginning.</param>
    /// <param name="problem">What was expected there and what was found.</param>
    public SnapshotDamagedException(long offset, string problem)
        : base($"A snapshot is damaged at offset {offset}: {problem}.") => Offset = offset;

    /// <summary>Where, in bytes from the beginning.</summary>
    public long Offset { get; }
}

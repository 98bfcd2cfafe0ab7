using System.Buffers;

namespace Tidal.Crdt;

/// <summary>The canonical form of a state as bytes, for <see cref="StateReader"/> to read back. Not safe for use by several threads.</summary>
public sealed class SnapshotWriter : StateWriter
{
    private readonly ArrayBufferWriter<byte> _bytes = new();

    /// <summary>All that was added so far.</summary>
    public byte[] ToBytes()
    {
        Spill();
        return _bytes.WrittenSpan.ToArray();
    }

    /// <inheritdoc/>
    protected override void Append(ReadOnlySpan<byte> bytes) => _bytes.Write(bytes);
}

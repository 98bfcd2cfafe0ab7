using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Tidal.Schema;

namespace Tidal.Crdt;

/// <summary>
/// Takes a state in canonical form: the one walk over it that serves both its digest (<see cref="StateDigest"/>) and its
/// snapshot (<see cref="SnapshotWriter"/>), so that nothing can be in the one and missing in the other. What is put in is a
/// function of the logs held and comes in a canonical order; nothing that depends on a clock, a cache or the order of arrival
/// belongs in it. <see cref="StateReader"/> reads it back. Little endian; integers take 8 bytes. Not safe for use by several
/// threads.
/// </summary>
public abstract class StateWriter
{
    private readonly byte[] _buffer = new byte[64 * 1024];
    private int _used;

    /// <summary>Adds an integer.</summary>
    /// <param name="value">The value.</param>
    public void Add(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(Take(sizeof(long)), value);
    }

    /// <summary>Adds the bits of an unsigned integer.</summary>
    /// <param name="value">The value.</param>
    public void Add(ulong value) => Add(unchecked((long)value));

    /// <summary>Adds the bits of a double.</summary>
    /// <param name="value">The value.</param>
    public void Add(double value) => Add(BitConverter.DoubleToInt64Bits(value));

    /// <summary>Adds the stamp of a write and the node that breaks its ties.</summary>
    /// <param name="stamp">The stamp.</param>
    /// <param name="node">The node.</param>
    public void Add(HlcTimestamp stamp, NodeId node)
    {
        Add(stamp.Packed);
        Add(node.Region.Ordinal);
        Add(node.Replica.Number);
    }

    /// <summary>Adds an operation's identity.</summary>
    /// <param name="operation">The operation.</param>
    public void Add(OperationId operation)
    {
        Add(operation.Session.Region.Ordinal);
        Add(operation.Session.Number);
        Add(operation.Number);
    }

    /// <summary>Adds a string, preceded by its length, so that neighbours cannot trade characters.</summary>
    /// <param name="value">The value.</param>
    public void Add(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        var utf8 = Encoding.UTF8.GetBytes(value);
        Add(utf8.Length);
        Add(utf8.AsSpan());
    }

    /// <summary>Adds bytes, preceded by their length.</summary>
    /// <param name="bytes">The bytes.</param>
    public void AddBytes(ReadOnlySpan<byte> bytes)
    {
        Add(bytes.Length);
        Add(bytes);
    }

    /// <summary>Adds a value whose type is only known where it is used: that of a register.</summary>
    /// <typeparam name="T">An integer, a double, a string or a <see cref="RegionId"/>.</typeparam>
    /// <param name="value">The value.</param>
    /// <exception cref="NotSupportedException">The value is of another type: its bytes are not defined.</exception>
    public void AddValue<T>(T value)
    {
        switch (value)
        {
            case string text:
                Add(text);
                break;
            case RegionId region:
                Add(region.Ordinal);
                break;
            case long or int or ushort or byte:
                Add(Convert.ToInt64(value, CultureInfo.InvariantCulture));
                break;
            case ulong number:
                Add(number);
                break;
            case double number:
                Add(number);
                break;
            default:
                throw new NotSupportedException($"A digest takes integers, doubles, strings and regions, no {typeof(T)}.");
        }
    }

    /// <summary>Adds bytes as they are.</summary>
    /// <param name="bytes">The bytes.</param>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length <= _buffer.Length)
        {
            bytes.CopyTo(Take(bytes.Length));
            return;
        }
        Spill();
        Append(bytes);
    }

    /// <summary>Passes on what was added so far.</summary>
    protected void Spill()
    {
        if (_used > 0)
            Append(_buffer.AsSpan(0, _used));
        _used = 0;
    }

    /// <summary>Takes the next bytes of the canonical form.</summary>
    /// <param name="bytes">The bytes; not to be kept.</param>
    protected abstract void Append(ReadOnlySpan<byte> bytes);

    private Span<byte> Take(int length)
    {
        if (_used + length > _buffer.Length)
            Spill();
        _used += length;
        return _buffer.AsSpan(_used - length, length);
    }
}

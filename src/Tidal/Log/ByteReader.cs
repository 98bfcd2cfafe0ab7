using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace Tidal.Log;

/// <summary>
/// Reads the pieces a record is made of. It takes only what <see cref="ByteWriter"/> writes: a longer form of the same
/// number is refused, so that one record has one encoding. Errors carry the offset in the batch.
/// </summary>
/// <param name="bytes">The payload.</param>
/// <param name="start">Where the payload stands in what the caller was given, for errors.</param>
/// <param name="keepsStrings">False to check strings without making them.</param>
internal ref struct ByteReader(ReadOnlySpan<byte> bytes, int start, bool keepsStrings)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private readonly int _start = start;
    private readonly bool _keepsStrings = keepsStrings;

    public int Position { get; private set; }

    public readonly int Remaining => _bytes.Length - Position;

    public byte Byte(string what)
    {
        if (Position >= _bytes.Length)
            throw Error($"{what} is cut off", "more bytes");
        return _bytes[Position++];
    }

    public ulong Varint(string what)
    {
        if (Position < _bytes.Length && _bytes[Position] < 0x80)
            return _bytes[Position++];
        return LongVarint(what);
    }

    public ulong Varint(ulong min, ulong max, string what)
    {
        var value = Varint(what);
        return value >= min && value <= max ? value : throw Error($"{what} is {value}", $"{min} to {max}");
    }

    public long Zigzag(string what)
    {
        var value = Varint(what);
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    public double Double(string what)
    {
        if (Remaining < sizeof(double))
            throw Error($"{what} is cut off", "8 bytes");
        var value = BinaryPrimitives.ReadDoubleLittleEndian(_bytes[Position..]);
        Position += sizeof(double);
        return value;
    }

    public string String(int bytesMin, string what) => StringOf(Varint(what), bytesMin, what);

    /// <summary>The one place where a string is made: what a cache of strings has to replace.</summary>
    public string StringOf(ulong length, int bytesMin, string what)
    {
        if (length > LogLimits.StringBytesMax || length < (ulong)bytesMin)
            throw Error($"{what} has {length} bytes", $"{bytesMin} to {LogLimits.StringBytesMax}");
        if (length > (ulong)Remaining)
            throw Error($"{what} has {length} bytes", $"at most the {Remaining} that are left");
        var utf8 = _bytes.Slice(Position, (int)length);
        if (!Utf8.IsValid(utf8))
            throw Error($"{what} is not UTF-8", "well-formed UTF-8");
        Position += utf8.Length;
        return _keepsStrings ? Encoding.UTF8.GetString(utf8) : "";
    }

    public readonly LogFormatException Error(string what, string expected) => new(what, _start + Position, expected);

    private ulong LongVarint(string what)
    {
        var value = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = Byte(what);
            if (shift == 63 && next > 1)
                break;
            value |= (ulong)(next & 0x7F) << shift;
            if (next >= 0x80)
                continue;
            return next != 0 || shift == 0 ? value : throw Error($"{what} is longer than it need be", "the shortest varint");
        }
        throw Error($"{what} is over 64 bits", "a varint of at most 64 bits");
    }
}

using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace Tidal.Log;

/// <summary>
/// Writes the pieces a record is made of. The caller gives room for the largest record there can be, so that no piece
/// checks for room; only strings have a bound of their own.
/// </summary>
internal ref struct ByteWriter(Span<byte> bytes)
{
    private readonly Span<byte> _bytes = bytes;

    public int Length { get; private set; }

    public void Byte(byte value) => _bytes[Length++] = value;

    /// <summary>Seven bits a byte, lowest first, the top bit says that more follow (LEB128).</summary>
    public void Varint(ulong value)
    {
        while (value >= 0x80)
        {
            _bytes[Length++] = (byte)(value | 0x80);
            value >>= 7;
        }
        _bytes[Length++] = (byte)value;
    }

    /// <summary>A signed varint: 0, -1, 1, -2 become 0, 1, 2, 3, so that what is near zero is short on both sides.</summary>
    public void Zigzag(long value) => Varint((ulong)((value << 1) ^ (value >> 63)));

    public void Double(double value)
    {
        BinaryPrimitives.WriteDoubleLittleEndian(_bytes[Length..], value);
        Length += sizeof(double);
    }

    /// <summary>A varint length and as many bytes of UTF-8.</summary>
    public void String(string? text, int bytesMin, string what) => TaggedString(text, bytesMin, 0, 0, what);

    /// <summary>A varint that holds the length above <paramref name="tagBits"/> bits of tag, then the bytes.</summary>
    public void TaggedString(string? text, int bytesMin, int tagBits, uint tag, string what)
    {
        var length = Encoding.UTF8.GetByteCount(text ?? "");
        if (length < bytesMin)
            throw new InvalidRecordException(what, "empty", "a string of at least one character");
        if (length > LogLimits.StringBytesMax)
            throw new InvalidRecordException(what, $"{length} bytes", $"at most {LogLimits.StringBytesMax} bytes of UTF-8");
        Varint(((ulong)length << tagBits) | tag);
        var status = Utf8.FromUtf16(text, _bytes.Slice(Length, length), out _, out _, replaceInvalidSequences: false);
        if (status != OperationStatus.Done)
            throw new InvalidRecordException(what, "a string with half a surrogate pair", "well-formed Unicode");
        Length += length;
    }
}

using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using System.Text.Unicode;

namespace Tidal.Log;

/// <summary>
/// Writes the pieces a record is made of. The caller gives room for the largest record there can be, so that no piece
/// checks for room; only strings have a bound of their own.
/// </summary>
/// <param name="payload">The batch's payload so far, and room behind it.</param>
/// <param name="start">Where to write.</param>
/// <param name="dictionary">The strings that may be referred to; null to spell all out.</param>
internal ref struct ByteWriter(Span<byte> payload, int start, BatchDictionary? dictionary)
{
    private readonly Span<byte> _payload = payload;
    private readonly Span<byte> _bytes = payload[start..];
    private readonly int _start = start;
    private readonly BatchDictionary? _dictionary = dictionary;
    private int _saved;

    public int Length { get; private set; }

    /// <summary>The length if no string referred to another.</summary>
    public readonly int SpeltLength => Length + _saved;

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
        var at = Length;
        WriteLead((ulong)length, tagBits, tag, isReference: false);
        var status = Utf8.FromUtf16(text, _bytes.Slice(Length, length), out _, out _, replaceInvalidSequences: false);
        if (status != OperationStatus.Done)
            throw new InvalidRecordException(what, "a string with half a surrogate pair", "well-formed Unicode");
        Length += length;
        if (_dictionary is not null)
            Refer(_dictionary, at, length, tagBits, tag);
    }

    /// <summary>How many bytes a varint takes.</summary>
    public static int VarintBytes(ulong value) => (BitOperations.Log2(value | 1) / 7) + 1;

    /// <summary>Replaces the string that was just spelt out by a reference if it stands in the batch already, or enters it.</summary>
    private void Refer(BatchDictionary dictionary, int at, int length, int tagBits, uint tag)
    {
        var textAt = Length - length;
        var entry = dictionary.Find(_payload, _bytes.Slice(textAt, length));
        if (entry < 0)
        {
            dictionary.Add(_payload, _start + textAt, length);
            return;
        }
        Length = at;
        WriteLead((ulong)entry, tagBits, tag, isReference: true);
        _saved += VarintBytes((ulong)length) + length - (Length - at);
    }

    private void WriteLead(ulong value, int tagBits, uint tag, bool isReference)
    {
        var lead = (value << tagBits) | tag;
        Varint(_dictionary is null ? lead : (lead << 1) | (isReference ? 1UL : 0));
    }
}

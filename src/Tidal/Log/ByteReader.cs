using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Unicode;

namespace Tidal.Log;

/// <summary>
/// Reads the pieces a record is made of. It takes only what <see cref="ByteWriter"/> writes: a longer form of the same
/// number is refused, so that one record has one encoding. Errors carry the offset in the batch.
/// </summary>
/// <param name="bytes">The payload.</param>
/// <param name="start">Where the payload stands in what the caller was given, for errors.</param>
/// <param name="dictionary">The strings that stand in the batch so far; null where strings do not refer back, as before version 3.</param>
/// <param name="isVerified">Whether the bytes were read before, strings and all: what was checked then is not checked again.</param>
internal ref struct ByteReader(ReadOnlySpan<byte> bytes, int start, BatchDictionary? dictionary, bool isVerified)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private readonly int _start = start;
    private readonly BatchDictionary? _dictionary = dictionary;
    private readonly bool _isVerified = isVerified;
    private int _saved;

    public int Position { get; private set; }

    /// <summary>Where the reader would stand if no string referred to another.</summary>
    public readonly int SpeltPosition => Position + _saved;

    public readonly int Remaining => _bytes.Length - Position;

    public byte Byte(string what)
    {
        if (Position >= _bytes.Length)
            throw CutOff(what, "more bytes");
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
        return value >= min && value <= max ? value : throw OutOfRange(what, value, min, max);
    }

    public long Zigzag(string what)
    {
        var value = Varint(what);
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    public double Double(string what)
    {
        if (Remaining < sizeof(double))
            throw CutOff(what, "8 bytes");
        var value = BinaryPrimitives.ReadDoubleLittleEndian(_bytes[Position..]);
        Position += sizeof(double);
        return value;
    }

    public TextPlace String(int bytesMin, string what) => TaggedString(bytesMin, 0, out _, what);

    /// <summary>A string whose varint carries some bits of the caller's, lowest.</summary>
    public TextPlace TaggedString(int bytesMin, int tagBits, out ulong tag, string what)
    {
        var (at, lead) = (Position, Varint(what));
        if (_dictionary is null)
            return Spelt(Untag(lead, tagBits, out tag), bytesMin, what);
        var isReference = (lead & 1) != 0;
        var value = Untag(lead >> 1, tagBits, out tag);
        return isReference ? Entry(value, at, what) : NewString(_dictionary, value, bytesMin, what);
    }

    /// <summary>The bytes of a string.</summary>
    public readonly ReadOnlySpan<byte> BytesOf(TextPlace place) => _bytes.Slice(place.Start, place.Length);

    /// <summary>Makes a string; one that others refer to is made once.</summary>
    public readonly string TextOf(TextPlace place) =>
        place.Entry >= 0 ? _dictionary!.TextOf(_bytes, place.Entry) : Encoding.UTF8.GetString(BytesOf(place));

    private static ulong Untag(ulong value, int tagBits, out ulong tag)
    {
        tag = value & ((1UL << tagBits) - 1);
        return value >> tagBits;
    }

    private TextPlace Entry(ulong entry, int at, string what)
    {
        if (entry >= (ulong)_dictionary!.Count)
            throw NoEntry(what, entry);
        ref readonly var held = ref _dictionary[(int)entry];
        _saved += ByteWriter.VarintBytes((ulong)held.Length) + held.Length - (Position - at);
        return new TextPlace(held.Start, held.Length, (int)entry);
    }

    private TextPlace NewString(BatchDictionary dictionary, ulong length, int bytesMin, string what)
    {
        var text = Spelt(length, bytesMin, what);
        if (!_isVerified && dictionary.Find(_bytes, BytesOf(text)) >= 0)
            throw Error(what + " is spelt out again", "a reference to where it stands");
        return text with { Entry = dictionary.Add(_bytes, text.Start, text.Length, isFound: !_isVerified) };
    }

    private TextPlace Spelt(ulong length, int bytesMin, string what)
    {
        if (length > LogLimits.StringBytesMax || length < (ulong)bytesMin)
            throw WrongLength(what, length, bytesMin);
        if (length > (ulong)Remaining)
            throw TooLong(what, length);
        var place = new TextPlace(Position, (int)length, -1);
        if (!_isVerified && !Utf8.IsValid(BytesOf(place)))
            throw Error(what + " is not UTF-8", "well-formed UTF-8");
        Position += place.Length;
        return place;
    }

    // Apart from where they are thrown: a text that is put together there would cost every call that has none.
    [MethodImpl(MethodImplOptions.NoInlining)]
    public readonly LogFormatException Error(string what, string expected) => new(what, _start + Position, expected);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private readonly LogFormatException CutOff(string what, string expected) => Error($"{what} is cut off", expected);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private readonly LogFormatException OutOfRange(string what, ulong value, ulong min, ulong max) => Error($"{what} is {value}", $"{min} to {max}");

    [MethodImpl(MethodImplOptions.NoInlining)]
    private readonly LogFormatException NoEntry(string what, ulong entry) =>
        Error($"{what} is string {entry}", $"one of the {_dictionary!.Count} before it");

    [MethodImpl(MethodImplOptions.NoInlining)]
    private readonly LogFormatException WrongLength(string what, ulong length, int bytesMin) =>
        Error($"{what} has {length} bytes", $"{bytesMin} to {LogLimits.StringBytesMax}");

    [MethodImpl(MethodImplOptions.NoInlining)]
    private readonly LogFormatException TooLong(string what, ulong length) =>
        Error($"{what} has {length} bytes", $"at most the {Remaining} that are left");

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

/// <summary>Where a string of a batch stands.</summary>
/// <param name="Start">Where in the payload its bytes begin.</param>
/// <param name="Length">How many there are.</param>
/// <param name="Entry">Its entry in the batch's dictionary, or -1.</param>
internal readonly record struct TextPlace(int Start, int Length, int Entry);

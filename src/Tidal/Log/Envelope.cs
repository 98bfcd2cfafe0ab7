using System.Buffers.Binary;

namespace Tidal.Log;

/// <summary>What an envelope holds.</summary>
public enum EnvelopeKind : byte
{
    /// <summary>A batch: <see cref="BatchReader"/> reads it.</summary>
    Batch = 1,

    /// <summary>A control record: <see cref="ControlRecord.Decode"/> reads it.</summary>
    Control = 2,
}

/// <summary>
/// One entry of a group's log: a batch or a control record with its place in the log. The leader writes it, commit index
/// included; followers copy it byte for byte and never encode it again (PROTOCOL 4). A value over bytes that nobody may
/// change as long as it lives; safe to share between threads. Little endian:
/// <code>
/// offset  bytes  field
///      0      4  magic 54 45 4E 56 ("TENV")
///      4      1  version: 1
///      5      1  kind: 1 batch, 2 control
///      6      2  reserved: 0
///      8      8  group epoch
///     16      8  index, from 1
///     24      8  commit index, as the leader knew it
///     32      4  payload bytes, at most 1,049,600
///     36      4  CRC-32C of bytes 0 to 35 and of the payload
///     40         payload
/// </code>
/// </summary>
public readonly struct Envelope : IEquatable<Envelope>
{
    /// <summary>Bytes before the payload.</summary>
    public const int HeaderBytes = 40;

    /// <summary>The version that this build writes.</summary>
    public const byte CurrentVersion = 1;

    internal const int BytesMax = HeaderBytes + LogLimits.EnvelopePayloadBytesMax;
    private const int CrcOffset = 36;

    private Envelope(ReadOnlyMemory<byte> bytes) => Bytes = bytes;

    /// <summary>The whole envelope, as it is stored and sent.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>Bytes of the whole envelope.</summary>
    public int Length => Bytes.Length;

    /// <summary>What it holds.</summary>
    public EnvelopeKind Kind => (EnvelopeKind)Bytes.Span[5];

    /// <summary>The leader epoch in which it was made.</summary>
    public ulong GroupEpoch => BinaryPrimitives.ReadUInt64LittleEndian(Bytes.Span[8..]);

    /// <summary>Its place in the group's log, from 1.</summary>
    public ulong Index => IndexOf(Bytes.Span);

    /// <summary>The commit index when it was made.</summary>
    public ulong CommitIndex => BinaryPrimitives.ReadUInt64LittleEndian(Bytes.Span[24..]);

    /// <summary>The batch or the control record.</summary>
    public ReadOnlyMemory<byte> Payload => Bytes[HeaderBytes..];

    internal static ReadOnlySpan<byte> Magic => "TENV"u8;

    /// <summary>Makes an envelope.</summary>
    /// <param name="kind">What it holds.</param>
    /// <param name="groupEpoch">The leader epoch.</param>
    /// <param name="index">Its place, from 1.</param>
    /// <param name="commitIndex">The commit index as the leader knows it.</param>
    /// <param name="payload">The batch or control record; copied.</param>
    /// <exception cref="InvalidRecordException">The index is 0, the kind unknown, or the payload too long.</exception>
    public static Envelope Encode(EnvelopeKind kind, ulong groupEpoch, ulong index, ulong commitIndex, ReadOnlySpan<byte> payload)
    {
        if (kind is not (EnvelopeKind.Batch or EnvelopeKind.Control))
            throw new InvalidRecordException("an envelope's kind", $"{(byte)kind}", "batch (1) or control (2)");
        if (index == 0)
            throw new InvalidRecordException("an envelope's index", "0", "at least 1");
        if (payload.Length > LogLimits.EnvelopePayloadBytesMax)
            throw new InvalidRecordException("an envelope's payload", $"{payload.Length} bytes", $"at most {LogLimits.EnvelopePayloadBytesMax}");
        var bytes = new byte[HeaderBytes + payload.Length];
        Magic.CopyTo(bytes);
        bytes[4] = CurrentVersion;
        bytes[5] = (byte)kind;
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(8), groupEpoch);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(16), index);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(24), commitIndex);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(32), payload.Length);
        payload.CopyTo(bytes.AsSpan(HeaderBytes));
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(CrcOffset), Crc32C.Of(bytes.AsSpan(0, CrcOffset), payload));
        return new Envelope(bytes);
    }

    /// <summary>Opens bytes that should be exactly one envelope.</summary>
    /// <param name="bytes">The bytes; kept, not copied.</param>
    /// <exception cref="LogFormatException">They are none, are damaged, or are more than one.</exception>
    /// <exception cref="UnsupportedFormatException">The envelope is whole but of an unknown version or kind.</exception>
    public static Envelope Open(ReadOnlyMemory<byte> bytes)
    {
        var fault = Inspect(bytes.Span, out var length);
        if (fault is null && length != bytes.Length)
            fault = new EnvelopeFault(length, $"{bytes.Length - length} bytes after the envelope", "one envelope");
        if (fault is { } found)
            throw new LogFormatException(found.What, found.Offset, found.Expected);
        return OpenWhole(bytes);
    }

    /// <summary>Reads the envelope at the start of bytes that may go on after it.</summary>
    /// <param name="bytes">The bytes; kept, not copied.</param>
    /// <param name="envelope">The envelope, when the answer is true; <see cref="Length"/> says where the next begins.</param>
    /// <returns>False when no whole, undamaged envelope starts there.</returns>
    /// <exception cref="UnsupportedFormatException">The envelope is whole but of an unknown version or kind.</exception>
    public static bool TryRead(ReadOnlyMemory<byte> bytes, out Envelope envelope)
    {
        var isWhole = Inspect(bytes.Span, out var length) is null;
        envelope = isWhole ? OpenWhole(bytes[..length]) : default;
        return isWhole;
    }

    /// <summary>Whether two envelopes have the same bytes.</summary>
    /// <param name="other">The other one.</param>
    public bool Equals(Envelope other) => Bytes.Span.SequenceEqual(other.Bytes.Span);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Envelope other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Bytes.IsEmpty ? 0 : (int)BinaryPrimitives.ReadUInt32LittleEndian(Bytes.Span[CrcOffset..]);

    /// <inheritdoc/>
    public override string ToString() => Bytes.IsEmpty ? "no envelope" : $"{Kind} at index {Index} of epoch {GroupEpoch}";

    /// <summary>Whether two envelopes have the same bytes.</summary>
    public static bool operator ==(Envelope left, Envelope right) => left.Equals(right);

    /// <summary>Whether two envelopes differ.</summary>
    public static bool operator !=(Envelope left, Envelope right) => !left.Equals(right);

    /// <summary>
    /// Refuses a batch of a version that is not read, and a record that raises the format to one: a log is taken by software that
    /// reads all of it, or not at all. What cannot be read is never skipped.
    /// </summary>
    /// <exception cref="UnsupportedFormatException">It is one.</exception>
    internal void MustBeReadable(ushort formatReadable)
    {
        if (Kind == EnvelopeKind.Batch)
            BatchHeader.MustBeReadable(Payload.Span, formatReadable);
        else if (ControlRecord.Decode(Payload) is { Kind: ControlKind.Format } raised)
            BatchHeader.CheckVersion(raised.FormatVersion, formatReadable);
    }

    /// <summary>The index that a header names; at least <see cref="HeaderBytes"/> bytes, of which nothing is believed.</summary>
    internal static ulong IndexOf(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]);

    /// <summary>Bytes of the envelope that starts here, or 0 when none does; checks no more than magic and bound.</summary>
    internal static int LengthOf(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeaderBytes || !bytes.StartsWith(Magic))
            return 0;
        var payload = BinaryPrimitives.ReadUInt32LittleEndian(bytes[32..]);
        return payload <= LogLimits.EnvelopePayloadBytesMax ? HeaderBytes + (int)payload : 0;
    }

    /// <summary>What keeps the bytes from beginning with a whole envelope; null when nothing does.</summary>
    internal static EnvelopeFault? Inspect(ReadOnlySpan<byte> bytes, out int length)
    {
        length = LengthOf(bytes);
        if (bytes.Length < HeaderBytes)
            return new EnvelopeFault(0, $"an envelope's header is cut off after {bytes.Length} bytes", $"{HeaderBytes} bytes");
        if (!bytes.StartsWith(Magic))
            return new EnvelopeFault(0, "no envelope starts here", "the magic TENV");
        if (length == 0)
            return new EnvelopeFault(32, "an envelope's payload is too long", $"at most {LogLimits.EnvelopePayloadBytesMax} bytes");
        if (bytes.Length < length)
            return new EnvelopeFault(32, $"an envelope is cut off after {bytes.Length} bytes", $"{length} bytes");
        var stored = BinaryPrimitives.ReadUInt32LittleEndian(bytes[CrcOffset..]);
        var crc = Crc32C.Of(bytes[..CrcOffset], bytes[HeaderBytes..length]);
        return crc == stored ? null : new EnvelopeFault(CrcOffset, $"an envelope's checksum is {stored:X8}", $"{crc:X8}");
    }

    /// <summary>Opens bytes that <see cref="Inspect"/> found whole.</summary>
    internal static Envelope OpenWhole(ReadOnlyMemory<byte> bytes)
    {
        CheckKnown(bytes.Span);
        if (IndexOf(bytes.Span) == 0)
            throw new LogFormatException("an envelope's index is 0", 16, "at least 1");
        return new Envelope(bytes);
    }

    /// <summary>Refuses a whole envelope of another version, kind or flag.</summary>
    internal static void CheckKnown(ReadOnlySpan<byte> bytes)
    {
        if (bytes[4] != CurrentVersion)
            throw new UnsupportedFormatException("envelope version", bytes[4], CurrentVersion);
        if (bytes[5] is not ((byte)EnvelopeKind.Batch or (byte)EnvelopeKind.Control))
            throw new UnsupportedFormatException("envelope kind", bytes[5], (int)EnvelopeKind.Batch, (int)EnvelopeKind.Control);
        if (bytes[6] != 0 || bytes[7] != 0)
            throw new UnsupportedFormatException("envelope flags", BinaryPrimitives.ReadUInt16LittleEndian(bytes[6..]), 0);
    }
}

/// <summary>Why bytes are no envelope or header, without the cost of an exception.</summary>
internal readonly record struct EnvelopeFault(int Offset, string What, string Expected);

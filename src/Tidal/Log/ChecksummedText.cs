using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;

namespace Tidal.Log;

/// <summary>
/// Bytes that clients carry as text: base64url without padding, the last four of them the CRC-32C of all before. Of the same
/// bytes there is one text. A checksum tells damage, and is no seal. Stateless and safe to use from any thread.
/// </summary>
internal static class ChecksummedText
{
    /// <summary>How many bytes at the end are the checksum.</summary>
    public const int CrcBytes = 4;

    /// <summary>The text of some bytes.</summary>
    /// <param name="bytes">The bytes, with room for the checksum at their end, which is filled in.</param>
    public static string Encode(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[^CrcBytes..], Crc32C.Of(bytes[..^CrcBytes]));
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>The bytes of a text, checksum included; null for what is not whole.</summary>
    /// <param name="text">The text.</param>
    /// <param name="bytesMax">The most bytes it may hold. The bound comes first, so that no text makes it work hard.</param>
    public static byte[]? Decode(string text, int bytesMax)
    {
        if (text.Length > Base64Url.GetEncodedLength(bytesMax))
            return null;
        var bytes = new byte[Base64Url.GetMaxDecodedLength(text.Length)];
        if (Base64Url.DecodeFromChars(text, bytes, out _, out var written) != OperationStatus.Done || written <= CrcBytes)
            return null;
        bytes = bytes[..written];
        var crc = BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(written - CrcBytes));
        // Decoding passes over white space, padding and spare bits; encoding again finds them.
        return crc == Crc32C.Of(bytes.AsSpan(0, written - CrcBytes)) && Base64Url.EncodeToString(bytes) == text ? bytes : null;
    }
}

using System.Buffers.Binary;
using System.Numerics;

namespace Tidal.Log;

/// <summary>
/// CRC-32C (Castagnoli; the checksum of iSCSI, ext4 and SSE 4.2), by the processor's instruction: started at all ones, inverted
/// at the end. Of the nine characters "123456789" it is 0xE3069283. It finds every change of up to 32 adjacent bits. Thread safe.
/// </summary>
public static class Crc32C
{
    private const uint Start = 0xFFFFFFFF;

    /// <summary>The checksum of a stretch of bytes.</summary>
    /// <param name="bytes">The bytes; may be empty.</param>
    public static uint Of(ReadOnlySpan<byte> bytes) => ~Add(Start, bytes);

    /// <summary>The checksum of two stretches as if they stood back to back, which is how a checksum field is left out.</summary>
    /// <param name="first">The bytes before the field.</param>
    /// <param name="second">The bytes after it.</param>
    public static uint Of(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second) => ~Add(Add(Start, first), second);

    private static uint Add(uint crc, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length >= 8)
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[8..];
        }
        foreach (var value in bytes)
            crc = BitOperations.Crc32C(crc, value);
        return crc;
    }
}

using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Tidal.Log;

/// <summary>
/// A quick hash of strings in UTF-8 for tables in memory: 16 bytes a step, folded by a product of 128 bits (as in wyhash, Wang
/// Yi). Seeded by each process anew, so that nobody can send strings that all fall together; no outcome depends on it.
/// </summary>
internal static class Utf8Hash
{
    private static readonly ulong Seed = ((ulong)(uint)HashCode.Combine(1) << 32) | (uint)HashCode.Combine(2);
    private const ulong First = 0xA0761D6478BD642F;
    private const ulong Second = 0xE7037ED1A0B428DB;

    /// <summary>The hash of some bytes.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        var hash = Seed ^ (ulong)bytes.Length;
        while (bytes.Length > 16)
        {
            hash = Fold(Word(bytes) ^ First, Word(bytes[8..]) ^ hash);
            bytes = bytes[16..];
        }
        var (low, high) = bytes.Length >= 8 ? (Word(bytes), Word(bytes[^8..])) : (Short(bytes), 0);
        hash = Fold(low ^ Second, high ^ hash);
        return (uint)(hash ^ (hash >> 32));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Word(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt64LittleEndian(bytes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Fold(ulong left, ulong right)
    {
        var high = Math.BigMul(left, right, out var low);
        return high ^ low;
    }

    // Up to 7 bytes.
    private static ulong Short(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length >= 4)
            return BinaryPrimitives.ReadUInt32LittleEndian(bytes) | ((ulong)BinaryPrimitives.ReadUInt32LittleEndian(bytes[^4..]) << 32);
        var word = 0UL;
        foreach (var value in bytes)
            word = (word << 8) | value;
        return word;
    }
}

namespace Tidal.Log;

/// <summary>
/// Chunks of memory that files in memory gave back, for the next file that needs one: a log that is compacted as it grows then
/// allocates nothing. One pool for the process. Safe for use by several threads.
/// </summary>
internal static class MemoryChunks
{
    /// <summary>Bytes of a chunk.</summary>
    public const int ChunkBytes = 256 * 1024;

    /// <summary>The most chunks kept: 64 MiB of them. What is given back beyond is left to the garbage collector.</summary>
    public const int KeptMax = 256;

    private static readonly Stack<byte[]> Kept = new();

    /// <summary>A chunk; what stands in it is left over from its last use.</summary>
    public static byte[] Take()
    {
        lock (Kept)
        {
            if (Kept.TryPop(out var chunk))
                return chunk;
        }
        return new byte[ChunkBytes];
    }

    /// <summary>Gives a chunk back, which nobody may look at any more.</summary>
    public static void GiveBack(byte[] chunk)
    {
        lock (Kept)
        {
            if (Kept.Count < KeptMax)
                Kept.Push(chunk);
        }
    }
}

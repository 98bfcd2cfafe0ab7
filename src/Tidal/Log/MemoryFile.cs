using System.Numerics;

namespace Tidal.Log;

/// <summary>
/// A file in memory, in chunks: the first of 1 KiB, each following twice as long, up to 256 KiB, so that a small file is small and
/// appending never copies what was written. Not safe for use by several threads.
/// </summary>
internal sealed class MemoryFile
{
    private const int FirstChunkBytes = 1024;

    /// <summary>How many chunks come before those of full length.</summary>
    private const int SmallChunks = 8;

    /// <summary>Bytes of the chunks before those of full length.</summary>
    private const int SmallBytes = MemoryChunks.ChunkBytes - FirstChunkBytes;

    private readonly List<byte[]> _chunks = [];

    /// <summary>Bytes.</summary>
    public long Length { get; private set; }

    /// <summary>How many of them are durable.</summary>
    public long Flushed { get; private set; }

    /// <summary>Whether nothing was appended since the last flush.</summary>
    public bool IsFlushed { get; private set; } = true;

    /// <summary>Adds bytes at the end.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        IsFlushed = false;
        while (!bytes.IsEmpty)
        {
            var (chunk, at) = PlaceOf(Length);
            if (chunk == _chunks.Count)
                _chunks.Add(chunk < SmallChunks ? new byte[FirstChunkBytes << chunk] : MemoryChunks.Take());
            var room = _chunks[chunk].AsSpan(at);
            var count = Math.Min(room.Length, bytes.Length);
            bytes[..count].CopyTo(room);
            bytes = bytes[count..];
            Length += count;
        }
    }

    /// <summary>All bytes are durable from here on.</summary>
    public void Flush()
    {
        Flushed = Length;
        IsFlushed = true;
    }

    /// <summary>Reads bytes, all of which are there.</summary>
    public void Read(long offset, Span<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var part = PartAt(offset, bytes.Length);
            part.CopyTo(bytes);
            bytes = bytes[part.Length..];
            offset += part.Length;
        }
    }

    /// <summary>The bytes from an offset on that lie together, so many at most.</summary>
    public ReadOnlySpan<byte> PartAt(long offset, long bytesMax)
    {
        var (chunk, at) = PlaceOf(offset);
        var rest = _chunks[chunk].AsSpan(at);
        return rest[..(int)Math.Min(rest.Length, bytesMax)];
    }

    /// <summary>Cuts the end off; chunks that hold nothing any more are given back.</summary>
    public void Truncate(long length)
    {
        Length = length;
        Flushed = Math.Min(Flushed, length);
        var kept = length == 0 ? 0 : PlaceOf(length - 1).Chunk + 1;
        for (var chunk = Math.Max(kept, SmallChunks); chunk < _chunks.Count; chunk++)
            MemoryChunks.GiveBack(_chunks[chunk]);
        if (kept < _chunks.Count)
            _chunks.RemoveRange(kept, _chunks.Count - kept);
    }

    private static (int Chunk, int At) PlaceOf(long offset)
    {
        if (offset >= SmallBytes)
        {
            var beyond = offset - SmallBytes;
            return (SmallChunks + (int)(beyond / MemoryChunks.ChunkBytes), (int)(beyond % MemoryChunks.ChunkBytes));
        }
        // Chunk n begins at 2^n - 1 times the length of the first.
        var chunk = BitOperations.Log2((uint)(offset / FirstChunkBytes) + 1);
        return (chunk, (int)offset - (((1 << chunk) - 1) * FirstChunkBytes));
    }
}

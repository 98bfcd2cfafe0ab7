using Tidal.Crdt;

namespace Tidal.Replication;

/// <summary>
/// A tenant's snapshot on its way in from one region, chunk by chunk as they are committed; when it is whole only its id is
/// kept, by which late copies of its chunks are known. Part of a replica's state at an index. Not safe for use by several
/// threads.
/// </summary>
internal sealed class SnapshotAssembly(ulong id, uint count)
{
    private readonly List<byte[]> _chunks = [];

    /// <summary>Which snapshot; the newer one of a region has the higher id.</summary>
    public ulong Id { get; } = id;

    /// <summary>How many chunks it has.</summary>
    public uint Count { get; } = count;

    /// <summary>The chunk that comes next; as many as there are when it was whole.</summary>
    public uint Next { get; private set; }

    /// <summary>Takes a chunk.</summary>
    /// <returns>The whole snapshot if this was its last chunk.</returns>
    public ReadOnlyMemory<byte>? Take(ReadOnlyMemory<byte> chunk)
    {
        _chunks.Add(chunk.ToArray());
        if (++Next < Count)
            return null;
        byte[] whole = [.. _chunks.SelectMany(static bytes => bytes)];
        _chunks.Clear();
        return whole;
    }

    public void AddTo(StateWriter writer)
    {
        writer.Add(Id);
        writer.Add(Count);
        writer.Add(Next);
        writer.Add(_chunks.Count);
        foreach (var chunk in _chunks)
            writer.AddBytes(chunk);
    }

    public static SnapshotAssembly Read(StateReader reader)
    {
        var assembly = new SnapshotAssembly(reader.ReadUInt64(), (uint)reader.ReadInt64()) { Next = (uint)reader.ReadInt64() };
        for (var left = reader.ReadCount(sizeof(long)); left > 0; left--)
            assembly._chunks.Add(reader.ReadBytes().ToArray());
        return assembly;
    }
}

using System.Buffers.Binary;
using System.Collections.Concurrent;
using Tidal.Log;
using Tidal.Schema;

namespace Tidal.Testing.Oracles;

/// <summary>A batch as it was written to some store, kept once however many stores it was written to. Immutable.</summary>
internal sealed class TeedBatch(BatchHeader header, byte[] bytes)
{
    private bool? _hasOnlySignals;

    public BatchHeader Header => header;

    public ReadOnlyMemory<byte> Bytes => bytes;

    /// <summary>Whether all its records are signals or retractions; read once.</summary>
    public bool HasOnlySignals => _hasOnlySignals ??= ReadsOnlySignals();

    private bool ReadsOnlySignals()
    {
        var batch = BatchReader.Open(Bytes);
        while (batch.TryRead(out var record))
        {
            if (record.Kind is not (RecordKind.Signal or RecordKind.Retraction))
                return false;
        }
        return true;
    }
}

/// <summary>Every batch that any store of a cluster was ever given. Safe for use by several threads.</summary>
internal sealed class TeedBatches
{
    private readonly record struct Stream(TenantId Tenant, ShardId Shard, RegionId Origin)
    {
        public Stream(in BatchHeader header)
            : this(header.Tenant, header.Shard, header.Origin.Region)
        {
        }
    }

    // A stream's batches are locked by themselves.
    private readonly ConcurrentDictionary<Stream, Dictionary<(ulong LastNumber, uint Crc), TeedBatch>> _streams = new();

    /// <summary>All of a tenant's in a shard, in no particular order.</summary>
    public IEnumerable<TeedBatch> Of(TenantId tenant, ShardId shard)
    {
        foreach (var stream in _streams.Where(stream => stream.Key.Tenant == tenant && stream.Key.Shard == shard).OrderBy(stream => stream.Key.Origin))
        {
            TeedBatch[] batches;
            lock (stream.Value)
                batches = [.. stream.Value.Values];
            foreach (var batch in batches)
                yield return batch;
        }
    }

    /// <summary>An origin's batches up to a mark, the last one first: each names the one before it by its checksum.</summary>
    public IEnumerable<TeedBatch> UpTo(TenantId tenant, ShardId shard, RegionId origin, OriginMark mark)
    {
        for (var last = (mark.Number, mark.Crc); Find(new Stream(tenant, shard, origin), last) is { } batch;)
        {
            yield return batch;
            last = (batch.Header.FirstNumber - 1, batch.Header.PreviousCrc);
        }
    }

    /// <summary>The batch of the same bytes, or null.</summary>
    public TeedBatch? Find(ReadOnlySpan<byte> batch)
    {
        var header = BatchHeader.Read(batch);
        return Find(new Stream(header), (header.LastNumber, header.Crc)) is { } kept && batch.SequenceEqual(kept.Bytes.Span) ? kept : null;
    }

    public TeedBatch Keep(ReadOnlySpan<byte> batch)
    {
        var header = BatchHeader.Read(batch);
        var batches = _streams.GetOrAdd(new Stream(header), static _ => []);
        var end = (header.LastNumber, header.Crc);
        lock (batches)
        {
            if (!batches.TryGetValue(end, out var kept) || !batch.SequenceEqual(kept.Bytes.Span))
                batches[end] = kept = new TeedBatch(header, batch.ToArray());
            return kept;
        }
    }

    private TeedBatch? Find(Stream stream, (ulong, uint) end)
    {
        if (!_streams.TryGetValue(stream, out var batches))
            return null;
        lock (batches)
            return batches.GetValueOrDefault(end);
    }
}

/// <summary>An entry of a group's log, as it was written to a store.</summary>
/// <param name="Index">Its index.</param>
/// <param name="Epoch">Its group epoch.</param>
/// <param name="Batch">The batch in it; null for a control record.</param>
internal readonly record struct TeedEntry(ulong Index, ulong Epoch, TeedBatch? Batch);

/// <summary>
/// A tee off one log store: what was written to it, with what was cut again left out, and what was only deleted to make room
/// kept. It reads the bytes on their way and asks the engine for nothing. Not safe for use by several threads.
/// </summary>
internal sealed class StoreTee(TeedBatches batches)
{
    private readonly record struct Placed(long End, ulong CommitIndex, TeedEntry Entry);

    private sealed class TeedFile
    {
        public List<Placed> Entries { get; } = [];

        public long Length { get; set; }
    }

    private readonly SortedDictionary<string, TeedFile> _files = new(StringComparer.Ordinal);
    private readonly List<Placed> _compacted = [];

    /// <summary>Everything written and not cut, in order.</summary>
    public IEnumerable<TeedEntry> Entries => All.Select(placed => placed.Entry);

    /// <summary>
    /// What the bytes themselves say is committed: each envelope names the commit index of when it was made, and the log before
    /// it is its primary's.
    /// </summary>
    public IEnumerable<TeedEntry> CommittedEntries
    {
        get
        {
            var committed = CommittedUpTo;
            return Entries.Where(entry => entry.Index <= committed);
        }
    }

    private IEnumerable<Placed> All => _compacted.Concat(_files.Values.SelectMany(file => file.Entries));

    private ulong CommittedUpTo => All.Select(placed => placed.CommitIndex).DefaultIfEmpty().Max();

    /// <summary>Bytes were added to a file.</summary>
    public void Appended(string name, ReadOnlySpan<byte> bytes)
    {
        if (!name.EndsWith(SegmentName.Extension, StringComparison.Ordinal))
            return;
        if (!_files.TryGetValue(name, out var file))
            _files.Add(name, file = new TeedFile());
        // A segment begins with its header; from there on it is one envelope after the other.
        var isHeader = file.Length == 0;
        file.Length += bytes.Length;
        if (!isHeader)
            file.Entries.Add(new Placed(file.Length, BinaryPrimitives.ReadUInt64LittleEndian(bytes[24..]), EntryOf(bytes)));
    }

    /// <summary>A file's end was cut off.</summary>
    public void Truncated(string name, long length)
    {
        if (!_files.TryGetValue(name, out var file))
            return;
        // Half an envelope is none.
        while (file.Entries.Count > 0 && file.Entries[^1].End > length)
            file.Entries.RemoveAt(file.Entries.Count - 1);
        file.Length = length;
    }

    /// <summary>
    /// A file is deleted: the last of several because its records are cut off, an earlier one because a checkpoint stands for
    /// them; and the only one because a snapshot stands for the whole log, whose end may never have been committed.
    /// </summary>
    public void Deleted(string name)
    {
        if (!_files.TryGetValue(name, out var file))
            return;
        var isLast = _files.Keys.Last() == name;
        var committed = CommittedUpTo;
        _files.Remove(name);
        if (!isLast || _files.Count == 0)
            _compacted.AddRange(file.Entries);
        if (_files.Count == 0)
            _compacted.RemoveAll(placed => placed.Entry.Index > committed);
    }

    /// <summary>The process or the power failed: what the disk still holds is all that there is.</summary>
    public void Survived(MemoryLogStore disk)
    {
        foreach (var name in disk.List().Where(_files.ContainsKey))
            Truncated(name, disk.Length(name));
    }

    private TeedEntry EntryOf(ReadOnlySpan<byte> envelope) => new(
        BinaryPrimitives.ReadUInt64LittleEndian(envelope[16..]),
        BinaryPrimitives.ReadUInt64LittleEndian(envelope[8..]),
        envelope[5] == (byte)EnvelopeKind.Batch ? batches.Keep(envelope[Envelope.HeaderBytes..]) : null);
}

/// <summary>A log store that lets a tee see all that is written to it. As thread safe as the store.</summary>
internal sealed class TeedLogStore(MemoryLogStore disk, StoreTee tee) : ILogStore
{
    public IReadOnlyList<string> List() => disk.List();

    public long Length(string name) => disk.Length(name);

    public int Read(string name, long offset, Span<byte> bytes) => disk.Read(name, offset, bytes);

    public bool FlushBlocks => disk.FlushBlocks;

    public void Flush() => disk.Flush();

    public void Append(string name, ReadOnlySpan<byte> bytes)
    {
        disk.Append(name, bytes);
        tee.Appended(name, bytes);
    }

    public void Truncate(string name, long length)
    {
        disk.Truncate(name, length);
        tee.Truncated(name, length);
    }

    public void Delete(string name)
    {
        disk.Delete(name);
        tee.Deleted(name);
    }
}

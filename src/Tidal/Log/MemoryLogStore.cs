namespace Tidal.Log;

/// <summary>
/// A log store in memory that knows what a disk would know: how much of each file is flushed. For embedded use without a
/// disk, and for tests of anything above <see cref="ILogStore"/>. Thread safe, which is more than the contract asks.
/// </summary>
public sealed class MemoryLogStore : ILogStore
{
    private readonly SortedDictionary<string, MemoryFile> _files = new(StringComparer.Ordinal);
    private readonly List<MemoryFile> _unflushed = [];
    private readonly Lock _lock = new();

    /// <inheritdoc/>
    public IReadOnlyList<string> List()
    {
        lock (_lock)
            return [.. _files.Keys];
    }

    /// <inheritdoc/>
    public long Length(string name)
    {
        lock (_lock)
            return Find(name).Length;
    }

    /// <summary>How many of a file's bytes are durable.</summary>
    /// <param name="name">The file's name.</param>
    /// <exception cref="LogStoreException">There is no such file.</exception>
    public long FlushedLength(string name)
    {
        lock (_lock)
            return Find(name).Flushed;
    }

    /// <inheritdoc/>
    public void Append(string name, ReadOnlySpan<byte> bytes)
    {
        lock (_lock)
        {
            if (!_files.TryGetValue(name, out var file))
                _files.Add(name, file = new MemoryFile());
            if (file.IsFlushed)
                _unflushed.Add(file);
            file.Append(bytes);
        }
    }

    /// <inheritdoc/>
    public void Flush()
    {
        lock (_lock)
        {
            foreach (var file in _unflushed)
                file.Flush();
            _unflushed.Clear();
        }
    }

    /// <inheritdoc/>
    public bool FlushBlocks => false;

    /// <inheritdoc/>
    public int Read(string name, long offset, Span<byte> bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        lock (_lock)
        {
            var file = Find(name);
            var count = (int)Math.Clamp(file.Length - offset, 0, bytes.Length);
            file.Read(offset, bytes[..count]);
            return count;
        }
    }

    /// <inheritdoc/>
    public void Truncate(string name, long length)
    {
        lock (_lock)
        {
            var file = Find(name);
            if (length < 0 || length > file.Length)
                throw new LogStoreException(name, $"cannot be cut to {length} bytes, it has {file.Length}");
            file.Truncate(length);
        }
    }

    /// <inheritdoc/>
    public void Delete(string name)
    {
        lock (_lock)
        {
            if (_files.Remove(name, out var file))
                file.Truncate(0);
        }
    }

    /// <summary>
    /// What a disk would hold after power loss: of each file its flushed bytes and, of the unflushed tail, as many bytes as
    /// the caller says. All of it is durable in the survivor; this store stays as it is.
    /// </summary>
    /// <param name="keepUnflushedBytes">Given a file's name and its unflushed bytes, how many of these survive, from the first on;
    /// asked in order of names, and brought within bounds.</param>
    public MemoryLogStore SurvivorOfPowerLoss(Func<string, long, long> keepUnflushedBytes)
    {
        ArgumentNullException.ThrowIfNull(keepUnflushedBytes);
        var survivor = new MemoryLogStore();
        lock (_lock)
        {
            foreach (var (name, file) in _files)
            {
                var unflushed = file.Length - file.Flushed;
                var kept = unflushed == 0 ? 0 : Math.Clamp(keepUnflushedBytes(name, unflushed), 0, unflushed);
                survivor.Append(name, file, file.Flushed + kept);
            }
        }
        survivor.Flush();
        return survivor;
    }

    private void Append(string name, MemoryFile from, long length)
    {
        Append(name, []);
        for (var copied = 0L; copied < length;)
        {
            var part = from.PartAt(copied, length - copied);
            Append(name, part);
            copied += part.Length;
        }
    }

    private MemoryFile Find(string name) =>
        _files.TryGetValue(name, out var file) ? file : throw new LogStoreException(name, "there is no such file");
}

using Tidal.Schema;

namespace Tidal.Log;

/// <summary>
/// The checkpoints on a replica's store: files of their own beside its segments, each written in one piece, the older one
/// deleted when the newer is durable. A crash may leave one that is torn: then the older one and the log still say all.
/// Not thread safe.
/// </summary>
public sealed class CheckpointFiles
{
    private readonly ILogStore _store;

    private CheckpointFiles(ILogStore store, CheckpointHeader? newest, LogDamagedException? damage)
    {
        _store = store;
        Newest = newest;
        Damage = damage;
    }

    /// <summary>The newest that is whole; null when there is none.</summary>
    public CheckpointHeader? Newest { get; private set; }

    /// <summary>The index of <see cref="Newest"/>; 0 when there is none.</summary>
    public ulong NewestIndex => Newest?.Index ?? 0;

    /// <summary>What is wrong with one that is newer; null when nothing is.</summary>
    public LogDamagedException? Damage { get; }

    /// <summary>Looks at the checkpoints of a store, without changing it.</summary>
    /// <param name="store">The replica's store.</param>
    /// <param name="region">The replica's region.</param>
    /// <param name="shard">Its shard.</param>
    /// <param name="formatReadable">The newest batch version that is read: one of a group that has raised a newer one is refused.</param>
    /// <exception cref="UnsupportedFormatException">One is whole but of a version, or a format, that is not read.</exception>
    public static CheckpointFiles Recover(ILogStore store, RegionId region, ShardId shard, ushort formatReadable = BatchHeader.NewestVersion)
    {
        ArgumentNullException.ThrowIfNull(store);
        LogDamagedException? damage = null;
        foreach (var index in IndexesOf(store).OrderDescending())
        {
            try
            {
                var header = Read(store, index).Header;
                if (header.Region != region || header.Shard != shard || header.Index != index)
                    throw new LogFormatException($"a checkpoint of {header.Region}, {header.Shard}, index {header.Index}", 6, $"{region}, {shard}, index {index}");
                BatchHeader.CheckVersion(header.Format, formatReadable);
                return new CheckpointFiles(store, header, damage);
            }
            catch (LogFormatException problem)
            {
                damage ??= new LogDamagedException(CheckpointHeader.FileName(index), problem.Offset, problem.What, problem.Expected);
            }
        }
        return new CheckpointFiles(store, null, damage);
    }

    /// <summary>
    /// Writes a checkpoint. It is durable once the store has been flushed; until then nothing that it stands for may be
    /// deleted.
    /// </summary>
    /// <param name="header">What it says of the group.</param>
    /// <param name="state">The state at its index.</param>
    public void Write(CheckpointHeader header, ReadOnlySpan<byte> state)
    {
        ArgumentNullException.ThrowIfNull(header);
        Write(header, header.Encode(state));
    }

    /// <summary>A checkpoint is durable, and the newest from here on: deletes all others.</summary>
    /// <param name="header">The one to keep; null to keep none.</param>
    /// <param name="isRead">Whether one, by its index, is still read by somebody; null: none is.</param>
    public void KeepOnly(CheckpointHeader? header, Predicate<ulong>? isRead = null)
    {
        Newest = header;
        foreach (var index in IndexesOf(_store))
        {
            if (index != header?.Index && isRead?.Invoke(index) != true)
                _store.Delete(CheckpointHeader.FileName(index));
        }
    }

    /// <summary>Whether a checkpoint is there, whole or not.</summary>
    /// <param name="index">Its index.</param>
    public bool Has(ulong index) => IndexesOf(_store).Contains(index);

    /// <summary>The bytes of a checkpoint's file.</summary>
    /// <param name="index">Its index.</param>
    public long LengthOf(ulong index) => _store.Length(CheckpointHeader.FileName(index));

    /// <summary>Reads a piece of a checkpoint's file.</summary>
    /// <param name="index">Its index.</param>
    /// <param name="offset">Bytes from its start.</param>
    /// <param name="bytesMax">The most bytes to read.</param>
    public byte[] ReadPiece(ulong index, long offset, int bytesMax)
    {
        var piece = new byte[Math.Clamp(LengthOf(index) - offset, 0, bytesMax)];
        _store.Read(CheckpointHeader.FileName(index), offset, piece);
        return piece;
    }

    /// <summary>The state of the newest.</summary>
    /// <exception cref="LogDamagedException">It has rotted since.</exception>
    public ReadOnlyMemory<byte> ReadState()
    {
        try
        {
            return Read(_store, NewestIndex).State;
        }
        catch (LogFormatException problem)
        {
            throw new LogDamagedException(CheckpointHeader.FileName(NewestIndex), problem.Offset, problem.What, problem.Expected);
        }
    }

    /// <summary>
    /// Takes a checkpoint that came from another replica. It is durable, and the only one, when this returns: what it takes
    /// the place of may be deleted from here on.
    /// </summary>
    /// <param name="header">What the bytes say of the group.</param>
    /// <param name="file">The whole file.</param>
    public void Install(CheckpointHeader header, byte[] file)
    {
        Write(header, file);
        _store.Flush();
        KeepOnly(header);
    }

    private void Write(CheckpointHeader header, byte[] file)
    {
        var name = CheckpointHeader.FileName(header.Index);
        // One that a crash left, or that nobody flushed: files only grow.
        _store.Delete(name);
        _store.Append(name, file);
    }

    private static List<ulong> IndexesOf(ILogStore store)
    {
        var indexes = new List<ulong>();
        foreach (var name in store.List())
        {
            if (CheckpointHeader.TryParse(name, out var index))
                indexes.Add(index);
        }
        return indexes;
    }

    private static (CheckpointHeader Header, ReadOnlyMemory<byte> State) Read(ILogStore store, ulong index)
    {
        var name = CheckpointHeader.FileName(index);
        var length = store.Length(name);
        if (length > CheckpointHeader.FileBytesMax)
            throw new LogFormatException($"a checkpoint of {length} bytes", 0, $"at most {CheckpointHeader.FileBytesMax}");
        var bytes = new byte[length];
        store.Read(name, 0, bytes);
        return CheckpointHeader.Decode(bytes);
    }
}

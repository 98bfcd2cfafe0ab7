using Microsoft.Win32.SafeHandles;
using Tidal.Log;

namespace Tidal.Hosting;

/// <summary>
/// A log store on a directory of a disk. Appends are gathered in a bounded buffer; a flush writes them and asks the system to
/// make every file written since the last one durable, and the directory where files came into being. Names are of ASCII letters,
/// digits, <c>-</c>, <c>_</c> and <c>.</c>, and begin with a letter or digit: none leads out of the directory.
/// <para>
/// One store at a time has a directory: a lock file in it is held by the process and let go when it ends, however it ends. (The
/// system's lock is advisory, and some network file systems have none.)
/// </para>
/// <para>
/// Safe for use by several threads. Flushes take turns, so that those who wait for one share the next; appends and reads go on
/// while one is under way, and everything appended before <see cref="Flush"/> was called is durable when it returns. Once a write or a
/// flush has failed nobody can say what the disk holds: every later change ends with that failure until the directory is opened anew.
/// </para>
/// </summary>
public sealed partial class FileLogStore : ILogStore, IDisposable
{
    private readonly SortedDictionary<string, LogFile> _files = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private readonly StoreDirectory _directory;
    private readonly FileLogStoreOptions _options;
    private LogStoreException? _failure;
    private bool _isClosed;

    internal FileLogStore(StoreDirectory directory, FileLogStoreOptions options)
    {
        _directory = directory;
        _options = options;
        _buffer = new byte[options.BufferBytes];
        foreach (var (name, length) in directory.Files())
            _files.Add(name, new LogFile(name) { Length = length, Written = length });
        FlushFound();
    }

    /// <summary>Where its files are: the full path.</summary>
    public string Directory => _directory.FullPath;

    /// <summary>Opens the store of a directory, which is made if there is none.</summary>
    /// <param name="directory">The directory. It holds nothing but this store; subdirectories, and files with other names than a store's, are left alone.</param>
    /// <param name="options">The bounds; null for the defaults.</param>
    /// <exception cref="LogStoreException">Another store, of this process or another, has it open; or it cannot be made or read.</exception>
    public static FileLogStore Open(string directory, FileLogStoreOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        options ??= new FileLogStoreOptions();
        ArgumentOutOfRangeException.ThrowIfNegative(options.BufferBytes);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.OpenFilesMax, 1);
        StoreDirectory? locked = null;
        try
        {
            locked = new StoreDirectory(directory);
            return new FileLogStore(locked, options);
        }
        catch (Exception exception) when (IsOfTheDisk(exception))
        {
            locked?.Dispose();
            throw new LogStoreException(
                StoreDirectory.LockFile, $"the directory {Path.GetFullPath(directory)} cannot be opened, or another store has it open ({exception.Message})", exception);
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> List()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isClosed, this);
            return [.. _files.Keys];
        }
    }

    /// <inheritdoc/>
    public long Length(string name)
    {
        lock (_lock)
            return Find(name).Length;
    }

    /// <inheritdoc/>
    public int Read(string name, long offset, Span<byte> bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        lock (_lock)
        {
            var file = Find(name);
            var wanted = bytes[..(int)Math.Clamp(file.Length - offset, 0, bytes.Length)];
            try
            {
                if (offset + wanted.Length > file.Written)
                    WriteGathered();
                return Fill(file, offset, wanted);
            }
            catch (Exception exception) when (IsOfTheDisk(exception))
            {
                throw new LogStoreException(name, $"{wanted.Length} bytes at offset {offset} cannot be read ({exception.Message})", exception);
            }
        }
    }

    /// <summary>Makes durable what was appended, as far as the disk still does, and gives the directory free.</summary>
    /// <exception cref="LogStoreException">What was appended last could not be made durable; the directory is free none the less.</exception>
    public void Dispose()
    {
        try
        {
            if (!_isClosed && _failure is null)
                Flush();
        }
        finally
        {
            Abandon();
        }
    }

    /// <summary>Gives the directory free as a process does that dies: what was not flushed is not written either.</summary>
    public void Abandon()
    {
        lock (_flushing)
        {
            lock (_lock)
            {
                if (!_isClosed)
                    Close();
            }
        }
    }

    private void Close()
    {
        _isClosed = true;
        foreach (var file in _files.Values)
            Close(file);
        _directory.Dispose();
    }

    /// <summary>
    /// What a process wrote that died before it flushed is still there after it, and not after a power loss: whoever finds it here
    /// may answer for it.
    /// </summary>
    private void FlushFound()
    {
        foreach (var file in _files.Values)
            _directory.FlushFile(file.Name, HandleOf(file));
        _directory.Flush();
    }

    private int Fill(LogFile file, long offset, Span<byte> wanted)
    {
        for (var filled = 0; filled < wanted.Length;)
        {
            var read = RandomAccess.Read(HandleOf(file), wanted[filled..], offset + filled);
            if (read == 0)
                throw new IOException($"the file ends at {offset + filled}, and had {file.Length} bytes");
            filled += read;
        }
        return wanted.Length;
    }

    private LogFile Find(string name)
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        return _files.TryGetValue(name, out var file) ? file : throw new LogStoreException(name, "there is no such file");
    }

    private static bool IsOfTheDisk(Exception exception) => exception is IOException or UnauthorizedAccessException;

    /// <summary>A file as the store knows it.</summary>
    private sealed class LogFile(string name)
    {
        public string Name => name;

        /// <summary>Bytes, the gathered ones included.</summary>
        public long Length { get; set; }

        /// <summary>Bytes that were handed to the system.</summary>
        public long Written { get; set; }

        /// <summary>Whether bytes were written since its last flush began.</summary>
        public bool IsDirty { get; set; }

        /// <summary>Whether a flush is busy with it.</summary>
        public bool IsInFlush { get; set; }

        public SafeFileHandle? Handle { get; set; }

        public long LastUse { get; set; }
    }
}

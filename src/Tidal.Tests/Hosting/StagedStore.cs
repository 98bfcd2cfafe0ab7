using Tidal.Log;

namespace Tidal.Tests.Hosting;

/// <summary>A store in memory that a test can hold up, make slow or make fail. Safe for use by several threads.</summary>
internal sealed class StagedStore : ILogStore
{
    private int _flushCount;
    private volatile bool _isFlushHeld;

    public Gate Appends { get; } = new();

    public Gate Flushes { get; } = new();

    /// <summary>What is on the disk.</summary>
    public MemoryLogStore Disk { get; set; } = new();

    public bool FlushBlocks { get; init; }

    /// <summary>How long a flush takes.</summary>
    public TimeSpan FlushTime { get; init; }

    /// <summary>Thrown by every append from now on.</summary>
    public Exception? Failure { get; set; }

    /// <summary>Thrown by every flush from now on.</summary>
    public Exception? FlushFailure { get; set; }

    /// <summary>The thread of the last flush.</summary>
    public string? FlushThread { get; private set; }

    public int FlushCount => Volatile.Read(ref _flushCount);

    /// <summary>Whether a flush waits to be let go on.</summary>
    public bool IsFlushHeld => _isFlushHeld;

    public IReadOnlyList<string> List() => Disk.List();

    public long Length(string name) => Disk.Length(name);

    public int Read(string name, long offset, Span<byte> bytes) => Disk.Read(name, offset, bytes);

    public void Truncate(string name, long length) => Disk.Truncate(name, length);

    public void Delete(string name) => Disk.Delete(name);

    public void Append(string name, ReadOnlySpan<byte> bytes)
    {
        Appends.Pass();
        if (Failure is { } failure)
            throw failure;
        Disk.Append(name, bytes);
    }

    public void Flush()
    {
        _isFlushHeld = Flushes.IsShut;
        Flushes.Pass();
        _isFlushHeld = false;
        if (FlushFailure is { } failure)
            throw failure;
        if (FlushTime > TimeSpan.Zero)
            Thread.Sleep(FlushTime);
        FlushThread = Thread.CurrentThread.Name;
        Interlocked.Increment(ref _flushCount);
        Disk.Flush();
    }
}

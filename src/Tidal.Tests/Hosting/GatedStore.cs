using Tidal.Log;

namespace Tidal.Tests.Hosting;

/// <summary>A store whose flushes are counted, and held up while its gate is shut.</summary>
internal sealed class GatedStore(ILogStore inner) : ILogStore
{
    private int _flushes;

    public ManualResetEventSlim Gate { get; } = new(initialState: true);

    /// <summary>How long a flush takes at least.</summary>
    public TimeSpan FlushTime { get; init; }

    public int Flushes => Volatile.Read(ref _flushes);

    public void Flush()
    {
        Interlocked.Increment(ref _flushes);
        Gate.Wait();
        Thread.Sleep(FlushTime);
        inner.Flush();
    }

    public IReadOnlyList<string> List() => inner.List();

    public long Length(string name) => inner.Length(name);

    public int Read(string name, long offset, Span<byte> bytes) => inner.Read(name, offset, bytes);

    public void Append(string name, ReadOnlySpan<byte> bytes) => inner.Append(name, bytes);

    public void Truncate(string name, long length) => inner.Truncate(name, length);

    public void Delete(string name) => inner.Delete(name);
}

using Tidal.Log;

namespace Tidal.Tests.Replication;

/// <summary>A store whose process dies after so many changes: every later one fails and leaves no trace.</summary>
internal sealed class FailingStore(ILogStore inner, int changesLeft) : ILogStore
{
    private int _changesLeft = changesLeft;

    public IReadOnlyList<string> List() => inner.List();

    public long Length(string name) => inner.Length(name);

    public int Read(string name, long offset, Span<byte> bytes) => inner.Read(name, offset, bytes);

    public void Append(string name, ReadOnlySpan<byte> bytes)
    {
        Count(name);
        inner.Append(name, bytes);
    }

    public void Flush()
    {
        Count("all files");
        inner.Flush();
    }

    public void Truncate(string name, long length)
    {
        Count(name);
        inner.Truncate(name, length);
    }

    public void Delete(string name)
    {
        Count(name);
        inner.Delete(name);
    }

    private void Count(string name)
    {
        if (_changesLeft-- <= 0)
            throw new LogStoreException(name, "the process has died");
    }
}

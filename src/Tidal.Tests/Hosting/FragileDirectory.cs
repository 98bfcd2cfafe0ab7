using Microsoft.Win32.SafeHandles;
using Tidal.Hosting;

namespace Tidal.Tests.Hosting;

/// <summary>A store's directory that knows what a power loss would leave of it, for it sees what is flushed.</summary>
internal sealed class FragileDirectory(string path) : StoreDirectory(path)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, long> _durable = [];
    private readonly HashSet<string> _names = [];

    /// <summary>How many flushes of files there were.</summary>
    public int FileFlushes { get; private set; }

    /// <summary>Called before each flush of a file.</summary>
    public Action? Flushing { get; set; }

    public long DurableLength(string name)
    {
        lock (_lock)
            return _durable.GetValueOrDefault(name);
    }

    public override void FlushFile(string name, SafeFileHandle handle)
    {
        Flushing?.Invoke();
        // What is written while the system flushes may or may not be in it.
        var length = RandomAccess.GetLength(handle);
        base.FlushFile(name, handle);
        lock (_lock)
        {
            _durable[name] = length;
            FileFlushes++;
        }
    }

    public override void Flush()
    {
        base.Flush();
        lock (_lock)
        {
            _names.Clear();
            _names.UnionWith(Files().Select(file => file.Name));
        }
    }

    /// <summary>Copies what is durable, and so much of the rest of each file as is said, to another directory.</summary>
    public void CopyDurable(string target, Func<string, long, long> keepUnflushedBytes)
    {
        foreach (var name in _names.Order(StringComparer.Ordinal))
        {
            // A deleted file whose deletion was not flushed would be back, with what it had.
            var bytes = File.Exists(Path.Combine(FullPath, name)) ? File.ReadAllBytes(Path.Combine(FullPath, name)) : new byte[DurableLength(name)];
            var durable = DurableLength(name);
            var kept = Math.Clamp(keepUnflushedBytes(name, Math.Max(0, bytes.Length - durable)), 0, Math.Max(0, bytes.Length - durable));
            Array.Resize(ref bytes, (int)(durable + kept));
            File.WriteAllBytes(Path.Combine(target, name), bytes);
        }
    }
}

using Microsoft.Win32.SafeHandles;
using Tidal.Log;

namespace Tidal.Hosting;

/// <content>Cutting and deleting, durable when they return, and the files held open.</content>
public sealed partial class FileLogStore
{
    private int _openFiles;
    private long _uses;

    /// <inheritdoc/>
    public void Truncate(string name, long length)
    {
        lock (_flushing)
        {
            lock (_lock)
            {
                ThrowIfUnusable();
                var file = Find(name);
                if (length < 0 || length > file.Length)
                    throw new LogStoreException(name, $"cannot be cut to {length} bytes, it has {file.Length}");
                Cut(file, length);
            }
        }
    }

    /// <inheritdoc/>
    public void Delete(string name)
    {
        lock (_flushing)
        {
            lock (_lock)
            {
                ThrowIfUnusable();
                if (_files.TryGetValue(name, out var file))
                    Delete(file);
            }
        }
    }

    private void Cut(LogFile file, long length)
    {
        try
        {
            WriteGathered();
            RandomAccess.SetLength(HandleOf(file), length);
            (file.Length, file.Written) = (length, length);
            _directory.FlushFile(file.Name, file.Handle!);
        }
        catch (Exception exception) when (IsOfTheDisk(exception))
        {
            throw Fail(file.Name, $"cannot be cut to {length} bytes", exception);
        }
    }

    private void Delete(LogFile file)
    {
        try
        {
            WriteGathered();
            Close(file);
            _files.Remove(file.Name);
            _dirty.Remove(file);
            _directory.Delete(file.Name);
            _directory.Flush();
        }
        catch (Exception exception) when (IsOfTheDisk(exception))
        {
            throw Fail(file.Name, "cannot be deleted", exception);
        }
    }

    private SafeFileHandle HandleOf(LogFile file)
    {
        file.LastUse = ++_uses;
        return file.Handle ?? OpenHandle(file, isNew: false);
    }

    private SafeFileHandle OpenHandle(LogFile file, bool isNew)
    {
        while (_openFiles >= _options.OpenFilesMax && LeastUsed() is { } other)
        {
            // The next flush reaches only what is open then.
            if (_dirty.Remove(other))
                _directory.FlushFile(other.Name, other.Handle!);
            other.IsDirty = false;
            Close(other);
        }
        file.Handle = _directory.Open(file.Name, isNew);
        file.LastUse = ++_uses;
        _openFiles++;
        return file.Handle;
    }

    private LogFile? LeastUsed()
    {
        LogFile? least = null;
        foreach (var file in _files.Values)
        {
            if (file.Handle is not null && !file.IsInFlush && file.LastUse < (least?.LastUse ?? long.MaxValue))
                least = file;
        }
        return least;
    }

    private void Close(LogFile file)
    {
        if (file.Handle is null)
            return;
        file.Handle.Dispose();
        file.Handle = null;
        _openFiles--;
    }
}

using Tidal.Log;

namespace Tidal.Hosting;

/// <content>Appending and flushing.</content>
public sealed partial class FileLogStore
{
    /// <summary>Held by one flush at a time, and by what may not happen under it; taken before the other lock.</summary>
    private readonly Lock _flushing = new();

    private readonly byte[] _buffer;
    private readonly List<(LogFile File, int Length)> _gathered = [];
    private List<LogFile> _dirty = [];
    private List<LogFile> _inFlush = [];
    private int _gatheredBytes;
    private bool _isDirectoryDirty;

    /// <inheritdoc/>
    public void Append(string name, ReadOnlySpan<byte> bytes)
    {
        lock (_lock)
        {
            ThrowIfUnusable();
            try
            {
                var file = _files.TryGetValue(name, out var found) ? found : Make(name);
                Gather(file, bytes);
            }
            catch (Exception exception) when (IsOfTheDisk(exception))
            {
                throw Fail(name, $"{bytes.Length} bytes cannot be appended", exception);
            }
        }
    }

    /// <inheritdoc/>
    public void Flush()
    {
        lock (_flushing)
        {
            var isDirectoryDirty = BeginFlush();
            try
            {
                foreach (var file in _inFlush)
                    _directory.FlushFile(file.Name, file.Handle!);
                if (isDirectoryDirty)
                    _directory.Flush();
            }
            catch (Exception exception) when (IsOfTheDisk(exception))
            {
                lock (_lock)
                    throw Fail("all files", "cannot be flushed", exception);
            }
            finally
            {
                EndFlush();
            }
        }
    }

    private LogFile Make(string name)
    {
        if (!StoreDirectory.IsName(name))
            throw new LogStoreException(name, "a name has 1 to 200 letters, digits, '-', '_' and '.', and begins with a letter or digit");
        var file = new LogFile(name);
        OpenHandle(file, isNew: true);
        _files.Add(name, file);
        _isDirectoryDirty = true;
        return file;
    }

    private void Gather(LogFile file, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > _buffer.Length - _gatheredBytes)
            WriteGathered();
        file.Length += bytes.Length;
        if (bytes.Length > _buffer.Length)
        {
            Write(file, bytes);
            return;
        }
        bytes.CopyTo(_buffer.AsSpan(_gatheredBytes));
        _gatheredBytes += bytes.Length;
        if (_gathered.Count > 0 && _gathered[^1].File == file)
            _gathered[^1] = (file, _gathered[^1].Length + bytes.Length);
        else
            _gathered.Add((file, bytes.Length));
    }

    /// <summary>Hands what was gathered to the system, in the order in which it came.</summary>
    private void WriteGathered()
    {
        if (_failure is not null)
            throw new IOException("an earlier write failed", _failure);
        var at = 0;
        try
        {
            foreach (var (file, length) in _gathered)
            {
                Write(file, _buffer.AsSpan(at, length));
                at += length;
            }
        }
        catch (Exception exception) when (IsOfTheDisk(exception))
        {
            Fail("all files", "cannot be written", exception);
            throw;
        }
        _gathered.Clear();
        _gatheredBytes = 0;
    }

    private void Write(LogFile file, ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
            return;
        RandomAccess.Write(HandleOf(file), bytes, file.Written);
        file.Written += bytes.Length;
        if (file.IsDirty)
            return;
        file.IsDirty = true;
        _dirty.Add(file);
    }

    /// <summary>Takes what the flush must make durable: what is written from here on is for the next one.</summary>
    private bool BeginFlush()
    {
        lock (_lock)
        {
            ThrowIfUnusable();
            try
            {
                WriteGathered();
            }
            catch (Exception exception) when (IsOfTheDisk(exception))
            {
                throw Fail("all files", "cannot be written", exception);
            }
            (_dirty, _inFlush) = (_inFlush, _dirty);
            foreach (var file in _inFlush)
                (file.IsDirty, file.IsInFlush) = (false, true);
            (var isDirectoryDirty, _isDirectoryDirty) = (_isDirectoryDirty, false);
            return isDirectoryDirty;
        }
    }

    private void EndFlush()
    {
        lock (_lock)
        {
            foreach (var file in _inFlush)
                file.IsInFlush = false;
            _inFlush.Clear();
        }
    }

    private void ThrowIfUnusable()
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        if (_failure is not null)
            throw new LogStoreException(_failure.File, "failed earlier; the store must be opened anew", _failure);
    }

    /// <summary>Remembers the first failure.</summary>
    private LogStoreException Fail(string name, string what, Exception exception)
    {
        var failure = new LogStoreException(name, $"{what} ({exception.Message})", exception);
        _failure ??= failure;
        return failure;
    }
}

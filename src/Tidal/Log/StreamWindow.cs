namespace Tidal.Log;

/// <summary>
/// A window that moves forward over a stream of any kind: it gives as many bytes as are asked for in one piece, and keeps no
/// more than about two of the largest pieces in memory.
/// </summary>
internal sealed class StreamWindow(Stream stream)
{
    private const int BytesMin = 64 * 1024;
    private byte[] _buffer = new byte[BytesMin];
    private int _start;
    private int _end;

    /// <summary>Where the window begins in the stream.</summary>
    public long Offset { get; private set; }

    /// <summary>What is in the window; valid until the next <see cref="Ensure"/>.</summary>
    public ReadOnlyMemory<byte> Memory => _buffer.AsMemory(_start, _end - _start);

    public ReadOnlySpan<byte> Span => _buffer.AsSpan(_start, _end - _start);

    /// <summary>Reads until the window has so many bytes or the stream ends; answers how many it has.</summary>
    public int Ensure(int count)
    {
        if (_end - _start < count && _start + count > _buffer.Length)
            MakeRoom(count);
        while (_end - _start < count)
        {
            var read = stream.Read(_buffer.AsSpan(_end));
            if (read == 0)
                break;
            _end += read;
        }
        return _end - _start;
    }

    public void Advance(int count)
    {
        _start += count;
        Offset += count;
    }

    /// <summary>Reads to the stream's end; the window is empty then and its offset the stream's length.</summary>
    public void Drain()
    {
        while (Ensure(1) > 0)
            Advance(_end - _start);
    }

    private void MakeRoom(int count)
    {
        var target = count > _buffer.Length / 2 ? new byte[count * 2] : _buffer;
        Span.CopyTo(target);
        _end -= _start;
        _start = 0;
        _buffer = target;
    }
}

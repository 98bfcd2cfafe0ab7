using System.Buffers.Binary;

namespace Tidal.Cli;

/// <summary>
/// Passes a file's bytes on and remembers how it begins and ends, by which a gzip file (RFC 1952) is known and known to be
/// whole. Not safe for use by several threads.
/// </summary>
internal sealed class FileEnds : ReadOnlyStream
{
    // Ten bytes of header, an empty block, the sum and the size.
    private const int SmallestGzip = 20;

    private readonly Stream _stream;
    private readonly byte[] _first = new byte[2];
    private readonly byte[] _last = new byte[4];
    private long _count;

    /// <summary>Passes a stream on.</summary>
    /// <param name="stream">The stream, closed with this one.</param>
    public FileEnds(Stream stream) => _stream = stream;

    /// <summary>Whether the file begins as gzip data do.</summary>
    public bool BeginLikeGzip => _count >= 2 && _first[0] == 0x1F && _first[1] == 0x8B;

    /// <summary>
    /// Whether the file ends as gzip data do: with the size of what was unpacked. Data of several members end with the size
    /// of the last one, so a smaller size is as good.
    /// </summary>
    /// <param name="unpacked">The bytes unpacked from it.</param>
    public bool EndLikeGzip(long unpacked) =>
        _count >= SmallestGzip && (BinaryPrimitives.ReadUInt32LittleEndian(_last) <= unpacked || unpacked > uint.MaxValue);

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        var read = _stream.Read(buffer);
        for (var i = 0; i < Math.Min(read, 2 - Math.Min(2, _count)); i++)
            _first[_count + i] = buffer[i];
        var tail = Math.Min(read, _last.Length);
        _last.AsSpan(tail).CopyTo(_last);
        buffer[(read - tail)..read].CopyTo(_last.AsSpan(_last.Length - tail));
        _count += read;
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _stream.Dispose();
        base.Dispose(disposing);
    }
}

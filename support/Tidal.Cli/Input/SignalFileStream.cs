using System.IO.Compression;

namespace Tidal.Cli;

/// <summary>
/// The bytes of a signal file, unpacked if its name ends in <c>.gz</c>. Whatever goes wrong below comes out as a
/// <see cref="ReplayInputException"/> that says so. Not safe for use by several threads.
/// </summary>
internal sealed class SignalFileStream : ReadOnlyStream
{
    private readonly string _name;
    private readonly FileEnds _bytes;
    private readonly Stream _text;
    private long _given;

    private SignalFileStream(string name, Stream bytes)
    {
        _name = name;
        _bytes = new FileEnds(bytes);
        _text = IsPacked ? new GZipStream(_bytes, CompressionMode.Decompress) : _bytes;
    }

    private bool IsPacked => _name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);

    /// <summary>Opens a file.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="ReplayInputException">It is not there or cannot be read.</exception>
    public static SignalFileStream Open(string name)
    {
        const string expected = "a .csv or .csv.gz file of signals";
        if (Directory.Exists(name))
            throw new ReplayInputException(name, "this is a directory", expected);
        try
        {
            return new SignalFileStream(name, new FileStream(name, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or ArgumentException or NotSupportedException)
        {
            throw new ReplayInputException(name, "there is no such file", expected);
        }
        catch (UnauthorizedAccessException)
        {
            throw new ReplayInputException(name, "this file may not be read", expected);
        }
        catch (IOException e)
        {
            throw new ReplayInputException(name, $"this file cannot be read ({Printable.Text(e.Message).TrimEnd('.')})", expected);
        }
    }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        try
        {
            var read = _text.Read(buffer);
            _given += read;
            if (read == 0 && buffer.Length > 0 && IsPacked)
                CheckWhole();
            return read;
        }
        catch (InvalidDataException)
        {
            throw Damaged();
        }
        catch (IOException e)
        {
            throw new ReplayInputException(_name, $"this file cannot be read ({Printable.Text(e.Message).TrimEnd('.')})", "a readable file");
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _text.Dispose();
        base.Dispose(disposing);
    }

    // GZipStream takes data that are cut short for whole ones.
    private void CheckWhole()
    {
        if (!_bytes.BeginLikeGzip)
            throw NotPacked();
        if (!_bytes.EndLikeGzip(_given))
            throw new ReplayInputException(_name, "the gzip data are cut short", "a whole gzip file");
    }

    private ReplayInputException NotPacked() =>
        new(_name, "this is not a gzip file", "gzip data, or a name that ends in .csv for plain text");

    private ReplayInputException Damaged() =>
        _bytes.BeginLikeGzip ? new ReplayInputException(_name, "the gzip data are damaged", "a whole gzip file") : NotPacked();
}

using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Tidal.Hosting;

/// <summary>
/// The directory of one store, and all that the operating system is asked for it. Files whose names begin with a dot are not the
/// store's. Safe for use by several threads.
/// </summary>
internal class StoreDirectory : IDisposable
{
    /// <summary>The file that is held locked while a store is open. It stays when the store is closed: deleting it would race with the next one.</summary>
    public const string LockFile = ".lock";

    private const int NameLengthMax = 200;
    private readonly SafeFileHandle _lock;
    private readonly SafeFileHandle? _self;

    /// <summary>Makes a directory where there is none, durably, and locks it.</summary>
    /// <param name="path">The directory.</param>
    /// <exception cref="IOException">Another store, of this or another process, has it open; or the system could not.</exception>
    public StoreDirectory(string path)
    {
        FullPath = Path.GetFullPath(path);
        Make(FullPath);
        _lock = File.OpenHandle(Path.Combine(FullPath, LockFile), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        try
        {
            _self = OpenDirectory(FullPath);
        }
        catch
        {
            _lock.Dispose();
            throw;
        }
    }

    /// <summary>Where it is.</summary>
    public string FullPath { get; }

    /// <summary>Whether a file may have this name: no name leads out of the directory, and all are names on every file system.</summary>
    public static bool IsName(string name)
    {
        if (name.Length is 0 or > NameLengthMax || !char.IsAsciiLetterOrDigit(name[0]))
            return false;
        foreach (var letter in name)
        {
            if (!char.IsAsciiLetterOrDigit(letter) && letter is not ('-' or '_' or '.'))
                return false;
        }
        return true;
    }

    /// <summary>The store's files with their lengths.</summary>
    public IEnumerable<(string Name, long Length)> Files()
    {
        foreach (var file in new DirectoryInfo(FullPath).EnumerateFiles())
        {
            if (IsName(file.Name))
                yield return (file.Name, file.Length);
        }
    }

    /// <summary>Opens a file, or makes one.</summary>
    public SafeFileHandle Open(string name, bool isNew) => File.OpenHandle(
        Path.Combine(FullPath, name), isNew ? FileMode.CreateNew : FileMode.Open, FileAccess.ReadWrite,
        FileShare.ReadWrite | FileShare.Delete);

    /// <summary>Deletes a file. It may come back until the directory is flushed.</summary>
    public void Delete(string name) => File.Delete(Path.Combine(FullPath, name));

    /// <summary>Makes a file's bytes and length durable.</summary>
    public virtual void FlushFile(string name, SafeFileHandle handle) => RandomAccess.FlushToDisk(handle);

    /// <summary>Makes durable which files there are.</summary>
    public virtual void Flush()
    {
        if (_self is not null)
            RandomAccess.FlushToDisk(_self);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _self?.Dispose();
        _lock.Dispose();
        GC.SuppressFinalize(this);
    }

    private static void Make(string path)
    {
        if (Directory.Exists(path))
            return;
        var parent = Path.GetDirectoryName(path);
        if (parent is not null)
            Make(parent);
        Directory.CreateDirectory(path);
        using var above = parent is null ? null : OpenDirectory(parent);
        if (above is not null)
            RandomAccess.FlushToDisk(above);
    }

    /// <summary>
    /// A handle of a directory, to flush it by: the one thing that the runtime's own classes refuse to open. Null on Windows, which
    /// journals directories itself and cannot flush them.
    /// </summary>
    private static SafeFileHandle? OpenDirectory(string path)
    {
        if (OperatingSystem.IsWindows())
            return null;
        const int ReadOnly = 0;
        var handle = Native.Open(Encoding.UTF8.GetBytes(path + '\0'), ReadOnly);
        return handle.IsInvalid
            ? throw new IOException($"The directory {path} cannot be opened: {Marshal.GetLastPInvokeErrorMessage()}.")
            : handle;
    }

    private static class Native
    {
        [DllImport("libc", EntryPoint = "open", SetLastError = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern SafeFileHandle Open(byte[] path, int flags);
    }
}

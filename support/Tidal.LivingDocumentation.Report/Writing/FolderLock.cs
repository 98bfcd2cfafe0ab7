using System.Diagnostics;

namespace Tidal.LivingDocumentation.Report.Writing;

/// <summary>Keeps two processes from writing the document at the same time. It ends with the process at the latest.</summary>
internal sealed class FolderLock : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly FileStream _file;

    private FolderLock(FileStream file) => _file = file;

    /// <summary>Takes the lock.</summary>
    /// <param name="folder">The folder; it is made if it is missing.</param>
    /// <param name="waitMax">How long to wait for whoever has it.</param>
    /// <exception cref="DocumentLockedException">Somebody has had it all that time.</exception>
    public static FolderLock Take(string folder, TimeSpan waitMax)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, "lock");
        for (var waited = Stopwatch.StartNew(); ; Thread.Sleep(Pause))
        {
            try
            {
                return new FolderLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            }
            catch (IOException) when (waited.Elapsed < waitMax)
            {
                // Somebody else is writing.
            }
            catch (IOException error)
            {
                throw new DocumentLockedException(path, waitMax, error);
            }
        }
    }

    /// <summary>Gives the lock back.</summary>
    public void Dispose() => _file.Dispose();
}

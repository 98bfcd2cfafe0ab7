namespace Tidal.RealTimeLock;

/// <summary>
/// Who may use the machine: every test assembly holds a share of a lock on a file in artifacts/ for as long as it runs, and what
/// measures real time takes it alone, once all others are done. A process that dies gives it back. Compiled into each test
/// assembly. Not safe for use by several threads.
/// </summary>
internal sealed class MachineLock : IDisposable
{
    /// <summary>How long to wait for the others: longer than the whole suite takes on a slow machine.</summary>
    private static readonly TimeSpan WaitMax = TimeSpan.FromMinutes(15);

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(50);

    private readonly FileStream _file;

    private MachineLock(FileStream file) => _file = file;

    /// <summary>Shares the machine with the others that share it.</summary>
    public static MachineLock Share() => Take(PathOfLock, isAlone: false, WaitMax);

    /// <summary>Has the machine alone.</summary>
    public static MachineLock Alone() => Take(PathOfLock, isAlone: true, WaitMax);

    /// <summary>Takes a lock on a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="isAlone">Whether nobody else may hold it.</param>
    /// <param name="waitMax">The longest wait.</param>
    /// <exception cref="TimeoutException">Somebody else kept it.</exception>
    public static MachineLock Take(string path, bool isAlone, TimeSpan waitMax)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        for (var until = DateTime.UtcNow + waitMax; ;)
        {
            try
            {
                var (access, share) = isAlone ? (FileAccess.ReadWrite, FileShare.None) : (FileAccess.Read, FileShare.Read);
                return new MachineLock(new FileStream(path, FileMode.OpenOrCreate, access, share));
            }
            catch (IOException) when (DateTime.UtcNow < until)
            {
                Thread.Sleep(LookEvery);
            }
            catch (IOException held)
            {
                throw new TimeoutException($"{path} is held by others for {waitMax}: what measures real time must have the machine alone.", held);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static string PathOfLock
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "TidalBdd.sln")))
                folder = folder.Parent;
            return Path.Combine(folder?.FullName ?? Path.GetTempPath(), "artifacts", "machine.lock");
        }
    }
}

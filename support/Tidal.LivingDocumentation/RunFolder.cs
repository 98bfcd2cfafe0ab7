using System.Globalization;
using System.Text;
using Tidal.LivingDocumentation.Records;

namespace Tidal.LivingDocumentation;

/// <summary>
/// Where one run of the features puts its records and pictures: a folder of its own in either place, since two passes run at the same
/// time. It is held by a lock for as long as the process lives; of those that nobody holds any more the newest are kept, the others go when
/// the next run begins. Safe for use by several threads.
/// </summary>
public sealed class RunFolder : IDisposable
{
    /// <summary>How many runs that are over are kept: the two passes of a whole run, and a few of single scenarios.</summary>
    public const int KeptMost = 6;

    private const string LockName = "in-use";
    private const int NameCharactersMost = 60;

    private readonly FileStream _held;
    private int _number;

    private RunFolder(string root, string name)
    {
        Records = Path.Combine(RecordFiles.RecordsBelow(root), name);
        Evidence = Path.Combine(RecordFiles.EvidenceBelow(root), name);
        Directory.CreateDirectory(Records);
        _held = new FileStream(Path.Combine(Records, LockName), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
    }

    /// <summary>The folder of its records.</summary>
    public string Records { get; }

    /// <summary>The folder of its pictures; there may be none.</summary>
    public string Evidence { get; }

    /// <summary>Makes a new run's folder, and removes what old runs left.</summary>
    /// <param name="root">The checkout's root.</param>
    /// <param name="now">The time; runs are told apart by it and by their process.</param>
    /// <exception cref="IOException">It cannot be made.</exception>
    public static RunFolder Open(string root, DateTimeOffset now)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{now.UtcDateTime:yyyyMMdd-HHmmss-fff}-{Environment.ProcessId}");
        var folder = new RunFolder(root, name);
        RemoveOld(root, except: name);
        return folder;
    }

    /// <summary>A name for the files of one scenario: of this run, and no other's.</summary>
    /// <param name="title">The scenario's title.</param>
    public string NameFor(string title)
    {
        ArgumentNullException.ThrowIfNull(title);
        var name = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"{Interlocked.Increment(ref _number):000}"));
        foreach (var character in title.Take(NameCharactersMost))
            name.Append(char.IsAsciiLetterOrDigit(character) ? char.ToLowerInvariant(character) : '-');
        return name.Insert(3, '-').ToString().TrimEnd('-');
    }

    /// <inheritdoc/>
    public void Dispose() => _held.Dispose();

    private static void RemoveOld(string root, string except)
    {
        var records = RecordFiles.RecordsBelow(root);
        var over = Directory.EnumerateDirectories(records).Select(folder => Path.GetFileName(folder)!)
            .Where(name => name != except && IsOver(Path.Combine(records, name)))
            .OrderDescending(StringComparer.Ordinal);
        foreach (var name in over.Skip(KeptMost))
        {
            Remove(Path.Combine(RecordFiles.EvidenceBelow(root), name));
            Remove(Path.Combine(records, name));
        }
    }

    // A run that is being written holds its lock; the lock of a process that died is free.
    private static bool IsOver(string folder)
    {
        try
        {
            using var held = new FileStream(Path.Combine(folder, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    // Another run may be removing the same.
    private static void Remove(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Tried again by the next run.
        }
    }
}

namespace Tidal.LivingDocumentation.Report.Writing;

/// <summary>Writes files that nobody ever sees half written. Stateless.</summary>
internal static class AtomicFile
{
    /// <summary>Writes a file beside its place and then moves it there; its folder is made if it is missing.</summary>
    /// <param name="path">The file.</param>
    /// <param name="write">Writes to the path that it is given.</param>
    public static void Write(string path, Action<string> write)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var beside = $"{path}.{Guid.NewGuid():n}.tmp";
        try
        {
            write(beside);
            File.Move(beside, path, overwrite: true);
        }
        finally
        {
            File.Delete(beside);
        }
    }
}

using System.Text.Json;
using Tidal.LivingDocumentation.Records;

namespace Tidal.LivingDocumentation.TestLogger;

/// <summary>
/// Reads the record that a test's output names. The output is the tests' own and may say anything: what is not a record of this feature, in
/// the folder for records, counts for nothing, and the runner's word stands alone.
/// </summary>
/// <param name="root">The checkout's root.</param>
internal sealed class RecordReader(string root)
{
    private readonly string _folder = Path.GetFullPath(RecordFiles.RecordsBelow(root)) + Path.DirectorySeparatorChar;

    /// <summary>The step definitions of the run, as soon as one of its records was read.</summary>
    public IReadOnlyList<DefinitionRecord> Definitions { get; private set; } = [];

    /// <summary>The record; null if the output names none that can be read.</summary>
    public ScenarioRecord? Of(string output, string feature)
    {
        // The last line that names one: hooks print after all steps.
        var line = output.Split('\n').Select(line => line.TrimStart()).LastOrDefault(line => line.StartsWith(RecordFiles.Announcement, StringComparison.Ordinal));
        var path = line?[RecordFiles.Announcement.Length..].Trim();
        if (path is null || Read<ScenarioRecord>(path) is not { } record || record.Feature != feature)
            return null;
        if (Definitions.Count == 0)
            Definitions = Read<List<DefinitionRecord>>(Path.Combine(Path.GetDirectoryName(path)!, RecordFiles.Definitions)) ?? [];
        return record;
    }

    private T? Read<T>(string path)
        where T : class
    {
        try
        {
            return Path.GetFullPath(path).StartsWith(_folder, StringComparison.Ordinal) ? RecordFiles.Read<T>(path) : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException or ArgumentException or NotSupportedException)
        {
            return null;
        }
    }
}

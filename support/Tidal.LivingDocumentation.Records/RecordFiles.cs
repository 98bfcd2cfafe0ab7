using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;

namespace Tidal.LivingDocumentation.Records;

/// <summary>Where records lie, and how they are written: JSON. All lies below <c>artifacts/living-documentation</c> of the checkout.</summary>
public static class RecordFiles
{
    /// <summary>The file beside the records of a run that lists its step definitions, an array of <see cref="DefinitionRecord"/>.</summary>
    public const string Definitions = "definitions.json";

    /// <summary>What a test prints before the path of its <see cref="ScenarioRecord"/>, on a line of its own.</summary>
    public const string Announcement = "Record: ";

    private static readonly JsonSerializerOptions Options = new()
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.Create(UnicodeRanges.All),
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
    };

    /// <summary>The checkout's root: the folder with the solution, above where a program runs.</summary>
    /// <exception cref="DirectoryNotFoundException">There is none.</exception>
    public static string Root => RootAbove(AppContext.BaseDirectory);

    /// <summary>The checkout's root above a folder: for a library whose program is installed elsewhere.</summary>
    /// <param name="from">The folder.</param>
    /// <exception cref="DirectoryNotFoundException">There is none.</exception>
    public static string RootAbove(string from)
    {
        for (var folder = new DirectoryInfo(from); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "TidalBdd.sln")))
                return folder.FullName;
        }
        throw new DirectoryNotFoundException($"TidalBdd.sln is in no folder above {from}.");
    }

    /// <summary>The folder of everything that is left behind for people to read.</summary>
    /// <param name="root">The checkout's root.</param>
    public static string FolderBelow(string root) => Path.Combine(root, "artifacts", "living-documentation");

    /// <summary>The folder with the records of runs, a folder each.</summary>
    /// <param name="root">The checkout's root.</param>
    public static string RecordsBelow(string root) => Path.Combine(FolderBelow(root), "records");

    /// <summary>The folder with the pictures of runs as files of their own, a folder each.</summary>
    /// <param name="root">The checkout's root.</param>
    public static string EvidenceBelow(string root) => Path.Combine(FolderBelow(root), "evidence");

    /// <summary>Writes a record; its folder is made if it is missing.</summary>
    /// <param name="path">The file.</param>
    /// <param name="record">The record.</param>
    public static void Write<T>(string path, T record)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, JsonSerializer.SerializeToUtf8Bytes(record, Options));
    }

    /// <summary>Reads a record.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="JsonException">It holds something else.</exception>
    public static T Read<T>(string path) => JsonSerializer.Deserialize<T>(File.ReadAllBytes(path), Options)
        ?? throw new JsonException($"{path} is empty.");
}

using Tidal.LivingDocumentation.Records;

namespace Tidal.LivingDocumentation.Tests.Logger;

/// <summary>A checkout with one small feature, in a folder of its own. Disposing removes it.</summary>
internal sealed class CheckoutFolder : IDisposable
{
    private readonly DirectoryInfo _above = Directory.CreateTempSubdirectory("tidal-logger-");

    public CheckoutFolder()
    {
        Root = Path.Combine(_above.FullName, "a checkout");
        Write("features/capabilities.md", "## looking: Looking\nWhat is looked at.\n");
        Write("features/glossary.md", "");
        Write("features/acceptance/acceptance-text.md", "");
        Write("features/looking/f.feature", "Feature: F\n  Scenario: S\n    When a\n    Then b\n  Scenario: T\n    Then c\n");
    }

    /// <summary>Its root, with a space in its name.</summary>
    public string Root { get; }

    public string Living => RecordFiles.FolderBelow(Root);

    public PassRecord Pass(string name = "main") => RecordFiles.Read<PassRecord>(Path.Combine(Living, "passes", name + ".json"));

    public void Write(string path, string text)
    {
        var file = Path.Combine(Root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }

    /// <summary>Puts a run of a scenario on record, and says what its test prints of it.</summary>
    public string Record(string title = "S", string feature = "F", string folder = "run")
    {
        var path = Path.Combine(RecordFiles.RecordsBelow(Root), folder, title + ".json");
        RecordFiles.Write(path, new ScenarioRecord
        {
            FeatureFolder = "looking",
            Feature = feature,
            Title = title,
            Substrate = "virtual time",
            Runtime = "Reqnroll 3.3.3",
            Began = DateTimeOffset.UnixEpoch,
            Milliseconds = 5,
            Seed = 42,
            Replay = "dotnet test",
        });
        return $"Given something\n{RecordFiles.Announcement}{path}\nmore\n";
    }

    public void Dispose() => _above.Delete(recursive: true);
}

using Tidal.LivingDocumentation;
using Tidal.LivingDocumentation.Records;

namespace TidalBdd.Steps;

/// <summary>The folder that this process records into: made for the first scenario, with the list of step definitions in it.</summary>
internal static class RunOfThisProcess
{
    private static readonly Lazy<RunFolder> Opened = new(Open);

    public static RunFolder Folder() => Opened.Value;

    private static RunFolder Open()
    {
        var folder = RunFolder.Open(RecordFiles.Root, DateTimeOffset.UtcNow);
        RecordFiles.Write(Path.Combine(folder.Records, RecordFiles.Definitions), StepDefinitions.Of(typeof(RunOfThisProcess).Assembly));
        return folder;
    }
}

using Tidal.LivingDocumentation;

namespace TidalBdd.Steps;

/// <summary>In the place of the suite's own: where its hooks record in a test.</summary>
internal static class RunOfThisProcess
{
    private static readonly AsyncLocal<RunFolder?> Given = new();

    public static void Set(RunFolder? folder) => Given.Value = folder;

    public static RunFolder Folder() => Given.Value ?? throw new IOException("there is no room");
}

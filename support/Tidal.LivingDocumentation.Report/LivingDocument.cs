using Tidal.LivingDocumentation.Records;

namespace Tidal.LivingDocumentation.Report;

/// <summary>The living document of a run.</summary>
public static class LivingDocument
{
    /// <summary>Keeps a pass, and writes the document anew.</summary>
    /// <param name="root">The checkout's root.</param>
    /// <param name="pass">The pass.</param>
    /// <param name="passName"><c>main</c> or <c>real-time</c>.</param>
    /// <returns>The document's path.</returns>
    public static string Write(string root, PassRecord pass, string passName)
    {
        var folder = RecordFiles.FolderBelow(root);
        if (passName == "main" && pass.Filter is not null)
            folder = Path.Combine(folder, "filtered");
        RecordFiles.Write(Path.Combine(folder, "passes", passName + ".json"), pass);
        return Path.Combine(folder, "index.html");
    }
}

using Tidal.LivingDocumentation.Records;
using Tidal.LivingDocumentation.Report;

namespace Tidal.LivingDocumentation.TestLogger;

/// <summary>What is said at the end of a run: always one line.</summary>
internal static class Announcement
{
    /// <summary>Where the document is, for a click or a browser.</summary>
    /// <param name="path">The document.</param>
    /// <param name="pass">The run.</param>
    /// <param name="passName">The pass's name.</param>
    /// <param name="root">The checkout's root.</param>
    public static string Of(string path, PassRecord pass, string passName, string root)
    {
        var failed = pass.Tests.Count(test => !test.Passed);
        var outcome = failed == 0 ? "" : failed == 1 ? ", 1 scenario failed" : $", {failed} scenarios failed";
        var whole = Path.Combine(RecordFiles.FolderBelow(root), "index.html");
        if (Path.GetFullPath(path) == Path.GetFullPath(whole))
            return $"Living document{(passName == LivingDocument.MainPass ? "" : ", with the pass in real time")}{outcome}: {Uri(path)}";
        var untouched = File.Exists(whole) ? "; that of the last whole run stays as it was" : "";
        return $"Living document of this part of the features{outcome}: {Uri(path)}{untouched}";
    }

    /// <summary>A text without line breaks.</summary>
    public static string OneLine(string text) => text.ReplaceLineEndings(" ");

    /// <summary>A file for a click.</summary>
    public static string Uri(string path) => new Uri(Path.GetFullPath(path)).AbsoluteUri;
}

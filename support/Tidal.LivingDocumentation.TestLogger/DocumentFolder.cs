using Tidal.LivingDocumentation.Records;
using Tidal.LivingDocumentation.Report;

namespace Tidal.LivingDocumentation.TestLogger;

/// <summary>Where the files of a pass belong: a main run that was filtered leaves those of the last whole run alone.</summary>
internal static class DocumentFolder
{
    /// <summary>The folder.</summary>
    public static string Of(string root, string passName, string? filter) =>
        passName == LivingDocument.MainPass && filter is not null ? LivingDocument.FilteredBelow(root) : RecordFiles.FolderBelow(root);
}

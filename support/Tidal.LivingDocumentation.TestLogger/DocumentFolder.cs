using Tidal.LivingDocumentation.Records;
using Tidal.LivingDocumentation.Report;

namespace Tidal.LivingDocumentation.TestLogger;

/// <summary>Where the files of a pass belong: a main run that was filtered leaves those of the last whole run alone.</summary>
internal static class DocumentFolder
{
    /// <summary>The folder.</summary>
    public static string Of(string root, string passName, string? filter)
    {
        var folder = RecordFiles.FolderBelow(root);
        return passName == LivingDocument.MainPass && filter is not null ? Path.Combine(folder, "filtered") : folder;
    }
}

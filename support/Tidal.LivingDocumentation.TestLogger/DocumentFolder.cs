using Tidal.LivingDocumentation.Records;

namespace Tidal.LivingDocumentation.TestLogger;

/// <summary>Where the files of a pass belong: a main run that was filtered leaves those of the last whole run alone.</summary>
internal static class DocumentFolder
{
    /// <summary>The folder.</summary>
    public static string Of(string root, string passName, string? filter)
    {
        var folder = RecordFiles.FolderBelow(root);
        return passName == LivingDocumentationLogger.MainPass && filter is not null ? Path.Combine(folder, "filtered") : folder;
    }
}

using Gherkin;
using Gherkin.Ast;

namespace Tidal.LivingDocumentation.Report.Features;

/// <summary>Reads feature files. Stateless.</summary>
public static class FeatureReader
{
    /// <summary>Reads all <c>.feature</c> files below a folder, those of build output left out, in the order of their paths.</summary>
    /// <param name="featuresFolder">The folder: <c>features</c> of the checkout.</param>
    /// <exception cref="SourceException">A file is no feature, or cannot be read.</exception>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    public static IReadOnlyList<FeatureFile> ReadAll(string featuresFolder)
    {
        var above = Path.GetDirectoryName(Path.GetFullPath(featuresFolder).TrimEnd(Path.DirectorySeparatorChar))!;
        return [.. Directory.EnumerateFiles(featuresFolder, "*.feature", SearchOption.AllDirectories)
            .Select(file => (Below: Slashes(Path.GetRelativePath(featuresFolder, file)), Shown: Slashes(Path.GetRelativePath(above, file))))
            .Where(found => !IsBuildOutput(found.Below))
            .OrderBy(found => found.Below, StringComparer.Ordinal)
            .Select(found => Read(found.Shown, FolderOf(found.Below), ReadText(above, found.Shown)))];
    }

    /// <summary>Reads one feature.</summary>
    /// <param name="path">The file below the checkout, with slashes.</param>
    /// <param name="folder">Its folder below the features, with slashes.</param>
    /// <param name="text">What stands in it.</param>
    /// <exception cref="SourceException">It is no feature.</exception>
    public static FeatureFile Read(string path, string folder, string text) => new(path, folder, text, Parse(path, text));

    /// <summary>Reads a file that people have written.</summary>
    /// <param name="root">The checkout's root.</param>
    /// <param name="path">The file below it, with slashes.</param>
    /// <exception cref="SourceException">It cannot be read.</exception>
    public static string ReadText(string root, string path)
    {
        try
        {
            return File.ReadAllText(Path.Combine(root, path));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SourceException(path, 0, "it cannot be read", error);
        }
    }

    private static GherkinDocument Parse(string path, string text)
    {
        try
        {
            var document = new Parser().Parse(new StringReader(text));
            return document.Feature is null ? throw new SourceException(path, 0, "there is no feature in it") : document;
        }
        catch (ParserException error)
        {
            var first = error is CompositeParserException { Errors: { } all } ? all.First() : error;
            throw new SourceException(path, first.Location?.Line ?? 0, WithoutPlace(first.Message), error);
        }
    }

    // The parser's messages begin with the place, which we say ourselves: "(3:5): ".
    private static string WithoutPlace(string message)
    {
        var end = message.IndexOf("): ", StringComparison.Ordinal);
        return message.StartsWith('(') && end > 0 ? message[(end + 3)..] : message;
    }

    private static bool IsBuildOutput(string below) => below.Split('/').SkipLast(1).Any(folder => folder is "bin" or "obj");

    private static string FolderOf(string below) => Path.GetDirectoryName(below) is { Length: > 0 } folder ? Slashes(folder) : "";

    private static string Slashes(string path) => path.Replace('\\', '/');
}

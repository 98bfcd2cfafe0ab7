using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Tidal.Tests.Conventions;

/// <summary>The engine's source files, without comments and strings.</summary>
internal static partial class EngineSource
{
    /// <summary>The engine's folders, ground floor first: each uses only those before it.</summary>
    public static readonly string[] Folders = ["Schema", "Crdt", "Log", "Signals", "Query", "Replication", "Placement", "Hosting"];

    public readonly record struct SourceFile(string Path, string Folder, string Code);

    public static IEnumerable<SourceFile> Files()
    {
        var root = Path.GetFullPath(Path.Combine(Here(), "..", "..", "..", "Tidal"));
        foreach (var file in Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var path = Path.GetRelativePath(root, file).Replace('\\', '/');
            if (!path.StartsWith("obj/", StringComparison.Ordinal) && !path.StartsWith("bin/", StringComparison.Ordinal))
                yield return new SourceFile(path, path.Contains('/') ? path[..path.IndexOf('/')] : "", Strip(File.ReadAllText(file)));
        }
    }

    public static string Strip(string source) => CommentOrString().Replace(source, match => match.Value[0] == '/' ? "" : "\"\"");

    private static string Here([CallerFilePath] string path = "") => path;

    [GeneratedRegex("""
        //[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"
        """, RegexOptions.Singleline)]
    private static partial Regex CommentOrString();
}

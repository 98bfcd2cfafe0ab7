using System.Text.RegularExpressions;

namespace Tidal.SuiteConventions.Tests;

/// <summary>The length of binding methods, measured in their source: a binding translates and calls a driver, no more.</summary>
internal static partial class BindingSource
{
    /// <summary>The most lines of a binding method, from its signature to its end.</summary>
    public const int MostLines = 10;

    /// <summary>The binding methods of a file that are longer.</summary>
    public static IEnumerable<string> TooLong(string path, string source)
    {
        var lines = source.Split('\n');
        for (var at = 0; at < lines.Length; at++)
        {
            if (!BindingAttribute().IsMatch(lines[at]))
                continue;
            var start = SkipAttributes(lines, at);
            var length = LengthFrom(lines, start);
            if (length > MostLines)
                yield return $"{path}, line {start + 1}: {length} lines, and {MostLines} are the most: {lines[start].Trim()}";
            at = start;
        }
    }

    private static int SkipAttributes(string[] lines, int at)
    {
        while (at < lines.Length - 1 && (lines[at].TrimStart().StartsWith('[') || lines[at].Trim().Length == 0))
            at++;
        return at;
    }

    // Ends where the braces are even again, or at a semicolon outside of all.
    private static int LengthFrom(string[] lines, int start)
    {
        var depth = 0;
        for (var at = start; at < lines.Length; at++)
        {
            var line = Literal().Replace(lines[at], "");
            depth += line.Count(sign => sign == '{') - line.Count(sign => sign == '}');
            if (depth == 0 && line.TrimEnd() is [.., ';' or '}'])
                return at - start + 1;
        }
        return lines.Length - start;
    }

    [GeneratedRegex(@"^\s*\[(Given|When|Then|StepDefinition|StepArgumentTransformation|Before\w+|After\w+)\b")]
    private static partial Regex BindingAttribute();

    [GeneratedRegex("""
        "(\\.|[^"\\])*"|'(\\.|[^'\\])'
        """)]
    private static partial Regex Literal();
}

using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Tidal.LivingDocumentation.Records;

namespace Tidal.LivingDocumentation.Report.Html;

/// <summary>The page's style and script: the embedded files of <c>Html/Style</c> and <c>Html/Script</c>, by name. Safe for use by several threads.</summary>
internal static partial class Assets
{
    /// <summary>The style, that of drawings included.</summary>
    public static string Style { get; } = CommentPattern().Replace(Read(".css") + PictureStyle.Rules, "");

    /// <summary>The script, whose names stay its own.</summary>
    public static string Script { get; } = $"(()=>{{\"use strict\";\n{Read(".js")}}})();";

    /// <summary>The only script that a reader's browser shall run, as a content security policy names it.</summary>
    public static string ScriptHash { get; } = $"sha256-{Convert.ToBase64String(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(Script)))}";

    private static string Read(string extension)
    {
        var assembly = typeof(Assets).Assembly;
        var text = new StringBuilder();
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.EndsWith(extension, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            text.Append(reader.ReadToEnd().ReplaceLineEndings("\n"));
        }
        return text.ToString();
    }

    [GeneratedRegex("/\\*.*?\\*/\\s*", RegexOptions.Singleline)]
    private static partial Regex CommentPattern();
}

using System.Text.RegularExpressions;

namespace Tidal.LivingDocumentation.Records;

/// <summary>
/// How drawings look: a colour for each of <see cref="PictureClasses"/>, on light and on dark ground. A shape is filled with the colour of
/// its class; a <c>line</c>, a <c>polyline</c> and whatever says <c>fill="none"</c> is drawn with it. Safe for use by several threads.
/// </summary>
public static partial class PictureStyle
{
    private const string Namespace = "xmlns=\"http://www.w3.org/2000/svg\"";
    private const string Ground = "svg{background:light-dark(#fdfcf9,#14191d)}\n";

    /// <summary>The rules, each colour as <c>light-dark(…,…)</c>, for a document that says itself which of them holds.</summary>
    public static string Rules { get; } = ReadRules();

    private static string StandaloneStyle { get; } = StyleOf(Ground + CommentPattern().Replace(Rules, ""));

    /// <summary>A drawing that brings its style along, for a file of its own: light or dark as its reader's system is.</summary>
    /// <param name="svg">The <c>svg</c> element of a <see cref="Picture"/>.</param>
    /// <exception cref="ArgumentException">It does not begin with one.</exception>
    public static string Standalone(string svg)
    {
        var opening = OpeningPattern().Match(svg);
        if (!opening.Success)
            throw new ArgumentException("A drawing begins with its svg element.", nameof(svg));
        var space = opening.Value.Contains("xmlns=", StringComparison.Ordinal) ? "" : " " + Namespace;
        return $"<svg{space}{opening.Groups[1].Value}>{StandaloneStyle}{svg[(opening.Index + opening.Length)..]}";
    }

    /// <summary>Whoever shows files of drawings may not know <c>light-dark</c>: the light colours plainly, and the dark ones where they are asked for.</summary>
    private static string StyleOf(string rules) =>
        $"<style>{ColourPattern().Replace(rules, "$1")}@media (prefers-color-scheme:dark){{{ColourPattern().Replace(rules, "$2")}}}</style>";

    private static string ReadRules()
    {
        using var stream = typeof(PictureStyle).Assembly.GetManifestResourceStream("picture.css")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    [GeneratedRegex("light-dark\\(([^,]+),([^)]+)\\)")]
    private static partial Regex ColourPattern();

    [GeneratedRegex("/\\*.*?\\*/\\s*", RegexOptions.Singleline)]
    private static partial Regex CommentPattern();

    [GeneratedRegex("^\\s*<svg((?:\\s[^<>]*)?)>")]
    private static partial Regex OpeningPattern();
}

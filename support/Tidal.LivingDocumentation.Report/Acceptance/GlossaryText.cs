using Tidal.LivingDocumentation.Report.Features;
using Tidal.LivingDocumentation.Report.Model;

namespace Tidal.LivingDocumentation.Report.Acceptance;

/// <summary>Reads <c>features/glossary.md</c>: <c>## word</c>, a line <c>Also: form, form</c> if it has other forms, and what it means. Stateless.</summary>
public static class GlossaryText
{
    private const string Also = "Also: ";

    /// <summary>Reads the text.</summary>
    /// <param name="path">The file below the checkout, for errors.</param>
    /// <param name="text">What stands in it.</param>
    /// <exception cref="SourceException">A word has no meaning.</exception>
    public static IReadOnlyList<Term> Parse(string path, string text) => [.. MarkdownSections.Of(text).Select(section =>
    {
        string[] lines = [.. section.Lines.Select(line => line.Text.Trim()).Where(line => line.Length > 0)];
        var forms = lines.Where(IsForms).SelectMany(line => line[Also.Length..].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
        var meaning = string.Join(' ', lines.Where(line => !IsForms(line)));
        if (section.Heading.Length == 0 || meaning.Length == 0)
            throw new SourceException(path, section.Line, "a word and what it means belong together: \"## word\", and a sentence below it");
        return new Term(section.Heading, meaning, [.. forms]);
    })];

    private static bool IsForms(string line) => line.StartsWith(Also, StringComparison.Ordinal);
}

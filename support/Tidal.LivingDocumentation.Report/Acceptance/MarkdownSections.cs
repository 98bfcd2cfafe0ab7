namespace Tidal.LivingDocumentation.Report.Acceptance;

/// <summary>A heading of the second level in a Markdown file, and the lines below it. Immutable.</summary>
/// <param name="Heading">The heading.</param>
/// <param name="Line">Its line in the file, counted from 1.</param>
/// <param name="Lines">The lines below it up to the next one, each with its number.</param>
internal sealed record MarkdownSection(string Heading, int Line, IReadOnlyList<(string Text, int Line)> Lines);

/// <summary>The little of Markdown that the texts beside the features use. Stateless.</summary>
internal static class MarkdownSections
{
    private const string Mark = "## ";

    /// <summary>Takes a text apart; what stands before the first heading is for whoever edits it.</summary>
    public static IReadOnlyList<MarkdownSection> Of(string text)
    {
        var result = new List<MarkdownSection>();
        var below = new List<(string, int)>();
        foreach (var (line, index) in text.ReplaceLineEndings("\n").Split('\n').Select((line, index) => (line, index)))
        {
            if (line.StartsWith(Mark, StringComparison.Ordinal))
                result.Add(new MarkdownSection(line[Mark.Length..].Trim(), index + 1, below = []));
            else
                below.Add((line, index + 1));
        }
        return result;
    }
}

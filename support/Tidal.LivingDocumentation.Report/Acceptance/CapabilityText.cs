using Tidal.LivingDocumentation.Report.Features;

namespace Tidal.LivingDocumentation.Report.Acceptance;

/// <summary>What <c>features/capabilities.md</c> says of a folder: <c>## failover: A title</c>, and a sentence below it. Immutable.</summary>
/// <param name="Folder">The folder below the features, with slashes.</param>
/// <param name="Title">Its title.</param>
/// <param name="Prose">What it is about, in a sentence or two.</param>
public sealed record CapabilityText(string Folder, string Title, string Prose)
{
    /// <summary>Reads the text.</summary>
    /// <param name="path">The file below the checkout, for errors.</param>
    /// <param name="text">What stands in it.</param>
    /// <exception cref="SourceException">It is not written that way.</exception>
    public static IReadOnlyList<CapabilityText> Parse(string path, string text)
    {
        var seen = new HashSet<string>();
        return [.. MarkdownSections.Of(text).Select(section => Of(path, section) is var folder && seen.Add(folder.Folder)
            ? folder
            : throw new SourceException(path, section.Line, $"\"{folder.Folder}\" has been told of before"))];
    }

    private static CapabilityText Of(string path, MarkdownSection section)
    {
        var colon = section.Heading.IndexOf(": ", StringComparison.Ordinal);
        if (colon <= 0 || section.Heading.Length == colon + 2)
            throw new SourceException(path, section.Line, "a heading is a folder, a colon and a title: \"## failover: A title\"");
        var prose = string.Join(' ', section.Lines.Select(line => line.Text.Trim()).Where(line => line.Length > 0));
        if (prose.Length == 0)
            throw new SourceException(path, section.Line, "what the folder is about is missing below its heading");
        return new CapabilityText(section.Heading[..colon].Trim(), section.Heading[(colon + 2)..].Trim(), prose);
    }
}

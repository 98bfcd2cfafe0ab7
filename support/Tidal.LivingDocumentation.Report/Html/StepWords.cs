using System.Text.RegularExpressions;

namespace Tidal.LivingDocumentation.Report.Html;

/// <summary>The words of a step: what varies from step to step, quoted or a number, stands out, and so does what an outline fills in.</summary>
internal static partial class StepWords
{
    public static void Write(Page page, string text, IReadOnlyCollection<string> columns, bool numbers = true, bool quotes = true)
    {
        var from = 0;
        foreach (var match in VaryingPattern().EnumerateMatches(text))
        {
            var word = text.AsSpan(match.Index, match.Length);
            var placeholder = word[0] == '<';
            if (placeholder ? !columns.Contains(word[1..^1].ToString()) : !(word[0] == '"' ? quotes : numbers))
                continue;
            page.WriteText(text.AsSpan(from, match.Index - from));
            page.WriteAsIs(placeholder ? "<var>" : "<em>");
            if (word[0] == '"')
                WriteQuoted(page, word[1..^1].ToString(), columns);
            else
                page.WriteText(word);
            page.WriteAsIs(placeholder ? "</var>" : "</em>");
            from = match.Index + match.Length;
        }
        page.WriteText(text.AsSpan(from));
    }

    private static void WriteQuoted(Page page, string text, IReadOnlyCollection<string> columns)
    {
        page.WriteText("\"");
        Write(page, text, columns, numbers: false, quotes: false);
        page.WriteText("\"");
    }

    [GeneratedRegex("\"[^\"]*\"|<[^<>]+>|(?<![\\w.:-])[0-9][0-9.,:]*[0-9]|(?<![\\w.:-])[0-9](?![\\w-])")]
    private static partial Regex VaryingPattern();
}

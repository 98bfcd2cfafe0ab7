using Tidal.LivingDocumentation.Report.Model;

namespace Tidal.LivingDocumentation.Report.Html;

/// <summary>Each line of the acceptance text, and what shows it.</summary>
internal static class Traceability
{
    public static void Write(Page page, IReadOnlyList<TracedLine> lines, Places places)
    {
        if (lines.Count == 0)
            return;
        page.Write($"<section id=\"traceability\" aria-labelledby=\"traceability-h\">\n<h2 id=\"traceability-h\">From the acceptance text to the examples</h2>\n");
        page.Write($"<p>Each line of the acceptance text, word for word, and the scenarios that show it.</p>\n<div class=\"tb\" tabindex=\"0\" role=\"group\" aria-labelledby=\"traceability-h\"><table class=\"tr\"><thead><tr><th scope=\"col\">The acceptance text says<th scope=\"col\">In this run<th scope=\"col\">Shown by</thead><tbody>\n");
        var section = "";
        foreach (var line in lines)
        {
            if (line.Section != section)
                page.Write($"<tr><th scope=\"rowgroup\" colspan=\"3\" class=\"gs\" dir=\"auto\">{line.Section}\n");
            section = line.Section;
            WriteLine(page, line, places);
        }
        page.Write($"</tbody></table></div>\n</section>\n");
    }

    private static void WriteLine(Page page, TracedLine line, Places places)
    {
        page.Write($"<tr><th scope=\"row\" dir=\"auto\">");
        WriteTicked(page, line.Text);
        page.Write($"<td>");
        if (line.Examples.Count > 0)
            page.MarkWord(line.Outcome, Words.OfPromise(line.Outcome));
        page.Write($"<td>");
        page.Scenarios(line.Examples.Select(places.Find).OfType<Place>());
        if (line.Otherwise is { } otherwise)
        {
            page.Write($"<p class=\"ot\" dir=\"auto\">");
            WriteTicked(page, otherwise);
            page.Write($"</p>");
        }
        page.Write($"\n");
    }

    /// <summary>Text in which backticks set names apart. One without a partner stays.</summary>
    private static void WriteTicked(Page page, string text)
    {
        var parts = text.Split('`');
        for (var index = 0; index < parts.Length; index++)
        {
            if (index % 2 == 1 && index < parts.Length - 1)
                page.Write($"<code>{parts[index]}</code>");
            else
                page.Write($"{(index % 2 == 1 ? "`" : "")}{parts[index]}");
        }
    }
}

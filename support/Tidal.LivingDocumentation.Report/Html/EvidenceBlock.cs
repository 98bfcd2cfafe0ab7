using Tidal.LivingDocumentation.Records;

namespace Tidal.LivingDocumentation.Report.Html;

/// <summary>What is shown of a run: a drawing, a table or text, under its title.</summary>
internal static class EvidenceBlock
{
    public static void Write(Page page, Evidence evidence)
    {
        page.Write($"<figure class=\"ev\"><figcaption><strong dir=\"auto\">{evidence.Title}</strong> <bdi>{evidence.Summary}</bdi></figcaption>\n");
        switch (evidence)
        {
            case Picture picture:
                WritePicture(page, picture);
                break;
            case Table table:
                page.Table(table.Title, table.Header, table.Rows);
                break;
            case PlainText text:
                page.Write($"<pre dir=\"auto\" tabindex=\"0\">{text.Text}</pre>");
                break;
        }
        page.Write($"</figure>\n");
    }

    private static void WritePicture(Page page, Picture picture)
    {
        if (SvgCleaner.Clean(picture.Svg) is { } drawing)
        {
            page.Write($"<div class=\"pc\" tabindex=\"0\" role=\"group\" aria-label=\"{picture.Title}. {picture.Summary}\">");
            page.WriteAsIs(drawing.Markup);
            page.Write($"</div>");
            Legend.Write(page, picture.Kind, drawing.Classes);
        }
        else
        {
            page.Write($"<p class=\"em\">The drawing cannot be read; what it tells is below.</p>");
        }
        if (picture.Events.Count > 0)
            WriteEvents(page, picture.Events);
    }

    private static void WriteEvents(Page page, IReadOnlyList<PictureEvent> events)
    {
        page.Write($"<details class=\"es\"><summary>The same in words: {Words.Count(events.Count, "event")}</summary><ol tabindex=\"0\">\n");
        foreach (var (when, where, what) in events)
        {
            page.Write($"<li>");
            if (when.Length > 0)
                page.Write($"<b>{when}</b> ");
            if (where.Length > 0)
                page.Write($"<i dir=\"auto\">{where}</i> ");
            page.Write($"<bdi>{what}</bdi>\n");
        }
        page.Write($"</ol></details>");
    }
}

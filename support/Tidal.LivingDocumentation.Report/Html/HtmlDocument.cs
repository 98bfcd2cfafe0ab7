using Tidal.LivingDocumentation.Report.Model;

namespace Tidal.LivingDocumentation.Report.Html;

/// <summary>The living document as one HTML file that asks nobody for anything: style, script and drawings are in it. Safe for use by several threads.</summary>
public static class HtmlDocument
{
    /// <summary>Writes the document.</summary>
    /// <param name="document">What it shows.</param>
    /// <param name="to">Where to; what it writes is to be encoded as UTF-8.</param>
    public static void Write(Document document, TextWriter to)
    {
        ArgumentNullException.ThrowIfNull(document);
        ArgumentNullException.ThrowIfNull(to);
        var page = new Page(to);
        var places = new Places(document);
        WriteHead(page, document);
        page.Write($"<body>\n<a class=\"skip\" href=\"#content\">Skip to the document</a>\n");
        Masthead.Write(page);
        page.Write($"<div class=\"frame\">\n");
        Contents.Write(page, document);
        page.Write($"<main id=\"content\" tabindex=\"-1\">\n");
        WriteSections(page, document, places);
        page.Write($"</main>\n</div>\n<div id=\"tip\" role=\"status\" aria-live=\"polite\"></div>\n</body>\n</html>\n");
    }

    private static void WriteSections(Page page, Document document, Places places)
    {
        FirstPage.Write(page, document, places);
        Promises.Write(page, document, places);
        Failures.Write(page, places);
        RunSection.Write(page, document.Run);
        ChangesSection.Write(page, document.Changes, places);
        FeatureSection.Write(page, document);
        Traceability.Write(page, document.Traceability, places);
        Glossary.Write(page, document.Glossary);
        Gaps.Write(page, document);
    }

    private static void WriteHead(Page page, Document document)
    {
        page.Write($"<!doctype html>\n<html lang=\"en\" dir=\"ltr\">\n<head>\n<meta charset=\"utf-8\">\n");
        page.Write($"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; script-src '");
        page.WriteAsIs(Assets.ScriptHash);
        page.Write($"'; img-src data:; base-uri 'none'; form-action 'none'\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        page.Write($"<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"referrer\" content=\"no-referrer\">\n");
        page.Write($"<title>Tidal: {Verdict.Of(document).Line} ({Words.Moment(document.Run.Began)})</title>\n<style>\n");
        page.WriteAsIs(Assets.Style);
        page.Write($"</style>\n<script>");
        page.WriteAsIs(Assets.Script);
        page.Write($"</script>\n</head>\n");
    }
}

using System.Net;
using Tidal.LivingDocumentation.Report.Model;

namespace Tidal.LivingDocumentation.Report.Html;

/// <summary>The document as one HTML file that needs nothing else. Stateless.</summary>
public static class HtmlDocument
{
    /// <summary>Writes it.</summary>
    /// <param name="document">What it shows.</param>
    /// <param name="to">Where to.</param>
    public static void Write(Document document, TextWriter to)
    {
        to.WriteLine("<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Tidal</title><body>");
        foreach (var promise in document.Steps.Concat(document.Invariants))
            to.WriteLine($"<p>{WebUtility.HtmlEncode(promise.Title)}: {promise.Outcome}</p>");
        to.WriteLine("</body></html>");
    }
}

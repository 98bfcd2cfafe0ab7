using Tidal.LivingDocumentation.Report.Model;

namespace Tidal.LivingDocumentation.Report.Html;

/// <summary>What stands first: what this is, and the verdict.</summary>
internal static class FirstPage
{
    public static void Write(Page page, Document document)
    {
        var verdict = Verdict.Of(document);
        page.Write($"<section id=\"verdict\" class=\"first\">\n<p class=\"what\"><strong>Tidal</strong> keeps who viewed, liked or hid what, in several regions at once, and ranks what is hot for whom, now. ");
        page.Write($"Whatever fails on the way, it loses nothing and counts nothing twice.</p>\n");
        page.Write($"<h1 class=\"{Words.ClassOf(verdict.Outcome)}\"><i class=\"o {Words.ClassOf(verdict.Outcome)}\" aria-hidden=\"true\"></i>{verdict.Words}</h1>\n");
        page.Write($"<p class=\"why\" dir=\"auto\">{verdict.Reason}</p>\n<p class=\"when\">Run of ");
        page.Time(document.Run.Began);
        if (document.Run.Commit.Length > 0)
            page.Write($", commit <code>{document.Run.Commit}</code>");
        page.Write($", {document.Run.Runtime}, {Words.Duration(document.Run.Seconds * 1000)}. <a href=\"#run\">All about this run</a></p>\n</section>\n");
    }
}

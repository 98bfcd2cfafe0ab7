using Tidal.LivingDocumentation.Report.Model;

namespace Tidal.LivingDocumentation.Report.Html;

/// <summary>What stands first: what this is, and the verdict.</summary>
internal static class FirstPage
{
    /// <summary>Failures that are named here; what failed, and how, has a part of its own.</summary>
    private const int Named = 3;

    public static void Write(Page page, Document document, Places places)
    {
        var verdict = Verdict.Of(document);
        page.Write($"<section id=\"verdict\" class=\"first\">\n<p class=\"what\"><strong>Tidal</strong> keeps who viewed, liked or hid what, in several regions at once, and ranks what is hot for whom, now. ");
        page.Write($"Whatever fails on the way, it loses nothing and counts nothing twice.</p>\n");
        page.Write($"<h1 class=\"{Words.ClassOf(verdict.Outcome)}\"><i class=\"o {Words.ClassOf(verdict.Outcome)}\" aria-hidden=\"true\"></i>{verdict.Answer}");
        if (verdict.Because.Length > 0)
            page.Write($"<span class=\"vh\">:</span> <span class=\"be\">{verdict.Because}</span>");
        page.Write($"</h1>\n");
        page.Write($"<p class=\"why\" dir=\"auto\">{verdict.Reason}</p>\n");
        WriteFailed(page, places);
        page.Write($"<p class=\"when\">Run of ");
        page.Time(document.Run.Began);
        if (document.Run.Commit.Length > 0)
            page.Write($", commit <code>{document.Run.Commit}</code>");
        page.Write($", {document.Run.Runtime}, {Words.Duration(document.Run.Seconds * 1000)}. <a href=\"#run\">All about this run</a></p>\n</section>\n");
    }

    private static void WriteFailed(Page page, Places places)
    {
        var failed = places.All.Where(place => place.Example.Outcome == Outcome.Failed).ToList();
        if (failed.Count == 0)
            return;
        page.Write($"<ul class=\"plain\">\n");
        foreach (var place in failed.Take(Named))
            page.Link(place);
        page.Write($"</ul>\n<p><a href=\"#failures\">{(failed.Count > Named ? $"All {failed.Count} failures" : "What failed")}, with the step, the message and the command that shows it again</a></p>\n");
    }
}

using Tidal.LivingDocumentation.Report.Model;

namespace Tidal.LivingDocumentation.Report.Html;

/// <summary>The acceptance steps and the invariants: each kept or broken, with its figures and who shows it.</summary>
internal static class Promises
{
    public static void Write(Page page, Document document, Places places)
    {
        page.Write($"<section id=\"promises\" aria-labelledby=\"promises-h\">\n<h2 id=\"promises-h\">The {document.Steps.Count} acceptance steps</h2>\n<ol class=\"pr steps\">\n");
        foreach (var (promise, number) in document.Steps.Select((promise, index) => (promise, index + 1)))
            WriteOne(page, promise, number.ToString(System.Globalization.CultureInfo.InvariantCulture), places);
        page.Write($"</ol>\n<h2 id=\"invariants-h\">The {document.Invariants.Count} invariants</h2>\n<p class=\"by\">Held against {Words.Count(document.Invariants.Select(promise => promise.Of).DefaultIfEmpty().Max(), "run")} of <a href=\"#features\">the examples</a>, whatever each is about.</p>\n<ul class=\"pr inv\">\n");
        foreach (var promise in document.Invariants)
            WriteOne(page, promise, "", places);
        page.Write($"</ul>\n</section>\n");
    }

    private static void WriteOne(Page page, Promise promise, string number, Places places)
    {
        page.Write($"<li id=\"{promise.Id}\" class=\"{Words.ClassOf(promise.Outcome)}\">");
        page.MarkWord(promise.Outcome, Words.OfPromise(promise.Outcome));
        page.Write($"<div class=\"pt\"><p dir=\"auto\">");
        if (number.Length > 0)
            page.Write($"<b>{number}.</b> ");
        page.Write($"{promise.Title}</p>\n");
        WriteShown(page, promise, places);
        page.Write($"</div>\n<div class=\"pf\">");
        if (promise.Figures.Count > 0)
            Headline.Write(page, promise);
        foreach (var missing in promise.NotShown)
            page.Write($"<p class=\"hn\" dir=\"auto\">Not shown: {missing}</p>\n");
        page.Write($"</div>\n");
    }

    private static void WriteShown(Page page, Promise promise, Places places)
    {
        if (promise.Of == 0)
        {
            page.Write($"<p class=\"by\">no example of this run shows it</p>");
            return;
        }
        var count = $"{Words.Count(promise.Of, "run")}, {(promise.Passed == promise.Of ? "all" : $"{Words.Number(promise.Passed)} of them")} passed";
        if (promise.Tag is null)
        {
            // What all examples are held against says so once, above.
            if (promise.Passed < promise.Of)
                page.Write($"<p class=\"by\">{count}</p>");
            return;
        }
        page.Write($"<details class=\"by\" data-tag=\"{promise.Tag}\"><summary>Shown by {count}</summary>");
        page.Scenarios(places.All.Where(place => place.Scenario.Tags.Contains(promise.Tag)));
        page.Write($"</details>");
    }
}

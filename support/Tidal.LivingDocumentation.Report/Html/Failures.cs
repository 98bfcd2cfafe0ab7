using Tidal.LivingDocumentation.Report.Model;

namespace Tidal.LivingDocumentation.Report.Html;

/// <summary>What failed, each with where, why, and how to see it again. Nothing, if nothing did.</summary>
internal static class Failures
{
    /// <summary>Failures that are told in full here; the others are named, and told in their places.</summary>
    private const int InFull = 20;

    public static void Write(Page page, Places places)
    {
        var failed = places.All.Where(place => place.Example.Outcome == Outcome.Failed).ToList();
        if (failed.Count == 0)
            return;
        page.Write($"<section id=\"failures\" aria-labelledby=\"failures-h\">\n<h2 id=\"failures-h\">What failed</h2>\n");
        foreach (var place in failed.Take(InFull))
            WriteOne(page, place);
        if (failed.Count > InFull)
        {
            page.Write($"<p>Beside these:</p>\n<ul class=\"plain\">\n");
            foreach (var place in failed.Skip(InFull))
                page.Link(place);
            page.Write($"</ul>\n");
        }
        page.Write($"</section>\n");
    }

    private static void WriteOne(Page page, Place place)
    {
        foreach (var run in place.Example.Runs.Where(run => run.Outcome == Outcome.Failed))
        {
            page.Write($"<article class=\"fl\">\n<p class=\"wh\"><bdi>{place.Feature.Title}</bdi>");
            if (place.Rule.Title.Length > 0)
                page.Write($" <span>›</span> <bdi>{place.Rule.Title}</bdi>");
            page.Write($"</p>\n<h3><i class=\"o no\">failed</i><a href=\"#{place.Example.Id}\" dir=\"auto\">{place.Title}</a> <small>in {run.Substrate}</small></h3>\n");
            FailureBlock.Write(page, place.Example, run);
            page.Write($"</article>\n");
        }
    }
}

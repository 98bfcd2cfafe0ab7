using Tidal.LivingDocumentation.Records;
using Tidal.LivingDocumentation.Report.Model;

namespace Tidal.LivingDocumentation.Report.Html;

/// <summary>What changed since the last whole run, and the runs before.</summary>
internal static class ChangesSection
{
    public static void Write(Page page, Changes? changes, Places places)
    {
        page.Write($"<section id=\"changes\" aria-labelledby=\"changes-h\">\n<h2 id=\"changes-h\">What changed</h2>\n");
        if (changes is null)
        {
            page.Write($"<p>This is the first whole run that is remembered here: there is nothing to compare it with.</p>\n</section>\n");
            return;
        }
        page.Write($"<p>Since the whole run of ");
        page.Time(changes.Since);
        page.Write($"{(changes.Commit.Length > 0 ? ", commit " : "")}<code>{changes.Commit}</code>:</p>\n<div class=\"ch\">\n");
        Examples(page, "Broken since", changes.Broken, places);
        Examples(page, "Mended since", changes.Mended, places);
        Examples(page, "New", changes.Added, places);
        Removed(page, changes.Removed);
        Slower(page, changes.Slower, places);
        page.Write($"</div>\n");
        if (changes.Broken.Count + changes.Mended.Count + changes.Added.Count + changes.Removed.Count + changes.Slower.Count == 0)
            page.Write($"<p>Nothing: the same examples, with the same outcomes, about as fast.</p>\n");
        HistoryBars.Write(page, changes.Earlier);
        page.Write($"</section>\n");
    }

    private static void Examples(Page page, string title, IReadOnlyList<string> ids, Places places)
    {
        if (ids.Count == 0)
            return;
        page.Write($"<div><h3>{title} <small>{ids.Count}</small></h3>\n");
        page.Scenarios(ids.Select(places.Find).OfType<Place>());
        page.Write($"</div>\n");
    }

    private static void Removed(Page page, IReadOnlyList<NamedValue> removed)
    {
        if (removed.Count == 0)
            return;
        page.Write($"<div><h3>Gone <small>{removed.Count}</small></h3>\n<ul class=\"plain\">\n");
        foreach (var (feature, title) in removed)
            page.Write($"<li><bdi>{title}</bdi> <small dir=\"auto\">{feature}</small>\n");
        page.Write($"</ul></div>\n");
    }

    private static void Slower(Page page, IReadOnlyList<(string Id, double Before, double Now)> slower, Places places)
    {
        if (slower.Count == 0)
            return;
        page.Write($"<div><h3>Much slower <small>{slower.Count}</small></h3>\n<ul class=\"plain\">\n");
        foreach (var (id, before, now) in slower)
        {
            if (places.Find(id) is { } place)
                page.Write($"<li><a href=\"#{id}\" dir=\"auto\">{place.Title}</a> <small>{Words.Duration(before)} → {Words.Duration(now)}</small>\n");
        }
        page.Write($"</ul></div>\n");
    }
}

namespace Tidal.LivingDocumentation.Report.Html;

/// <summary>Links to examples, in lists.</summary>
internal static class Links
{
    /// <summary>Links that are shown at once; more are folded.</summary>
    private const int Few = 3;

    /// <summary>An item with the outcome and the title of an example, which leads there.</summary>
    public static void Link(this Page page, Place place)
    {
        page.Write($"<li>");
        page.Mark(place.Example.Outcome);
        page.Write($"<a href=\"#{place.Example.Id}\" dir=\"auto\">{place.Title}</a>\n");
    }

    /// <summary>Examples by their scenarios: an outline is one, with the count of its rows.</summary>
    public static void Scenarios(this Page page, IEnumerable<Place> places)
    {
        var scenarios = places.GroupBy(place => place.Scenario).ToList();
        if (scenarios.Count == 0)
            return;
        page.List(scenarios.Take(Few));
        if (scenarios.Count <= Few)
            return;
        page.Write($"<details class=\"more\"><summary>{Words.Count(scenarios.Count - Few, "more scenario")}</summary>");
        page.List(scenarios.Skip(Few));
        page.Write($"</details>");
    }

    private static void List(this Page page, IEnumerable<IGrouping<Model.ScenarioDocument, Place>> scenarios)
    {
        page.Write($"<ul class=\"plain\">\n");
        foreach (var scenario in scenarios)
        {
            var tally = Tally.Of(scenario.Select(place => place.Example));
            page.Write($"<li>");
            page.Mark(tally.Outcome);
            page.Write($"<a href=\"#{scenario.First().Example.Id}\" dir=\"auto\">{scenario.Key.Title}</a>");
            if (tally.All > 1)
                page.Write($" <small>{Words.Number(tally.Passed)} of {tally.All} rows</small>");
            page.Write($"\n");
        }
        page.Write($"</ul>");
    }
}

using Tidal.LivingDocumentation.Report.Model;

namespace Tidal.LivingDocumentation.Report.Html;

/// <summary>A scenario: closed it is a line with its outcome, open its steps and its evidence. What failed is open.</summary>
internal static class ScenarioBlock
{
    public static void Write(Page page, ScenarioDocument scenario, Prose prose, bool isUnderRule)
    {
        var tally = Tally.Of(scenario.Examples);
        page.Write($"<details class=\"ex\" data-o=\"{Words.ClassOf(tally.Outcome)}\" data-n=\"{tally.All}\" data-t=\"{string.Join(' ', scenario.Tags)}\"{(tally.Failed > 0 ? " open" : "")}>\n<summary>");
        page.Mark(tally.Outcome);
        WriteTitle(page, scenario.Title, isUnderRule);
        page.Tags(scenario.Tags);
        WriteMeasure(page, scenario, tally);
        page.Write($"</summary>\n<div class=\"eb\" id=\"{scenario.Id}\">\n");
        if (scenario.Prose.Count > 0)
        {
            page.Write($"<div class=\"px\">");
            prose.Write(page, scenario.Prose);
            page.Write($"</div>\n");
        }
        if (scenario.IsOutline)
            OutlineTable.Write(page, scenario);
        else
            WritePlain(page, scenario);
        page.Write($"</div></details>\n");
    }

    private static void WritePlain(Page page, ScenarioDocument scenario)
    {
        var example = scenario.Examples.Count > 0 ? scenario.Examples[0] : null;
        var before = example?.BackgroundSteps.Count ?? 0;
        if (example is not null && example.Id != scenario.Id)
            page.Write($"<a class=\"anchor\" id=\"{example.Id}\"></a>");
        new StepList(scenario.Id).Write(page, scenario.Steps, [.. (example?.Runs ?? []).Select(run => (run.Substrate, (IReadOnlyList<StepRun>)[.. run.Steps.Skip(before)]))]);
        if (example is not null)
            RunBlock.WriteAll(page, example);
    }

    /// <summary>Headings go down one level at a time.</summary>
    private static void WriteTitle(Page page, string title, bool isUnderRule)
    {
        if (isUnderRule)
            page.Write($"<h6 class=\"sh\" dir=\"auto\">{title}</h6>");
        else
            page.Write($"<h5 class=\"sh\" dir=\"auto\">{title}</h5>");
    }

    private static void WriteMeasure(Page page, ScenarioDocument scenario, Tally tally)
    {
        page.Write($"<small>");
        if (scenario.IsOutline)
            page.Write($"{Words.Count(tally.All, "row")}, {tally.InWords}; ");
        var runs = scenario.Examples.SelectMany(example => example.Runs).ToList();
        page.Write($"{(runs.Count == 0 ? "not run" : Words.Duration(runs.Sum(run => run.Milliseconds)))}</small>");
    }
}

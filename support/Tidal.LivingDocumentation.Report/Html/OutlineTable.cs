using Tidal.LivingDocumentation.Report.Model;

namespace Tidal.LivingDocumentation.Report.Html;

/// <summary>
/// An outline: its steps once, and a table of its rows. Behind each row comes a second one that holds what the row showed, closed; the style
/// puts what opens it in front of the row, so that this needs no script.
/// </summary>
internal static class OutlineTable
{
    public static void Write(Page page, ScenarioDocument scenario)
    {
        var columns = scenario.Examples.SelectMany(example => example.Values).Select(value => value.Name).Distinct().ToList();
        new StepList(scenario.Id, columns).Write(page, scenario.Steps);
        if (scenario.Examples.Count == 0)
            return;
        page.Write($"<div class=\"tb rows\" tabindex=\"0\" role=\"group\" aria-label=\"Rows of the outline\"><table><thead><tr><td><th scope=\"col\">Outcome");
        foreach (var column in columns)
            page.Write($"<th scope=\"col\" dir=\"auto\">{column}");
        page.Write($"<th scope=\"col\" class=\"nu\">Took</thead><tbody>\n");
        var block = "";
        foreach (var example in scenario.Examples)
        {
            if (example.Block != block)
                page.Write($"<tr class=\"gs\"><td colspan=\"{columns.Count + 3}\" dir=\"auto\">{example.Block}\n");
            block = example.Block;
            WriteRow(page, example, columns);
        }
        page.Write($"</tbody></table></div>\n");
    }

    private static void WriteRow(Page page, Example example, List<string> columns)
    {
        page.Write($"<tr class=\"rw\" data-o=\"{Words.ClassOf(example.Outcome)}\"><td><td>");
        page.MarkWord(example.Outcome, Words.Of(example.Outcome));
        foreach (var column in columns)
            page.Write($"<td dir=\"auto\">{example.Values.FirstOrDefault(value => value.Name == column)?.Value}");
        page.Write($"<td class=\"nu\">{Took(example)}\n<tr class=\"rv\"><td colspan=\"{columns.Count + 3}\">");
        page.Write($"<details{(example.Outcome == Outcome.Failed ? " open" : "")}><summary><span class=\"vh\">What this row showed: {example.Title}</span></summary><div class=\"rb\" id=\"{example.Id}\">\n");
        RunBlock.WriteAll(page, example);
        page.Write($"</div></details>\n");
    }

    private static string Took(Example example) =>
        example.Runs.Count == 0 ? "" : string.Join(", ", example.Runs.Select(run => Words.Duration(run.Milliseconds) + (example.Runs.Count > 1 ? " in " + run.Substrate : "")));
}

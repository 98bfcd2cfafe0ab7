using Tidal.LivingDocumentation.Records;
using Tidal.LivingDocumentation.Report.Model;

namespace Tidal.LivingDocumentation.Report.Html;

/// <summary>What became of an example: a run, or two, each with its evidence.</summary>
internal static class RunBlock
{
    public static void WriteAll(Page page, Example example)
    {
        if (example.Runs.Count == 0)
            page.Write($"<p class=\"em\">It did not run.</p>\n");
        else if (example.Runs.Count == 1)
            WriteBody(page, example, example.Runs[0]);
        else
            WriteFolded(page, example);
    }

    /// <summary>The first run is open, and so is what failed.</summary>
    private static void WriteFolded(Page page, Example example)
    {
        foreach (var (run, index) in example.Runs.Select((run, index) => (run, index)))
        {
            page.Write($"<details class=\"rn\"{(index == 0 || run.Outcome == Outcome.Failed ? " open" : "")}><summary>In {run.Substrate}: ");
            page.MarkWord(run.Outcome, Words.Of(run.Outcome));
            page.Write($" <small>{Words.Duration(run.Milliseconds)}</small></summary>\n");
            WriteBody(page, example, run);
            page.Write($"</details>\n");
        }
    }

    private static void WriteBody(Page page, Example example, ExampleRun run)
    {
        if (run.Outcome == Outcome.Failed)
            FailureBlock.Write(page, example, run);
        foreach (var evidence in run.Evidence)
            EvidenceBlock.Write(page, evidence);
        WriteFigures(page, run.Figures);
        if (run.Outcome != Outcome.Failed)
            FailureBlock.Again(page, run);
    }

    private static void WriteFigures(Page page, IReadOnlyList<Figure> figures)
    {
        if (figures.Count == 0)
            return;
        var broken = figures.Count(figure => !figure.IsKept);
        page.Write($"<details class=\"more\"{(broken > 0 ? " open" : "")}><summary>{Words.Count(figures.Count, "figure")}, {(broken == 0 ? "all within their limits" : $"{broken} of them beyond the limit")}</summary>");
        page.Figures(figures);
        page.Write($"</details>\n");
    }
}

using Tidal.LivingDocumentation.Report.Model;

namespace Tidal.LivingDocumentation.Report.Html;

/// <summary>Steps, each with a place of its own, its doc string and its table; and, of a run, how each ended. Immutable.</summary>
/// <param name="id">What the steps' places begin with.</param>
/// <param name="columns">The columns of an outline, whose names in angle brackets are places to be filled in.</param>
internal sealed class StepList(string id, IReadOnlyCollection<string>? columns = null)
{
    /// <summary>Shorter ones are not worth the ink.</summary>
    private const double LeastMilliseconds = 1;

    private readonly IReadOnlyCollection<string> _columns = columns ?? [];

    /// <summary>Writes the steps.</summary>
    /// <param name="page">Where to.</param>
    /// <param name="steps">The steps.</param>
    /// <param name="runs">Of each run, how these very steps ended.</param>
    public void Write(Page page, IReadOnlyList<StepText> steps, params IReadOnlyList<(string Substrate, IReadOnlyList<StepRun> Steps)> runs)
    {
        page.Write($"<ol class=\"st\">\n");
        for (var index = 0; index < steps.Count; index++)
        {
            var of = index;
            WriteStep(page, steps[index], index + 1, [.. runs.Where(run => of < run.Steps.Count).Select(run => (run.Substrate, run.Steps[of]))]);
        }
        page.Write($"</ol>\n");
    }

    private void WriteStep(Page page, StepText step, int number, IReadOnlyList<(string Substrate, StepRun Step)> runs)
    {
        var failed = runs.Any(run => run.Step.Outcome == Outcome.Failed);
        var skipped = runs.Count > 0 && runs.All(run => run.Step.Outcome == Outcome.NotRun);
        page.Write($"<li id=\"{id}.{number}\"");
        if (failed || skipped)
            page.Write($" class=\"{(failed ? "no" : "na")}\"");
        page.Write($"><b>{step.Keyword.Trim()}</b> <bdi>");
        StepWords.Write(page, step.Text, _columns);
        page.Write($"</bdi>");
        WriteTimes(page, runs);
        if (failed)
            page.Write($"<span class=\"sf\"><i class=\"o no\" aria-hidden=\"true\"></i>failed here</span>");
        else if (skipped)
            page.Write($"<span class=\"sf\">not run</span>");
        if (step.DocString is { } text)
            WriteDocString(page, text);
        if (step.Table is { Count: > 0 } table)
            page.Table("Table of the step", table[0], table.Skip(1), cell => StepWords.Write(page, cell, _columns, numbers: false));
        page.Write($"\n");
    }

    private void WriteDocString(Page page, string text)
    {
        page.Write($"<pre class=\"ds\" dir=\"auto\" tabindex=\"0\">");
        StepWords.Write(page, text, _columns, numbers: false, quotes: false);
        page.Write($"</pre>");
    }

    private static void WriteTimes(Page page, IReadOnlyList<(string Substrate, StepRun Step)> runs)
    {
        if (!runs.Any(run => run.Step.Milliseconds >= LeastMilliseconds))
            return;
        page.Write($" <small>");
        foreach (var (run, index) in runs.Select((run, index) => (run, index)))
            page.Write($"{(index > 0 ? " · " : "")}{Words.Duration(run.Step.Milliseconds)}{(runs.Count > 1 ? " " + run.Substrate.Replace(" time", "", StringComparison.Ordinal) : "")}");
        page.Write($"</small>");
    }
}

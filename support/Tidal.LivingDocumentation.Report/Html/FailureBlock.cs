using Tidal.LivingDocumentation.Report.Model;

namespace Tidal.LivingDocumentation.Report.Html;

/// <summary>A failed run: the step, the message, the seed, and the one command that shows it again.</summary>
internal static class FailureBlock
{
    public static void Write(Page page, Example example, ExampleRun run)
    {
        page.Write($"<div class=\"fb\">\n");
        if (StepOf(example, run) is { } step)
            page.Write($"<p class=\"at\">At the step <b>{step.Keyword.Trim()}</b> <bdi>{step.Text}</bdi></p>\n");
        else
            page.Write($"<p class=\"at\">At no step: before the first, or in the audit at the end.</p>\n");
        page.Write($"<pre dir=\"auto\">{run.Message ?? "It says no more."}</pre>\n");
        Again(page, run);
        page.Write($"</div>\n");
    }

    /// <summary>The seed, and the command.</summary>
    public static void Again(Page page, ExampleRun run)
    {
        if (run.Seed is { } seed)
            page.Write($"<p class=\"ag\">Seed <code>{seed}</code>");
        else
            page.Write($"<p class=\"ag\">It did not come as far as a seed");
        if (run.Replay is { } replay)
        {
            page.Write($". To see it again: ");
            page.Command(replay);
        }
        page.Write($"</p>\n");
    }

    /// <summary>The step that failed, or null.</summary>
    private static StepText? StepOf(Example example, ExampleRun run)
    {
        var steps = example.BackgroundSteps.Concat(example.Steps);
        return run.Steps.Zip(steps).FirstOrDefault(pair => pair.First.Outcome == Outcome.Failed).Second;
    }
}

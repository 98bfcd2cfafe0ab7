using Tidal.LivingDocumentation.Report.Model;

namespace Tidal.LivingDocumentation.Report.Html;

/// <summary>Which run the document is about.</summary>
internal static class RunSection
{
    public static void Write(Page page, RunFacts run)
    {
        page.Write($"<section id=\"run\" aria-labelledby=\"run-h\">\n<h2 id=\"run-h\">This run</h2>\n<dl class=\"facts\">\n<div><dt>Began</dt><dd>");
        page.Time(run.Began);
        page.Write($"</dd></div>\n");
        Fact("Took", Words.Duration(run.Seconds * 1000));
        Fact("Commit", run.Commit.Length == 0 ? "not known" : run.Commit.EndsWith('+') ? $"{run.Commit[..^1]}, with changes" : run.Commit);
        Fact("Seed", run.Seed ?? "each example has its own, shown with it");
        Fact("Features ran under", run.Runtime);
        Fact("Machine", run.Machine);
        page.Write($"<div><dt>Second pass, in real time</dt><dd>");
        if (run.SecondPassBegan is { } second)
            page.Time(second);
        else
            page.Write($"not run for this build");
        page.Write($"</dd></div>\n");
        Fact("Not run", NotRun(run));
        page.Write($"</dl>\n</section>\n");

        void Fact(string name, string value) => page.Write($"<div><dt>{name}</dt><dd dir=\"auto\">{value}</dd></div>\n");
    }

    private static string NotRun(RunFacts run)
    {
        var examples = run.NotRun == 0 ? "nothing: every example ran" : Words.Count(run.NotRun, "example");
        return run.Filter is null ? examples : $"{examples}; the filter was {run.Filter}";
    }
}

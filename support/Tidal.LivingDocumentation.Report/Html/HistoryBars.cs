using Tidal.LivingDocumentation.Report.Model;

namespace Tidal.LivingDocumentation.Report.Html;

/// <summary>The last whole runs: a bar each, as high as it had examples, and the same as a table.</summary>
internal static class HistoryBars
{
    private const double Height = 60;
    private const double Step = 14;
    private const double Width = 10;

    /// <summary>However few failed, they are seen.</summary>
    private const double LeastHeight = 6;

    public static void Write(Page page, IReadOnlyList<EarlierRun> runs)
    {
        if (runs.Count < 2)
            return;
        page.Write($"<h3>The last {runs.Count} whole runs</h3>\n<figure class=\"hi\"><svg viewBox=\"0 0 {runs.Count * Step} {Height}\" width=\"{runs.Count * Step * 2}\" height=\"{Height * 1.5}\" aria-hidden=\"true\">");
        var most = Math.Max(1, runs.Max(run => run.Passed + run.Failed + run.NotRun));
        foreach (var (run, index) in runs.Reverse().Select((run, index) => (run, index)))
            Bar(page, run, index * Step + (Step - Width) / 2, most);
        page.Write($"</svg><figcaption>Oldest on the left. As high as there were examples; at the top what failed or did not run.</figcaption></figure>\n");
        page.Write($"<details class=\"more\"><summary>The same as a table</summary>\n");
        page.Table("The last whole runs", ["Run", "Commit", "Passed", "Failed", "Not run", "Took"], runs.Select(Row));
        page.Write($"</details>\n");
    }

    private static void Bar(Page page, EarlierRun run, double x, int most)
    {
        var bad = Share(run.Failed, most);
        var missing = Share(run.NotRun, most);
        var good = Math.Max(0, Height * (run.Passed + run.Failed + run.NotRun) / most - bad - missing);
        Part("hg", Height - good, good);
        Part("hm", Height - good - missing, missing);
        Part("hb", Height - good - missing - bad, bad);

        void Part(string name, double y, double height)
        {
            if (height > 0)
                page.Write($"<rect class=\"{name}\" x=\"{x}\" y=\"{y}\" width=\"{Width}\" height=\"{height}\"/>");
        }
    }

    private static double Share(int count, int most) => count == 0 ? 0 : Math.Max(LeastHeight, Height * count / most);

    private static string[] Row(EarlierRun run) =>
        [Words.Moment(run.Began), run.Commit, Words.Number(run.Passed), Words.Number(run.Failed), Words.Number(run.NotRun), Words.Duration(run.Seconds * 1000)];
}

using System.Globalization;
using Tidal.LivingDocumentation.Records;
using Tidal.LivingDocumentation.Report.Model;

namespace Tidal.LivingDocumentation.Report.Building;

/// <summary>
/// Tells which promises were kept. One that lacks a figure is never taken for kept. A failed example breaks the acceptance step that it shows;
/// it breaks an invariant only by its figures, and if it ended before they could be told the invariant is not shown. Stateless.
/// </summary>
internal static class PromiseBuilder
{
    /// <summary>Tells it of an acceptance step.</summary>
    public static Promise Step(PromiseText text, IReadOnlyList<(IReadOnlyList<string> Tags, Example Example)> examples)
    {
        var ours = examples.Where(example => example.Tags.Contains(text.Tag!)).Select(example => example.Example).ToList();
        var runs = ours.SelectMany(example => example.Runs).ToList();
        var promise = WithFigures(text, runs) with
        {
            Passed = runs.Count(run => run.Outcome == Outcome.Passed),
            Of = runs.Count + ours.Count(example => example.Runs.Count == 0),
        };
        if (runs.Count == 0)
            return promise with { Outcome = Outcome.NotRun, NotShown = ["none of its examples ran"] };
        return runs.Any(run => run.Outcome == Outcome.Failed) ? promise with { Outcome = Outcome.Failed } : promise;
    }

    /// <summary>Tells it of an invariant.</summary>
    public static Promise Invariant(PromiseText text, IReadOnlyList<(IReadOnlyList<string> Tags, Example Example)> examples)
    {
        var runs = examples.SelectMany(example => example.Example.Runs).ToList();
        var telling = runs.Where(run => run.Figures.Any(figure => figure.Key == text.Figures[0].Key)).ToList();
        var silent = runs.Count(run => run.Outcome == Outcome.Failed) - telling.Count(run => run.Outcome == Outcome.Failed);
        var promise = WithFigures(text, runs) with { Passed = telling.Count(run => run.Outcome == Outcome.Passed), Of = telling.Count };
        if (silent == 0)
            return promise;
        return promise with
        {
            Outcome = promise.Outcome == Outcome.Failed ? Outcome.Failed : Outcome.NotRun,
            NotShown = [.. promise.NotShown, silent == 1 ? "an example failed before it could be told" : $"{silent} examples failed before it could be told"],
        };
    }

    private static Promise WithFigures(PromiseText text, IReadOnlyList<ExampleRun> runs)
    {
        var figures = text.Figures.Select(promised => (Promised: promised, Figure: promised.Of([.. runs.SelectMany(run => run.Figures)
            .Where(figure => figure.Key == promised.Key).Select(figure => figure.Value)]))).ToList();
        string[] missing = [.. figures.Where(figure => figure.Figure is null).Select(figure => figure.Promised.Name)];
        Figure[] told = [.. figures.Select(figure => figure.Figure).OfType<Figure>()];
        var outcome = told.Any(figure => !figure.IsKept) ? Outcome.Failed : missing.Length > 0 ? Outcome.NotRun : Outcome.Passed;
        return new Promise(text.Id, text.Title, outcome, told, text.Tag, 0, 0) { NotShown = missing, Headline = missing.Length > 0 ? "" : Say(text.Headline, told) };
    }

    private static string Say(string headline, IEnumerable<Figure> figures) =>
        figures.Aggregate(headline, (text, figure) => text.Replace($"{{{figure.Key}}}", Shown(figure.Value), StringComparison.Ordinal));

    // As people write it: counts with their thousands, and of anything small two figures that tell something.
    private static string Shown(double value) => value switch
    {
        double.NaN => "no number",
        _ when value == Math.Round(value) || Math.Abs(value) >= 100 => value.ToString("#,0", CultureInfo.InvariantCulture),
        _ when Math.Abs(value) >= 0.01 => value.ToString("0.##", CultureInfo.InvariantCulture),
        _ => value.ToString($"F{Math.Min(20, 1 - (int)Math.Floor(Math.Log10(Math.Abs(value))))}", CultureInfo.InvariantCulture),
    };
}

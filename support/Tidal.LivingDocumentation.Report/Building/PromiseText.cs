using Tidal.LivingDocumentation.Records;

namespace Tidal.LivingDocumentation.Report.Building;

/// <summary>A figure of a promise: what it must be, whatever its scenarios say of it. Immutable.</summary>
/// <param name="Key">See <see cref="FigureKeys"/>.</param>
/// <param name="Name">What it is, in words.</param>
/// <param name="Unit">Its unit; empty for a count.</param>
/// <param name="Comparison">How it is held against its limit; none if it only says out of how many.</param>
/// <param name="Limit">The limit.</param>
/// <param name="IsSum">Whether scenarios add up; if not, the worst of them is taken.</param>
internal sealed record PromisedFigure(string Key, string Name, string Unit, Comparison Comparison, double Limit, bool IsSum)
{
    /// <summary>What must stay below something in each scenario.</summary>
    public static PromisedFigure Below(string key, string name, double limit, string unit = "") => new(key, name, unit, Comparison.Below, limit, false);

    /// <summary>What must not happen.</summary>
    public static PromisedFigure None(string key, string name, string unit = "") => new(key, name, unit, Comparison.Exactly, 0, true);

    /// <summary>How much there was.</summary>
    public static PromisedFigure Amount(string key, string name) => new(key, name, "", Comparison.None, 0, true);

    /// <summary>The figure over all that scenarios have told; null if none has.</summary>
    public Figure? Of(IReadOnlyList<double> told)
    {
        if (told.Count == 0)
            return null;
        var value = IsSum ? told.Sum() : Comparison == Comparison.AtLeast ? told.Min() : told.Max();
        return new Figure(Key, Name, told.Any(double.IsNaN) ? double.NaN : value, Unit, Comparison, Limit);
    }
}

/// <summary>A promise as it is written: nobody but a person decides what is promised. Immutable.</summary>
/// <param name="Id">For links.</param>
/// <param name="Title">What is promised.</param>
/// <param name="Tag">The tag of the scenarios that show it; null if all do.</param>
/// <param name="Headline">Its figures in a few words: a key in braces stands for the figure.</param>
/// <param name="Figures">Its figures.</param>
internal sealed record PromiseText(string Id, string Title, string? Tag, string Headline, IReadOnlyList<PromisedFigure> Figures)
{
    private static readonly PromisedFigure Lost = PromisedFigure.None(FigureKeys.Lost, "signals lost");
    private static readonly PromisedFigure Accepted = PromisedFigure.Amount(FigureKeys.Accepted, "signals accepted");
    private static readonly PromisedFigure CountedTwice = PromisedFigure.None(FigureKeys.CountedTwice, "signals counted twice");
    private static readonly PromisedFigure Leaks = PromisedFigure.None(FigureKeys.Leaks, "hidden items shown");
    private static readonly PromisedFigure ScoreError = PromisedFigure.Below(FigureKeys.ScoreError, "largest error of a score", 0.000001);
    private static readonly PromisedFigure TruthDifferences = PromisedFigure.None(FigureKeys.TruthDifferences, "differences from the ground truth");

    /// <summary>The acceptance steps.</summary>
    public static IReadOnlyList<PromiseText> Steps { get; } =
    [
        new("step-1", "What one region accepts, every other region has within 2 seconds", "@uat-step-1",
            "99 of 100 signals within {lag} s, {own-lag} ms of it by our own code",
            [PromisedFigure.Below(FigureKeys.Lag, "99 of 100 signals were in every region within", 2, "s"),
             PromisedFigure.Below(FigureKeys.OwnLag, "of it by our own code", 100, "ms")]),
        new("step-2", "A primary that crashes is replaced within 10 seconds, and nothing acknowledged is lost", "@uat-step-2",
            "replaced within {failover} s, {lost} of {accepted} signals lost",
            [PromisedFigure.Below(FigureKeys.Failover, "longest time without a primary", 10, "s"), Lost, Accepted]),
        new("step-3", "While a region is cut off, queries are answered without it, and the answers say so", "@uat-step-3",
            "{degraded-answers} answers said what they lack, {items-of-cut-off} items of the region that was cut off",
            [new(FigureKeys.DegradedAnswers, "answers that said what they lack", "", Comparison.AtLeast, 1, IsSum: true),
             PromisedFigure.None(FigureKeys.ItemsOfCutOff, "items listed of the region that was cut off")]),
        new("step-4", "After a partition all regions hold what one database that never saw it would hold", "@uat-step-4",
            "{counted-twice} signals counted twice, scores off by {score-error} at most, {truth-differences} differences from the ground truth, {leaks} hidden items shown",
            [CountedTwice, ScoreError, TruthDifferences, Leaks]),
        new("step-5", "A tenant moves to another region, nobody notices, and nothing of it stays behind", "@uat-step-5",
            "{short-answers} answers came up short, {bytes-left} bytes left behind",
            [PromisedFigure.None(FigureKeys.ShortAnswers, "answers that came up short"), PromisedFigure.None(FigureKeys.BytesLeft, "bytes left behind")]),
    ];

    /// <summary>The invariants.</summary>
    public static IReadOnlyList<PromiseText> Invariants { get; } =
    [
        new("nothing-lost", "No signal is lost", null, "{lost} of {accepted} signals lost", [Lost, Accepted]),
        new("counted-once", "No signal is counted twice", null, "{counted-twice} of {accepted} signals counted twice", [CountedTwice, Accepted]),
        new("hidden-stays-hidden", "What a user has hidden is never shown to that user", null, "{leaks} hidden items shown", [Leaks]),
        new("scores-are-right", "Every score is right to 6 decimals", null, "off by {score-error} at most", [ScoreError]),
        new("regions-agree", "Every replica of every region equals the ground truth: one database that never saw a fault", null, "{truth-differences} differences", [TruthDifferences]),
        new("watched", "At every moment what was acknowledged was on two of three disks, and each epoch had one primary at most", null, "{violations} invariants seen broken while it ran",
            [PromisedFigure.None(FigureKeys.Violations, "invariants seen broken while it ran")]),
        new("rate", "25,000 signals a second are accepted, through crash, partition and move", null, "{rate} signals a second",
            [new(FigureKeys.Rate, "signals accepted a second", "", Comparison.AtLeast, 25_000, IsSum: false)]),
    ];
}

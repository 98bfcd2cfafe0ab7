using System.Text.Json.Serialization;
using Tidal.LivingDocumentation.Report.Model;

namespace Tidal.LivingDocumentation.Report.Building;

/// <summary>
/// The last whole runs. What came of each example is kept of two of them: of the last, to which a second pass may still come, and of the one
/// before it, with which it is compared. Immutable.
/// </summary>
/// <param name="Runs">The runs in a line each, the newest first; 20 at most.</param>
/// <param name="Last">What came of the examples of the last one; null if there is none.</param>
/// <param name="Before">The same of the one before it; null if there is none.</param>
public sealed record RunHistory(IReadOnlyList<EarlierRun> Runs, PastRun? Last, PastRun? Before)
{
    /// <summary>How many runs are kept.</summary>
    public const int RunsMax = 20;

    /// <summary>No run yet.</summary>
    public static RunHistory Empty { get; } = new([], null, null);

    /// <summary>The whole run before the one that began then; null if there is none.</summary>
    /// <param name="began">When the run in question began: if it is the last one here, it is being told once more.</param>
    public PastRun? RunBefore(DateTimeOffset began) => Last?.Began == began ? Before : Last;

    /// <summary>The history with a whole run, which takes its own place if it is told once more.</summary>
    /// <param name="document">What came of it.</param>
    public RunHistory With(Document document)
    {
        var run = PastRun.Of(document);
        return new RunHistory(
            [PastRun.InALine(document), .. Runs.Where(earlier => earlier.Began != run.Began).Take(RunsMax - 1)], run, RunBefore(run.Began));
    }
}

/// <summary>What came of each example of a whole run. Immutable.</summary>
/// <param name="Began">When it began, in UTC.</param>
/// <param name="Commit">Its commit.</param>
/// <param name="Examples">What came of each example, by its id.</param>
public sealed record PastRun(DateTimeOffset Began, string Commit, IReadOnlyDictionary<string, PastExample> Examples)
{
    /// <summary>What is kept of a document.</summary>
    internal static PastRun Of(Document document) => new(
        document.Run.Began,
        document.Run.Commit,
        AllOf(document).ToDictionary(one => one.Example.Id, one => new PastExample(
            one.Feature, one.Title, one.Example.Outcome, one.Example.Runs.Count == 0 ? 0 : one.Example.Runs[0].Milliseconds)));

    /// <summary>A document in a line.</summary>
    internal static EarlierRun InALine(Document document) => new(
        document.Run.Began,
        document.Run.Commit,
        document.Examples.Count(example => example.Outcome == Outcome.Passed),
        document.Examples.Count(example => example.Outcome == Outcome.Failed),
        document.Examples.Count(example => example.Outcome == Outcome.NotRun),
        document.Run.Seconds);

    private static IEnumerable<(string Feature, string Title, Example Example)> AllOf(Document document) =>
        from capability in document.Capabilities
        from feature in capability.Features
        from rule in feature.Rules
        from scenario in rule.Scenarios
        from example in scenario.Examples
        select (feature.Title, scenario.IsOutline ? $"{scenario.Title} ({example.Title})" : scenario.Title, example);
}

/// <summary>What came of an example in a past run. Immutable.</summary>
/// <param name="Feature">The feature's title.</param>
/// <param name="Title">The scenario's title, with a row's name behind it.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Milliseconds">How long the first pass took over it.</param>
public sealed record PastExample(
    string Feature, string Title, [property: JsonConverter(typeof(JsonStringEnumConverter<Outcome>))] Outcome Outcome, double Milliseconds);

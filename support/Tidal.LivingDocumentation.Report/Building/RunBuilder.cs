using Tidal.LivingDocumentation.Records;
using Tidal.LivingDocumentation.Report.Model;

namespace Tidal.LivingDocumentation.Report.Building;

/// <summary>What came of an example in one pass: the runner's word, and what hooks saw of its steps. Stateless.</summary>
internal static class RunBuilder
{
    private static readonly StepRun NotBegun = new(Outcome.NotRun, 0, null, null);

    /// <summary>Brings them together.</summary>
    /// <param name="test">How the test ended.</param>
    /// <param name="steps">How many steps the example has, those of backgrounds included.</param>
    /// <param name="substrate">What the pass runs on if hooks have not said it.</param>
    public static ExampleRun Of(TestRecord test, int steps, string substrate) => new(
        test.Passed ? Outcome.Passed : Outcome.Failed,
        test.Scenario?.Substrate ?? substrate,
        test.Scenario?.Milliseconds ?? test.Milliseconds,
        test.Passed ? PassedSteps(test.Scenario?.Steps ?? [], steps) : StepsOfFailure(test, steps),
        test.Passed ? null : test.Scenario?.Error ?? test.Message ?? "It failed, and nobody said why.",
        test.Scenario?.Seed,
        test.Scenario?.Replay,
        test.Scenario?.Evidence ?? [],
        test.Scenario?.Figures ?? []);

    private static StepRun[] PassedSteps(IReadOnlyList<StepRecord> records, int steps) =>
        [.. Enumerable.Range(0, steps).Select(at => at < records.Count ? Of(records[at], Outcome.Passed) : NotBegun with { Outcome = Outcome.Passed })];

    private static StepRun[] StepsOfFailure(TestRecord test, int steps)
    {
        var records = test.Scenario?.Steps ?? [];
        var result = Enumerable.Range(0, steps).Select(at => at < records.Count ? Of(records[at], OutcomeOf(records[at])) : NotBegun).ToArray();
        // A step without a definition is none that hooks see: then the first that was not begun is the one that failed. What fails before the
        // first step is the setting up, and what fails after the last is the audit.
        if (records.Count < steps && records.All(record => record.Error is null) && (records.Count > 0 || IsUndefined(test)))
            result[records.Count] = new StepRun(Outcome.Failed, 0, test.Scenario?.Error ?? test.Message, null);
        return result;
    }

    // Reqnroll's words and the stand-in's.
    private static bool IsUndefined(TestRecord test) =>
        $"{test.Scenario?.Error}\n{test.Message}".Contains("step definition", StringComparison.Ordinal);

    private static Outcome OutcomeOf(StepRecord record) => record.Error is null ? Outcome.Passed : Outcome.Failed;

    private static StepRun Of(StepRecord record, Outcome outcome) =>
        new(outcome, record.Milliseconds, outcome == Outcome.Failed ? record.Error : null, record.Definition);
}

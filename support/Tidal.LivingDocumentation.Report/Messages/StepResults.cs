using System.Text.RegularExpressions;
using Tidal.LivingDocumentation.Records;
using Tidal.LivingDocumentation.Report.Messages.Protocol;

namespace Tidal.LivingDocumentation.Report.Messages;

/// <summary>How a step ended, or the hook around all of them. Immutable.</summary>
/// <param name="Status">How.</param>
/// <param name="Milliseconds">How long it took.</param>
/// <param name="Error">Why it failed, or null.</param>
/// <param name="Definition">The method that ran, as <c>Class.Method</c>; null if that is not known.</param>
internal sealed record StepOutcome(Status Status, double Milliseconds = 0, string? Error = null, string? Definition = null)
{
    public TestStepResult Result => new(Moment.Of(TimeSpan.FromMilliseconds(Milliseconds)), Error, Status, Status == Status.Failed ? FailureOf(Error ?? "") : null);

    private static Failure FailureOf(string error)
    {
        var named = StepResults.NamedError().Match(error);
        return named.Success ? new Failure(named.Groups[1].Value, error[named.Length..], StackOf(error)) : new Failure("Error", error, StackOf(error));
    }

    // Readers show a stack in place of type and message, so it is given only where there is one, and begins with both.
    private static string? StackOf(string error) => error.Contains("\n   at ", StringComparison.Ordinal) ? error : null;
}

/// <summary>What a test's outcome and its record say of each step: the test's outcome has the last word. Stateless.</summary>
internal static partial class StepResults
{
    // What both runtimes say of a step without a definition.
    private const string NoDefinition = "No matching step definition found";

    /// <summary>How each step of an example ended, and behind them the hook around it.</summary>
    public static IReadOnlyList<StepOutcome> Of(TestRecord test, int steps)
    {
        var ran = test.Scenario?.Steps ?? [];
        if (test.Passed)
            return [.. Enumerable.Range(0, steps).Select(step => step < ran.Count ? Passed(ran[step]) : new StepOutcome(Status.Passed)), new StepOutcome(Status.Passed)];
        var error = test.Message ?? test.Scenario?.Error ?? "The test failed, and nobody said why.";
        // Hooks did not come to the end: nobody knows how far it came.
        if (test.Scenario is null)
            return [.. Enumerable.Repeat(new StepOutcome(Status.Unknown), steps), new StepOutcome(Status.Failed, Error: error)];
        // What fails before the first step is the setting up.
        var failed = ran.Count == 0 && !IsUndefined(error) ? steps : Math.Min(ran.TakeWhile(step => step.Error is null).Count(), steps);
        return [.. Enumerable.Range(0, steps + 1).Select(step => step.CompareTo(failed) switch
        {
            < 0 => step < ran.Count ? Passed(ran[step]) : new StepOutcome(Status.Skipped),
            > 0 => new StepOutcome(Status.Skipped),
            _ => step < steps && step < ran.Count ? Failed(ran[step].Error!, ran[step]) : Failed(error, null),
        })];
    }

    [GeneratedRegex(@"^((?:[A-Za-z_]\w*[.+])+\w+|\w+(?:Exception|Error))\s?:\s+")]
    internal static partial Regex NamedError();

    private static StepOutcome Passed(StepRecord step) => new(Status.Passed, step.Milliseconds, null, step.Definition);

    private static StepOutcome Failed(string error, StepRecord? step) => new(
        IsUndefined(error) ? Status.Undefined : Status.Failed, step?.Milliseconds ?? 0, error, step?.Definition);

    private static bool IsUndefined(string error) => error.Contains(NoDefinition, StringComparison.Ordinal);
}

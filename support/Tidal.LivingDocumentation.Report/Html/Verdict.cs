using Tidal.LivingDocumentation.Report.Model;

namespace Tidal.LivingDocumentation.Report.Html;

/// <summary>The answer to "is it fit to ship?", and what it rests on. Immutable.</summary>
/// <param name="Outcome">Yes, no, or not told.</param>
/// <param name="Answer">The answer.</param>
/// <param name="Because">What weighs most, in a few words; empty if nothing does.</param>
/// <param name="Reason">What it rests on, in a sentence or two.</param>
internal sealed record Verdict(Outcome Outcome, string Answer, string Because, string Reason)
{
    /// <summary>The answer and what weighs most, in one line.</summary>
    public string Line => Because.Length == 0 ? Answer : $"{Answer}: {Because}";

    public static Verdict Of(Document document)
    {
        var examples = Tally.Of(document.Examples);
        if (document.Run.Filter is not null)
            return new Verdict(Outcome.NotRun, "Not told", "this run was filtered", $"Only a part was to run ({examples.InWords}). The whole says whether Tidal is fit to ship.");
        if (document.IsFit)
            return new Verdict(Outcome.Passed, "Fit to ship", "", ReasonOfFit(document, examples));
        var broken = Broken(document, examples);
        if (broken.Count > 0)
            return new Verdict(Outcome.Failed, "Not fit to ship", broken[0], Sentence(broken.Skip(1)) + Sentence([$"Of {Words.Count(examples.All, "example")} {examples.InWords}"]));
        return new Verdict(Outcome.NotRun, "Not told", "not everything was shown", Sentence(Missing(document, examples)));
    }

    private static string ReasonOfFit(Document document, Tally examples)
    {
        var twice = document.Examples.Count(example => example.Runs.Count > 1);
        var again = twice == 0 ? "" : $" {Words.Number(twice)} of them ran a second time, in real time.";
        return $"All {document.Steps.Count} acceptance steps and all {document.Invariants.Count} invariants are kept. All {Words.Count(examples.All, "example")} passed.{again}";
    }

    private static List<string> Broken(Document document, Tally examples)
    {
        var broken = new List<string>(3);
        Add(document.Steps, "step");
        Add(document.Invariants, "invariant");
        if (broken.Count == 0 && examples.Failed > 0)
            broken.Add($"{Words.Count(examples.Failed, "example")} failed");
        if (document.Strays.Count > 0)
            broken.Add($"{Words.Count(document.Strays.Count, "test")} ran and {(document.Strays.Count == 1 ? "is" : "are")} in no feature file");
        return broken;

        void Add(IReadOnlyList<Promise> promises, string name)
        {
            var count = promises.Count(promise => promise.Outcome == Outcome.Failed);
            if (count > 0)
                broken.Add($"{count} of {Words.Count(promises.Count, name)} {(count == 1 ? "is" : "are")} broken");
        }
    }

    private static IEnumerable<string> Missing(Document document, Tally examples)
    {
        if (examples.NotRun > 0)
            yield return $"{Words.Count(examples.NotRun, "example")} did not run";
        foreach (var promise in document.Steps.Concat(document.Invariants).Where(promise => promise.Outcome == Outcome.NotRun))
            yield return $"No example shows: {promise.Title}";
    }

    private static string Sentence(IEnumerable<string> parts) => string.Concat(parts.Select(part => $"{char.ToUpperInvariant(part[0])}{part[1..].TrimEnd('.')}. "));
}

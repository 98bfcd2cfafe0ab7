using Tidal.LivingDocumentation.Records;

namespace Tidal.LivingDocumentation.Report.Model;

/// <summary>All that the living document shows, in order: whoever draws it decides nothing more. Immutable.</summary>
public sealed record Document
{
    /// <summary>Which run it is about.</summary>
    public required RunFacts Run { get; init; }

    /// <summary>The acceptance steps, in their order.</summary>
    public required IReadOnlyList<Promise> Steps { get; init; }

    /// <summary>The invariants.</summary>
    public required IReadOnlyList<Promise> Invariants { get; init; }

    /// <summary>The capabilities: the folders of the features, in the order of <c>features/capabilities.md</c>.</summary>
    public required IReadOnlyList<Capability> Capabilities { get; init; }

    /// <summary>What changed since the last whole run; null for the first.</summary>
    public Changes? Changes { get; init; }

    /// <summary>Each line of the acceptance text, and who shows it.</summary>
    public required IReadOnlyList<TracedLine> Traceability { get; init; }

    /// <summary>The words of the features, by alphabet.</summary>
    public required IReadOnlyList<Term> Glossary { get; init; }

    /// <summary>Step definitions that no scenario of the run has used.</summary>
    public required IReadOnlyList<DefinitionRecord> UnusedDefinitions { get; init; }

    /// <summary>Rules without an example, as feature and rule.</summary>
    public required IReadOnlyList<NamedValue> RulesWithoutExample { get; init; }

    /// <summary>Tests that ran and are in no feature file, as feature and name: what ran is not what is written. Empty if all is well.</summary>
    public IReadOnlyList<NamedValue> Strays { get; init; } = [];

    /// <summary>All examples, in order.</summary>
    public IEnumerable<Example> Examples =>
        Capabilities.SelectMany(capability => capability.Features).SelectMany(feature => feature.Rules).SelectMany(rule => rule.Scenarios).SelectMany(scenario => scenario.Examples);

    /// <summary>Whether everything ran, and nothing is broken.</summary>
    public bool IsFit => Run.Filter is null && Strays.Count == 0 && Examples.All(example => example.Outcome == Outcome.Passed) && Steps.Concat(Invariants).All(promise => promise.Outcome == Outcome.Passed);
}

/// <summary>How something ended.</summary>
public enum Outcome
{
    /// <summary>It did not run, or not to its end.</summary>
    NotRun,

    /// <summary>It holds.</summary>
    Passed,

    /// <summary>It is broken.</summary>
    Failed,
}

/// <summary>Which run a document is about. Texts are as they are to be read. Immutable.</summary>
public sealed record RunFacts
{
    /// <summary>When it began, in UTC.</summary>
    public required DateTimeOffset Began { get; init; }

    /// <summary>How long it took, in seconds.</summary>
    public required double Seconds { get; init; }

    /// <summary>The commit, with a plus if files were changed; empty if it cannot be told.</summary>
    public required string Commit { get; init; }

    /// <summary>The machine.</summary>
    public required string Machine { get; init; }

    /// <summary>Who ran the features: Reqnroll or the stand-in, with a version.</summary>
    public required string Runtime { get; init; }

    /// <summary>The seed for all scenarios; null where each has its own.</summary>
    public string? Seed { get; init; }

    /// <summary>The filter; null if everything was to run.</summary>
    public string? Filter { get; init; }

    /// <summary>When the second pass, in real time, began; null if there was none of this build.</summary>
    public DateTimeOffset? SecondPassBegan { get; init; }

    /// <summary>Examples that did not run in the first pass.</summary>
    public required int NotRun { get; init; }
}

/// <summary>A promise of the first page: an acceptance step, or an invariant. Immutable.</summary>
/// <param name="Id">Short, for links: <c>step-1</c>, <c>nothing-lost</c>.</param>
/// <param name="Title">What is promised, in a sentence.</param>
/// <param name="Outcome">Kept, broken, or not shown by this run.</param>
/// <param name="Figures">Its figures over all scenarios, the headline first.</param>
/// <param name="Tag">The tag of the scenarios that show it; null if all do.</param>
/// <param name="Passed">Examples that show it and passed, both passes.</param>
/// <param name="Of">Examples that show it, both passes.</param>
public sealed record Promise(string Id, string Title, Outcome Outcome, IReadOnlyList<Figure> Figures, string? Tag, int Passed, int Of)
{
    /// <summary>Its figures in a few words, as <c>0 of 412,345 signals lost</c>; empty if one of them is not shown.</summary>
    public string Headline { get; init; } = "";

    /// <summary>What this run lacks to show it, a few words each; empty if it lacks nothing.</summary>
    public IReadOnlyList<string> NotShown { get; init; } = [];
}

/// <summary>A folder of features. Immutable.</summary>
/// <param name="Id">For links.</param>
/// <param name="Title">What it is about.</param>
/// <param name="Features">Its features, by title.</param>
public sealed record Capability(string Id, string Title, IReadOnlyList<FeatureDocument> Features)
{
    /// <summary>What it is about, in a sentence or two; empty if nobody has said it.</summary>
    public string Prose { get; init; } = "";
}

/// <summary>A feature. Immutable.</summary>
/// <param name="Id">For links.</param>
/// <param name="Path">Its file below the checkout, with slashes.</param>
/// <param name="Title">Its title.</param>
/// <param name="Prose">Its paragraphs.</param>
/// <param name="Tags">Its tags, with the at sign.</param>
/// <param name="Background">The steps before each scenario.</param>
/// <param name="Rules">Its rules; one without a title holds what stands under none.</param>
public sealed record FeatureDocument(
    string Id, string Path, string Title, IReadOnlyList<string> Prose, IReadOnlyList<string> Tags, IReadOnlyList<StepText> Background, IReadOnlyList<RuleDocument> Rules);

/// <summary>A rule. Immutable.</summary>
/// <param name="Id">For links.</param>
/// <param name="Title">Its title; empty for what stands under no rule.</param>
/// <param name="Prose">Its paragraphs.</param>
/// <param name="Tags">Its own tags, with the at sign.</param>
/// <param name="Background">The steps before each of its scenarios, beside those of the feature.</param>
/// <param name="Scenarios">Its scenarios, in the file's order.</param>
public sealed record RuleDocument(
    string Id, string Title, IReadOnlyList<string> Prose, IReadOnlyList<string> Tags, IReadOnlyList<StepText> Background, IReadOnlyList<ScenarioDocument> Scenarios);

/// <summary>A scenario or an outline. Immutable.</summary>
/// <param name="Id">For links.</param>
/// <param name="Title">Its title as written.</param>
/// <param name="Prose">Its paragraphs.</param>
/// <param name="Tags">Its tags and those of feature and rule, with the at sign.</param>
/// <param name="Line">Its line in the file.</param>
/// <param name="IsOutline">Whether it has rows.</param>
/// <param name="Steps">Its steps as written, placeholders and all, without those of backgrounds.</param>
/// <param name="Examples">Its rows, or itself alone: what ran.</param>
public sealed record ScenarioDocument(
    string Id, string Title, IReadOnlyList<string> Prose, IReadOnlyList<string> Tags, int Line, bool IsOutline, IReadOnlyList<StepText> Steps, IReadOnlyList<Example> Examples);

/// <summary>A step as it is to be read. Immutable.</summary>
/// <param name="Keyword">The keyword as written: Given, And, …</param>
/// <param name="Text">The text.</param>
/// <param name="DocString">The doc string, or null.</param>
/// <param name="Table">The rows of its table, the header first; null if it has none.</param>
/// <param name="Line">Its line in the file.</param>
public sealed record StepText(string Keyword, string Text, string? DocString, IReadOnlyList<IReadOnlyList<string>>? Table, int Line);

/// <summary>What ran: a scenario, or a row of an outline. Immutable.</summary>
/// <param name="Id">For links; the same in every run.</param>
/// <param name="Title">Its name: for a row its values, in words.</param>
/// <param name="Values">The row's columns and values; empty for a plain scenario.</param>
/// <param name="Line">The line of the scenario or row in the file.</param>
/// <param name="BackgroundSteps">The steps of backgrounds before it.</param>
/// <param name="Steps">Its own steps, placeholders filled in.</param>
/// <param name="Runs">Its runs: of the first pass, and of the second if it has one. None if it did not run.</param>
public sealed record Example(
    string Id, string Title, IReadOnlyList<NamedValue> Values, int Line, IReadOnlyList<StepText> BackgroundSteps, IReadOnlyList<StepText> Steps, IReadOnlyList<ExampleRun> Runs)
{
    /// <summary>The title of the table that its row stands in; empty if it has none.</summary>
    public string Block { get; init; } = "";

    /// <summary>The worst of its runs.</summary>
    public Outcome Outcome => Runs.Count == 0 ? Outcome.NotRun : Runs.Any(run => run.Outcome == Outcome.Failed) ? Outcome.Failed : Outcome.Passed;
}

/// <summary>One run of an example. Immutable.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="Substrate"><c>virtual time</c> or <c>real time</c>.</param>
/// <param name="Milliseconds">How long it took on the machine, in milliseconds.</param>
/// <param name="Steps">How each of its steps ended, background first: as many as the example has in all.</param>
/// <param name="Message">Why it failed, or null.</param>
/// <param name="Seed">Its seed, or null if it did not come so far.</param>
/// <param name="Replay">The one command that runs it again, or null.</param>
/// <param name="Evidence">What is to be shown of it.</param>
/// <param name="Figures">What was measured in it.</param>
public sealed record ExampleRun(
    Outcome Outcome, string Substrate, double Milliseconds, IReadOnlyList<StepRun> Steps, string? Message, ulong? Seed, string? Replay,
    IReadOnlyList<Evidence> Evidence, IReadOnlyList<Figure> Figures);

/// <summary>How a step ended.</summary>
/// <param name="Outcome">How; not run if one before it failed.</param>
/// <param name="Milliseconds">How long it took, in milliseconds; zero if it did not run.</param>
/// <param name="Message">Its error, or null.</param>
/// <param name="Definition">The method it is bound to, or null.</param>
public readonly record struct StepRun(Outcome Outcome, double Milliseconds, string? Message, string? Definition);

/// <summary>What changed since the last whole run: examples as their ids. Immutable.</summary>
/// <param name="Since">When that run began, in UTC.</param>
/// <param name="Commit">Its commit.</param>
/// <param name="Broken">Examples that passed then and fail now.</param>
/// <param name="Mended">Examples that failed then and pass now.</param>
/// <param name="Added">Examples that were not there.</param>
/// <param name="Removed">Examples that are not there any more, by feature and title.</param>
/// <param name="Slower">Examples that take more than twice as long, and half a second more, with both times in milliseconds.</param>
/// <param name="Earlier">The last whole runs, the newest first, this one included.</param>
public sealed record Changes(
    DateTimeOffset Since, string Commit, IReadOnlyList<string> Broken, IReadOnlyList<string> Mended, IReadOnlyList<string> Added, IReadOnlyList<NamedValue> Removed,
    IReadOnlyList<(string Id, double Before, double Now)> Slower, IReadOnlyList<EarlierRun> Earlier);

/// <summary>A whole run, in a line.</summary>
/// <param name="Began">When, in UTC.</param>
/// <param name="Commit">The commit.</param>
/// <param name="Passed">Examples that passed.</param>
/// <param name="Failed">Examples that failed.</param>
/// <param name="NotRun">Examples that did not run.</param>
/// <param name="Seconds">How long it took, in seconds.</param>
public sealed record EarlierRun(DateTimeOffset Began, string Commit, int Passed, int Failed, int NotRun, double Seconds);

/// <summary>A line of the acceptance text, and what shows it. Immutable.</summary>
/// <param name="Text">The line, word for word.</param>
/// <param name="Examples">The ids of the examples that show it.</param>
/// <param name="Otherwise">What shows it beside examples, or instead: a test, a class, a command; null if nothing needs to.</param>
/// <param name="Outcome">Kept or broken, as far as examples show it; not run if one of them did not run, or if there is none.</param>
public sealed record TracedLine(string Text, IReadOnlyList<string> Examples, string? Otherwise, Outcome Outcome)
{
    /// <summary>The part of the text that it stands in.</summary>
    public string Section { get; init; } = "";

    /// <summary>The tags by which examples show it, with the at sign.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];
}

/// <summary>A word of the features.</summary>
/// <param name="Word">The word.</param>
/// <param name="Meaning">What it means, in a sentence or two.</param>
/// <param name="Forms">Other forms of it that the features use.</param>
public sealed record Term(string Word, string Meaning, IReadOnlyList<string> Forms);

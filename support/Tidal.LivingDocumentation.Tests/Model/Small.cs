using Tidal.LivingDocumentation.Records;
using Tidal.LivingDocumentation.Report.Building;
using Tidal.LivingDocumentation.Report.Features;
using Tidal.LivingDocumentation.Report.Model;

namespace Tidal.LivingDocumentation.Tests.Model;

/// <summary>Small features, and runs of them, written down by hand.</summary>
internal static class Small
{
    public static readonly DateTimeOffset Began = new(2026, 11, 23, 4, 0, 0, TimeSpan.Zero);

    public static ReportSources Sources(params string[] features) =>
        new([.. features.Select((text, at) => FeatureReader.Read($"features/f/feature-{at}.feature", "f", text))], [], [], []);

    public static Document Build(string feature, params TestRecord[] tests) => DocumentBuilder.Build(Sources(feature), Pass(tests), null, RunHistory.Empty);

    public static PassRecord Pass(params TestRecord[] tests) =>
        new() { Began = Began, Seconds = 10, Build = "a build", Commit = "abc", Machine = "a machine", Tests = tests };

    public static TestRecord Passed(string name, ScenarioRecord? scenario = null) =>
        new() { Feature = "F", DisplayName = name, Passed = true, Milliseconds = 5, Scenario = scenario };

    public static TestRecord Failed(string name, string message, ScenarioRecord? scenario = null) =>
        Passed(name, scenario) with { Passed = false, Message = message };

    public static ScenarioRecord Scenario(string title, params StepRecord[] steps) => new()
    {
        FeatureFolder = "f",
        Feature = "F",
        Title = title,
        Substrate = "virtual time",
        Runtime = "Reqnroll 3.3.3",
        Began = Began,
        Milliseconds = 7,
        Seed = 42,
        Replay = "dotnet test",
        Steps = steps,
    };

    /// <summary>A step that ran.</summary>
    public static StepRecord Step(string text, string? error = null) => new(text, 1, $"Steps.{text}", error);

    /// <summary>A test that passed and measured something.</summary>
    public static TestRecord Measured(string title, params Figure[] figures) => Passed(title, Scenario(title) with { Figures = figures });

    /// <summary>The one feature of a document.</summary>
    public static FeatureDocument Feature(this Document document) => document.Capabilities.Single().Features.Single();

    /// <summary>The only run of an example.</summary>
    public static ExampleRun Run(this Document document, string title = "S") => document.Examples.Single(example => example.Title == title).Runs.Single();
}

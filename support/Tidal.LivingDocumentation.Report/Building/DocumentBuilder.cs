using Gherkin.Ast;
using Tidal.LivingDocumentation.Records;
using Tidal.LivingDocumentation.Report.Features;
using Tidal.LivingDocumentation.Report.Model;

namespace Tidal.LivingDocumentation.Report.Building;

/// <summary>Brings what is written and what came of it together. Not safe for several threads.</summary>
public sealed class DocumentBuilder
{
    private const string RealTimeTag = "@realtime";

    private readonly ReportSources _sources;
    private readonly PassRecord _main;
    private readonly PassRecord? _second;
    private readonly Dictionary<Scenario, IReadOnlyList<ExampleSource>> _examples = [];
    private readonly TestMatcher _mainTests;
    private readonly TestMatcher? _secondTests;

    private DocumentBuilder(ReportSources sources, PassRecord main, PassRecord? second)
    {
        (_sources, _main) = (sources, main);
        _second = second is not null && second.Build == main.Build && main.Build.Length > 0 ? second : null;
        foreach (var file in sources.Features)
        {
            foreach (var scenario in FeatureBuilder.ScenariosOf(file.Feature))
                _examples.Add(scenario, ExampleSource.Of(file, scenario));
        }
        ExampleSource[] all = [.. _examples.Values.SelectMany(examples => examples)];
        _mainTests = new TestMatcher(all, main);
        _secondTests = _second is null ? null : new TestMatcher(all, _second);
    }

    /// <summary>Builds a document.</summary>
    /// <param name="sources">What is written.</param>
    /// <param name="main">The first pass.</param>
    /// <param name="second">The second pass, or null; one of another build is left out.</param>
    /// <param name="history">The whole runs before; a filtered run is not compared with them.</param>
    public static Document Build(ReportSources sources, PassRecord main, PassRecord? second, RunHistory history)
    {
        var document = new DocumentBuilder(sources, main, second).Build();
        return main.Filter is null ? document with { Changes = ChangeBuilder.Of(document, history) } : document;
    }

    private Document Build()
    {
        var capabilities = Capabilities();
        (IReadOnlyList<string> Tags, Example Example)[] examples = [.. ScenariosOf(capabilities).SelectMany(scenario => scenario.Examples.Select(example => (scenario.Tags, example)))];
        return new Document
        {
            Run = Facts(),
            Steps = [.. PromiseText.Steps.Select(text => PromiseBuilder.Step(text, examples))],
            Invariants = [.. PromiseText.Invariants.Select(text => PromiseBuilder.Invariant(text, examples))],
            Capabilities = capabilities,
            Traceability = [.. _sources.AcceptanceText.Select(line => TraceBuilder.Of(line, capabilities))],
            Glossary = [.. _sources.Glossary.OrderBy(term => term.Word, StringComparer.OrdinalIgnoreCase)],
            UnusedDefinitions = UnusedDefinitions(),
            RulesWithoutExample = [.. RulesWithoutExample(capabilities)],
            Strays = [.. _mainTests.Strays.Concat(_secondTests?.Strays ?? []).Select(test => new NamedValue(test.Feature, test.DisplayName)).Distinct()],
        };
    }

    private IReadOnlyList<Capability> Capabilities()
    {
        var byPath = _sources.Features.Zip(Slug.Each(_sources.Features.Select(NameOf)), (file, slug) => (File: file, Slug: slug)).ToLookup(one => one.File.Folder);
        var told = _sources.Capabilities.ToDictionary(text => text.Folder);
        // A folder that nobody has written about is shown all the same, last.
        string[] folders = [.. told.Keys.Where(byPath.Contains), .. byPath.Select(group => group.Key).Where(folder => !told.ContainsKey(folder)).Order(StringComparer.Ordinal)];
        return [.. folders.Zip(Slug.Each(folders), (folder, slug) => new Capability(
            $"capability-{slug}",
            told.GetValueOrDefault(folder)?.Title ?? TitleOf(folder),
            [.. byPath[folder].Select(one => new FeatureBuilder(one.File, one.Slug, _examples, RunsOf).Build()).OrderBy(feature => feature.Title, StringComparer.OrdinalIgnoreCase)])
        {
            Prose = told.GetValueOrDefault(folder)?.Prose ?? "",
        })];
    }

    private IReadOnlyList<ExampleRun> RunsOf(ExampleSource example, int steps)
    {
        var usual = example.File.Feature.Tags.Any(tag => tag.Name == RealTimeTag) ? "real time" : "virtual time";
        return [.. new[] { (Test: _mainTests.Of(example), Substrate: usual), (Test: _secondTests?.Of(example), Substrate: "real time") }
            .Where(run => run.Test is not null).Select(run => RunBuilder.Of(run.Test!, steps, run.Substrate))];
    }

    private RunFacts Facts() => new()
    {
        Began = _main.Began,
        Seconds = _main.Seconds,
        Commit = _main.Commit,
        Machine = _main.Machine,
        Runtime = _main.Tests.Select(test => test.Scenario?.Runtime).Distinct().OfType<string>().ToArray() is { Length: > 0 } runtimes ? string.Join(", ", runtimes) : "unknown",
        Seed = _main.Seed,
        Filter = _main.Filter,
        SecondPassBegan = _second?.Began,
        NotRun = _examples.Values.SelectMany(examples => examples).Count(example => _mainTests.Of(example) is null),
    };

    // Only a run in which every step was reached, and seen, can tell.
    private IReadOnlyList<DefinitionRecord> UnusedDefinitions()
    {
        var isWhole = _main.Filter is null && _main.Tests.All(test => test is { Passed: true, Scenario: not null }) && Facts().NotRun == 0;
        var used = _main.Tests.SelectMany(test => test.Scenario?.Steps ?? []).Select(step => step.Definition).ToHashSet();
        return isWhole ? [.. _main.Definitions.Where(definition => !used.Contains(definition.Definition))] : [];
    }

    private static IEnumerable<NamedValue> RulesWithoutExample(IReadOnlyList<Capability> capabilities) =>
        from capability in capabilities
        from feature in capability.Features
        from rule in feature.Rules
        where !rule.Scenarios.Any(scenario => scenario.Examples.Count > 0)
        select new NamedValue(feature.Title, rule.Title);

    private static IEnumerable<ScenarioDocument> ScenariosOf(IReadOnlyList<Capability> capabilities) =>
        capabilities.SelectMany(capability => capability.Features).SelectMany(feature => feature.Rules).SelectMany(rule => rule.Scenarios);

    // Files of one name in two folders go by their paths.
    private string NameOf(FeatureFile file)
    {
        var name = Path.GetFileNameWithoutExtension(file.Path);
        return _sources.Features.Count(other => Path.GetFileNameWithoutExtension(other.Path) == name) == 1 ? name : file.Path;
    }

    private static string TitleOf(string folder) => folder.Length == 0 ? "Features" : folder.Replace('-', ' ').Replace('/', ' ');
}

using Gherkin.Ast;
using Reqnroll;
using GherkinFeature = Gherkin.Ast.Feature;
using GherkinScenario = Gherkin.Ast.Scenario;

namespace Tidal.ReqnrollStandIn.Features;

/// <summary>What a feature must not hold: what Reqnroll would not build, and what the stand-in does not know.</summary>
internal static class FeatureRules
{
    // Members that Reqnroll generates beside the scenarios' own.
    private static readonly HashSet<string> TakenNames =
    [
        "FeatureSetupAsync", "FeatureTearDownAsync", "TestInitializeAsync", "TestTearDownAsync", "ScenarioInitialize", "ScenarioStartAsync",
        "ScenarioCleanupAsync", "FeatureBackgroundAsync", "FixtureData", "InitializeCucumberMessages", "DisposeAsync", "InitializeAsync",
    ];

    public static void Check(GherkinFeature feature)
    {
        Refuse(feature.Language != "en", $"features are read in English only, not in '{feature.Language}'");
        Refuse(Identifier.Of(feature.Name).Length == 0, "the feature has no title");
        CheckTags(feature.Tags);
        foreach (var rule in feature.Children.OfType<Rule>())
            CheckTags(rule.Tags);
        var names = new HashSet<string>(TakenNames) { Identifier.Of(feature.Name) + "Feature" };
        foreach (var scenario in ScenariosOf(feature))
            CheckScenario(scenario, names);
    }

    /// <summary>Refuses a second feature of one title in a folder.</summary>
    public static void CheckTitles(IEnumerable<Feature> features, Action<string> refuse)
    {
        var titles = features.GroupBy(feature => (feature.Info.FolderPath, Name: Identifier.Of(feature.Info.Title)));
        foreach (var same in titles.Where(group => group.Count() > 1))
            refuse($"two features of one title in a folder: {string.Join(", ", same.Select(feature => feature.Path))}");
    }

    private static IEnumerable<GherkinScenario> ScenariosOf(GherkinFeature feature) =>
        feature.Children.SelectMany(child => child is Rule rule ? rule.Children : [child]).OfType<GherkinScenario>();

    private static void CheckScenario(GherkinScenario scenario, HashSet<string> names)
    {
        var name = Identifier.Of(scenario.Name);
        Refuse(name.Length == 0, $"line {scenario.Location.Line}: the scenario has no title");
        Refuse(!names.Add(name), $"line {scenario.Location.Line}: there is another scenario with the title '{scenario.Name}', or its name is taken");
        CheckTags(scenario.Tags);
        var examples = scenario.Examples.ToList();
        Refuse(examples.Count == 0 && scenario.Keyword is "Scenario Outline" or "Scenario Template",
            $"the scenario outline '{scenario.Name}' has no examples");
        CheckExamples(scenario, examples);
    }

    private static void CheckExamples(GherkinScenario scenario, List<Examples> all)
    {
        foreach (var examples in all)
        {
            CheckTags(examples.Tags);
            Refuse(!(examples.TableBody?.Any() ?? false), $"'{scenario.Name}' has examples without a row");
            var columns = Columns(examples);
            Refuse(columns.Distinct().Count() != columns.Count, $"'{scenario.Name}' has two columns of one name in its examples");
            Refuse(!columns.SequenceEqual(Columns(all[0])), $"the examples of '{scenario.Name}' must have the same columns");
        }
        var titled = all.Where(examples => !string.IsNullOrEmpty(examples.Name)).ToList();
        Refuse(titled.DistinctBy(examples => examples.Name).Count() != titled.Count, $"'{scenario.Name}' has two examples of one title");
    }

    private static List<string> Columns(Examples examples) => [.. examples.TableHeader.Cells.Select(cell => cell.Value)];

    private static void CheckTags(IEnumerable<Tag> tags)
    {
        foreach (var tag in tags)
        {
            Refuse(tag.Name.Equals("@ignore", StringComparison.OrdinalIgnoreCase), "a scenario is never ignored: remove it, or make it pass");
            Refuse(tag.Name.StartsWith("@xunit:", StringComparison.OrdinalIgnoreCase), $"the tag {tag.Name} is not known");
        }
    }

    private static void Refuse(bool wrong, string why)
    {
        if (wrong)
            throw new BindingException(why);
    }
}

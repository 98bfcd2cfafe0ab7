using Gherkin.Ast;
using Tidal.LivingDocumentation.Report.Features;
using Tidal.LivingDocumentation.Report.Model;

namespace Tidal.LivingDocumentation.Report.Building;

/// <summary>Makes a feature's part of the document: its text, and the runs of its examples.</summary>
internal sealed class FeatureBuilder(FeatureFile file, string slug, IReadOnlyDictionary<Scenario, IReadOnlyList<ExampleSource>> examples, Func<ExampleSource, int, IReadOnlyList<ExampleRun>> runsOf)
{
    private readonly Dictionary<IHasLocation, string> _ids = Ids(file, slug);

    /// <summary>All scenarios of a feature, in the file's order.</summary>
    public static IEnumerable<Scenario> ScenariosOf(Feature feature) =>
        feature.Children.OfType<Scenario>().Concat(feature.Children.OfType<Rule>().SelectMany(rule => rule.Children.OfType<Scenario>()));

    /// <summary>Makes it.</summary>
    public FeatureDocument Build()
    {
        var feature = file.Feature;
        var background = StepTexts.Background(feature.Children);
        var loose = feature.Children.OfType<Scenario>().ToList();
        var rules = feature.Children.OfType<Rule>().Select(rule => Of(rule, background));
        if (loose.Count > 0)
            rules = rules.Prepend(new RuleDocument($"{slug}--rule_none", "", [], [], [], [.. loose.Select(scenario => Of(scenario, TagsOf(feature), background))]));
        return new FeatureDocument($"feature-{slug}", file.Path, feature.Name, StepTexts.Paragraphs(feature.Description), TagsOf(feature), background, [.. rules]);
    }

    private RuleDocument Of(Rule rule, IReadOnlyList<StepText> above)
    {
        var background = StepTexts.Background(rule.Children);
        IReadOnlyList<string> tags = [.. TagsOf(file.Feature), .. TagsOf(rule)];
        return new RuleDocument(
            _ids[rule], rule.Name, StepTexts.Paragraphs(rule.Description), TagsOf(rule), background,
            [.. rule.Children.OfType<Scenario>().Select(scenario => Of(scenario, tags, [.. above, .. background]))]);
    }

    private ScenarioDocument Of(Scenario scenario, IReadOnlyList<string> above, IReadOnlyList<StepText> background)
    {
        var rows = examples[scenario];
        var rowIds = Slug.Each(rows.Select(row => row.Values.Count == 0 ? "example" : string.Join('\u001f', row.Values.Select(value => value.Value))));
        return new ScenarioDocument(
            _ids[scenario], scenario.Name, StepTexts.Paragraphs(scenario.Description), [.. above.Concat(TagsOf(scenario)).Distinct()], scenario.Location.Line,
            scenario.Examples.Any(), StepTexts.AsWritten(scenario.Steps),
            [.. rows.Zip(rowIds, (row, id) => Of(row, $"{_ids[scenario]}--{id}", background))]);
    }

    private Example Of(ExampleSource row, string id, IReadOnlyList<StepText> background)
    {
        var steps = StepTexts.Of(row.Scenario.Steps, row.Fill);
        return new Example(id, row.Title(), row.Values, row.Line, background, steps, runsOf(row, background.Count + steps.Count)) { Block = row.Block };
    }

    // A slug has no two hyphens together, so nobody else's ids begin with this feature's slug and two of them.
    private static Dictionary<IHasLocation, string> Ids(FeatureFile file, string slug)
    {
        var named = file.Feature.Children.OfType<Rule>().Select(rule => (Of: (IHasLocation)rule, Name: $"rule {rule.Name}"))
            .Concat(ScenariosOf(file.Feature).Select(scenario => (Of: (IHasLocation)scenario, scenario.Name))).ToList();
        return named.Zip(Slug.Each(named.Select(one => one.Name)), (one, id) => (one.Of, Id: $"{slug}--{id}")).ToDictionary(one => one.Of, one => one.Id);
    }

    private static IReadOnlyList<string> TagsOf(IHasTags tagged) => [.. tagged.Tags.Select(tag => tag.Name)];
}

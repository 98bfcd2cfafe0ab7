using Tidal.LivingDocumentation.Report.Model;

namespace Tidal.LivingDocumentation.Report.Html;

/// <summary>Where an example stands in the document.</summary>
internal sealed record Place(FeatureDocument Feature, RuleDocument Rule, ScenarioDocument Scenario, Example Example)
{
    /// <summary>The example's name where its scenario is not in sight.</summary>
    public string Title => Scenario.IsOutline ? $"{Scenario.Title}: {Example.Title}" : Scenario.Title;
}

/// <summary>All examples by their ids, in order. Immutable.</summary>
internal sealed class Places
{
    private readonly Dictionary<string, Place> _byId = new(StringComparer.Ordinal);

    public Places(Document document)
    {
        var rules = document.Capabilities.SelectMany(capability => capability.Features).SelectMany(feature => feature.Rules, (feature, rule) => (feature, rule));
        foreach (var (feature, rule) in rules)
        {
            foreach (var (scenario, example) in rule.Scenarios.SelectMany(scenario => scenario.Examples, (scenario, example) => (scenario, example)))
                _byId.TryAdd(example.Id, new Place(feature, rule, scenario, example));
        }
    }

    public IEnumerable<Place> All => _byId.Values;

    /// <summary>The example of an id, or null.</summary>
    public Place? Find(string id) => _byId.GetValueOrDefault(id);
}

using System.Collections.Specialized;
using Reqnroll;

namespace Tidal.ReqnrollStandIn.Features;

/// <summary>All features of an assembly, and what was refused in them.</summary>
internal sealed class FeatureCatalogue
{
    private readonly string _namespace;
    private readonly List<Feature> _features = [];
    private readonly List<string> _refusals = [];

    public FeatureCatalogue(string rootNamespace, IEnumerable<(string Path, string Text)> files)
    {
        _namespace = rootNamespace;
        foreach (var (path, text) in files.OrderBy(file => file.Path, StringComparer.Ordinal))
        {
            try
            {
                _features.Add(FeatureReader.Read(path, text));
            }
            catch (BindingException refusal)
            {
                _refusals.Add(refusal.Message);
            }
        }
        FeatureRules.CheckTitles(_features, _refusals.Add);
    }

    /// <summary>What stands as a test for features that were refused, so that the run has something to fail.</summary>
    public static Feature Refused { get; } = new("", new FeatureInfo("", "Features", null, []),
        [new Scenario("#", "The features build", "TheFeaturesBuild", new ScenarioInfo("The features build", null, [], [], new OrderedDictionary()), null, [])]);

    public IReadOnlyList<Feature> Features => _features;

    public bool IsRefused => _refusals.Count > 0;

    /// <summary>One feature that would not build keeps all from running, as it would with Reqnroll.</summary>
    /// <exception cref="BindingException">Something was refused.</exception>
    public void ThrowIfRefused()
    {
        if (_refusals.Count > 0)
            throw new BindingException($"The features do not build:{Environment.NewLine}{string.Join(Environment.NewLine, _refusals)}");
    }

    /// <summary>The class that Reqnroll would generate.</summary>
    public string ClassName(Feature feature)
    {
        var folders = feature.Info.FolderPath.Split('/', StringSplitOptions.RemoveEmptyEntries).Select(Identifier.Of);
        return string.Join('.', [_namespace, .. folders, Identifier.Of(feature.Info.Title) + "Feature"]);
    }

    /// <summary>The traits by which a scenario can be filtered.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Traits(Feature feature, Scenario scenario) =>
    [
        .. scenario.Categories.Distinct().Select(category => KeyValuePair.Create("Category", category)),
        KeyValuePair.Create("FeatureTitle", feature.Info.Title),
        KeyValuePair.Create("Description", scenario.Info.Title),
    ];
}

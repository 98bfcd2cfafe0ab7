using Reqnroll;
using Tidal.ReqnrollStandIn.Features;

namespace Tidal.ReqnrollStandIn.Running;

/// <summary>What came of one scenario.</summary>
/// <param name="DisplayName">The name of its test.</param>
/// <param name="FullName">The full name of its test: namespace, class and method as Reqnroll would generate them.</param>
/// <param name="Traits">The traits by which its test can be filtered.</param>
/// <param name="Error">What failed it, or null.</param>
/// <param name="Output">What its test prints.</param>
public sealed record ScenarioResult(
    string DisplayName, string FullName, IReadOnlyList<KeyValuePair<string, string>> Traits, Exception? Error, string Output)
{
    /// <summary>Whether nothing failed.</summary>
    public bool Passed => Error is null;
}

/// <summary>Runs features given as text within this process: how the stand-in itself is tested.</summary>
public static class StandInRunner
{
    /// <summary>Runs one feature with the given binding classes.</summary>
    /// <exception cref="BindingException">The feature or a binding is refused.</exception>
    public static Task<IReadOnlyList<ScenarioResult>> RunAsync(string feature, params Type[] bindings) =>
        RunAsync([("specimen/specimen.feature", feature)], bindings);

    /// <summary>Runs features one after the other, with their paths below the project.</summary>
    /// <exception cref="BindingException">A feature or a binding is refused.</exception>
    public static async Task<IReadOnlyList<ScenarioResult>> RunAsync(IEnumerable<(string Path, string Text)> features, params Type[] bindings)
    {
        var catalogue = new FeatureCatalogue("Specimen", features);
        catalogue.ThrowIfRefused();
        await using var suite = new Suite(bindings);
        var results = new List<ScenarioResult>();
        await suite.StartAsync();
        foreach (var feature in catalogue.Features)
        {
            await using var run = suite.Begin(feature);
            await run.StartAsync();
            foreach (var scenario in feature.Scenarios)
            {
                var (error, output) = await run.RunAsync(scenario);
                results.Add(new ScenarioResult(
                    scenario.DisplayName, $"{catalogue.ClassName(feature)}.{scenario.MethodName}", FeatureCatalogue.Traits(feature, scenario), error, output));
            }
            await run.EndAsync();
        }
        await suite.EndAsync();
        return results;
    }
}

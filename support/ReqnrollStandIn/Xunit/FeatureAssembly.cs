using System.Collections.Concurrent;
using System.Reflection;
using Tidal.ReqnrollStandIn.Features;
using Tidal.ReqnrollStandIn.Running;
using Xunit;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace Tidal.ReqnrollStandIn.Xunit;

/// <summary>
/// The features embedded in an assembly as xunit's test cases. Kept for the life of the process, since discovery and
/// execution ask for it separately and must speak of the same collections.
/// </summary>
internal sealed class FeatureAssembly
{
    private static readonly ConcurrentDictionary<string, FeatureAssembly> Known = new();

    private readonly Assembly _assembly;
    private readonly StandInConfiguration _configuration;
    private readonly Dictionary<string, ScenarioTestCase> _cases = [];

    private FeatureAssembly(Assembly assembly)
    {
        _assembly = assembly;
        _configuration = new StandInConfiguration(Text("reqnroll.json"));
        var paths = assembly.GetManifestResourceNames().Where(name => name.EndsWith(".feature", StringComparison.Ordinal));
        Catalogue = new FeatureCatalogue(assembly.GetName().Name!, paths.Select(path => (path.Replace('\\', '/'), Text(path))));
        foreach (var feature in Catalogue.Features)
            AddCases(feature);
        if (Catalogue.IsRefused)
            AddCases(FeatureCatalogue.Refused);
    }

    public FeatureCatalogue Catalogue { get; }

    /// <summary>Every scenario, by the id under which it is serialised.</summary>
    public IReadOnlyDictionary<string, ScenarioTestCase> Cases => _cases;

    /// <summary>The features of an assembly, named in full or in short.</summary>
    public static FeatureAssembly Of(string name) =>
        Known.GetOrAdd(new AssemblyName(name).Name!, key => new FeatureAssembly(Assembly.Load(new AssemblyName(key))));

    public Suite CreateSuite()
    {
        Catalogue.ThrowIfRefused();
        return new Suite(_configuration.BindingTypes());
    }

    private void AddCases(Feature feature)
    {
        // One collection a feature: its scenarios run in sequence, and beside those of other features unless it is isolated.
        var definition = _configuration.Isolates(feature.Info.Tags) ? Reflector.Wrap(typeof(IsolatedFeatures)) : null;
        var collection = new TestCollection(new TestAssembly(Reflector.Wrap(_assembly)), definition, feature.Path);
        var testClass = new TestClass(collection, new FeatureClass(Catalogue.ClassName(feature)));
        foreach (var scenario in feature.Scenarios)
            _cases.Add(scenario.Id, new ScenarioTestCase(_assembly.GetName().Name!, feature, scenario, new TestMethod(testClass, new ScenarioMethod(scenario.MethodName))));
    }

    private string Text(string resource)
    {
        using var reader = new StreamReader(_assembly.GetManifestResourceStream(resource)
            ?? throw new FileNotFoundException($"{resource} is not embedded in {_assembly.GetName().Name}."));
        return reader.ReadToEnd();
    }

    // xunit wants a class and a method for each test: these are real ones under the names that Reqnroll would generate.
    private sealed class FeatureClass(string name) : ReflectionTypeInfo(typeof(FeatureAssembly)), ITypeInfo
    {
        string ITypeInfo.Name => name;
    }

    private sealed class ScenarioMethod(string name) : ReflectionMethodInfo(typeof(FeatureAssembly).GetMethod(nameof(CreateSuite))!), IMethodInfo
    {
        string IMethodInfo.Name => name;
    }
}

/// <summary>Marks the collections of features that must not share the machine.</summary>
[CollectionDefinition("Isolated features", DisableParallelization = true)]
public sealed class IsolatedFeatures;

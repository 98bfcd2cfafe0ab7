using System.Runtime.ExceptionServices;
using Reqnroll;
using Reqnroll.BoDi;
using Tidal.ReqnrollStandIn.Bindings;
using Tidal.ReqnrollStandIn.Features;

namespace Tidal.ReqnrollStandIn.Running;

/// <summary>A test run: the bindings, the container above all others, and the hooks around everything.</summary>
internal sealed class Suite : IAsyncDisposable
{
    private readonly BindingRegistry _registry;
    private readonly ObjectContainer _container = new();

    public Suite(IEnumerable<Type> bindingTypes)
    {
        _registry = new BindingRegistry(bindingTypes);
        Converter = new ArgumentConverter(_registry.Transformations);
        Matcher = new StepMatcher(_registry, Converter);
    }

    public ArgumentConverter Converter { get; }

    public StepMatcher Matcher { get; }

    public Task StartAsync() => RunHooksAsync<BeforeTestRunAttribute>(_container, []);

    public Task EndAsync() => RunHooksAsync<AfterTestRunAttribute>(_container, []);

    public ValueTask DisposeAsync() => _container.DisposeAsync();

    public FeatureRun Begin(Feature feature) => new(this, _container, feature);

    /// <summary>Runs the hooks of a kind in their order; what they take is resolved. The first that throws ends it.</summary>
    public async Task RunHooksAsync<TKind>(ObjectContainer container, IReadOnlyCollection<string> tags) where TKind : HookAttribute
    {
        foreach (var hook in _registry.Hooks<TKind>(tags))
            await hook.InvokeAsync(container, [.. hook.Parameters.Select(container.Resolve)]);
    }
}

/// <summary>A feature that runs: its container, its hooks, and its scenarios one after the other.</summary>
internal sealed class FeatureRun : IAsyncDisposable
{
    private readonly Suite _suite;
    private readonly Feature _feature;
    private readonly ObjectContainer _container;
    private readonly FeatureContext _context;

    public FeatureRun(Suite suite, ObjectContainer above, Feature feature)
    {
        (_suite, _feature, _container) = (suite, feature, new ObjectContainer(above));
        _context = new FeatureContext(feature.Info, _container);
        _container.RegisterInstanceAs(_context);
    }

    public Task StartAsync() => RunHooksAsync<BeforeFeatureAttribute>();

    public Task EndAsync() => RunHooksAsync<AfterFeatureAttribute>();

    public ValueTask DisposeAsync() => _container.DisposeAsync();

    public async Task<(Exception? Error, string Output)> RunAsync(Scenario scenario)
    {
        var run = new ScenarioRun(_suite, _container, scenario);
        var error = await run.RunAsync();
        return (error, run.Output.ToString());
    }

    private async Task RunHooksAsync<TKind>() where TKind : HookAttribute
    {
        try
        {
            await _suite.RunHooksAsync<TKind>(_container, _feature.Info.Tags);
        }
        catch (Exception error)
        {
            _context.TestError ??= error;
            ExceptionDispatchInfo.Throw(error);
        }
    }
}

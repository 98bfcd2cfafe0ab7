using System.Diagnostics;
using Tidal.ReqnrollStandIn.Features;
using Tidal.ReqnrollStandIn.Running;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace Tidal.ReqnrollStandIn.Xunit;

/// <summary>A scenario, or one row of an outline, as xunit's test case.</summary>
public sealed class ScenarioTestCase : IXunitTestCase
{
    private string _assembly = "";
    private Feature _feature = null!;
    private Scenario _scenario = null!;

    /// <summary>For deserialisation.</summary>
    public ScenarioTestCase()
    {
    }

    internal ScenarioTestCase(string assembly, Feature feature, Scenario scenario, ITestMethod testMethod)
    {
        (_assembly, _feature, _scenario, TestMethod) = (assembly, feature, scenario, testMethod);
        Traits = FeatureCatalogue.Traits(feature, scenario)
            .GroupBy(trait => trait.Key, trait => trait.Value)
            .ToDictionary(group => group.Key, group => group.ToList());
    }

    /// <inheritdoc/>
    public string DisplayName => _scenario.DisplayName;

    /// <inheritdoc/>
    public string UniqueID => $"{_assembly}/{_scenario.Id}/{_scenario.DisplayName}";

    /// <inheritdoc/>
    public ITestMethod TestMethod { get; private set; } = null!;

    /// <inheritdoc/>
    public Dictionary<string, List<string>> Traits { get; private set; } = null!;

    /// <inheritdoc/>
    public ISourceInformation SourceInformation { get; set; } = new SourceInformation();

    /// <inheritdoc/>
    public IMethodInfo Method => TestMethod.Method;

    /// <inheritdoc/>
    public object[] TestMethodArguments => [];

    /// <inheritdoc/>
    public string? SkipReason => null;

    /// <inheritdoc/>
    public int Timeout => 0;

    /// <inheritdoc/>
    public Exception? InitializationException => null;

    internal Feature Feature => _feature;

    /// <inheritdoc/>
    public void Serialize(IXunitSerializationInfo info)
    {
        info.AddValue("assembly", _assembly);
        info.AddValue("scenario", _scenario.Id);
    }

    /// <inheritdoc/>
    public void Deserialize(IXunitSerializationInfo info)
    {
        _assembly = info.GetValue<string>("assembly");
        var original = FeatureAssembly.Of(_assembly).Cases[info.GetValue<string>("scenario")];
        (_feature, _scenario, TestMethod, Traits) = (original._feature, original._scenario, original.TestMethod, original.Traits);
    }

    /// <summary>Not used: a scenario runs within its feature.</summary>
    public Task<RunSummary> RunAsync(
        IMessageSink diagnosticMessageSink, IMessageBus messageBus, object[] constructorArguments, ExceptionAggregator aggregator,
        CancellationTokenSource cancellationTokenSource) =>
        throw new NotSupportedException("A scenario runs within its feature.");

    internal async Task<RunSummary> RunAsync(FeatureRun? feature, IMessageBus messages, Exception? failedBefore, CancellationTokenSource cancellation)
    {
        void Send(IMessageSinkMessage message)
        {
            if (!messages.QueueMessage(message))
                cancellation.Cancel();
        }

        var test = new XunitTest(this, DisplayName);
        Send(new TestCaseStarting(this));
        Send(new TestStarting(test));
        var clock = Stopwatch.StartNew();
        var (error, output) = failedBefore is null ? await feature!.RunAsync(_scenario) : (failedBefore, "");
        var seconds = (decimal)clock.Elapsed.TotalSeconds;
        Send(error is null ? new TestPassed(test, seconds, output) : new TestFailed(test, seconds, output, error));
        Send(new TestFinished(test, seconds, output));
        var summary = new RunSummary { Total = 1, Failed = error is null ? 0 : 1, Time = seconds };
        Send(new TestCaseFinished(this, seconds, 1, summary.Failed, 0));
        return summary;
    }
}

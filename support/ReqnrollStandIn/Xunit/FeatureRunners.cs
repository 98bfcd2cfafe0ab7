using Tidal.ReqnrollStandIn.Running;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace Tidal.ReqnrollStandIn.Xunit;

/// <summary>xunit's runner of an assembly, which knows of parallel and isolated collections, with the test run's hooks around it.</summary>
internal sealed class FeatureAssemblyRunner(
    ITestAssembly testAssembly, IEnumerable<IXunitTestCase> testCases, IMessageSink diagnostics, IMessageSink messages,
    ITestFrameworkExecutionOptions options)
    : XunitTestAssemblyRunner(testAssembly, testCases, diagnostics, messages, options)
{
    private Suite? _suite;
    private Exception? _failedBefore;

    protected override async Task AfterTestAssemblyStartingAsync()
    {
        await base.AfterTestAssemblyStartingAsync();
        try
        {
            _suite = FeatureAssembly.Of(TestAssembly.Assembly.Name).CreateSuite();
            await _suite.StartAsync();
        }
        catch (Exception error)
        {
            // Kept to fail every scenario, where it is seen.
            _failedBefore = error;
        }
    }

    protected override async Task BeforeTestAssemblyFinishedAsync()
    {
        if (_suite is not null)
        {
            await Aggregator.RunAsync(_suite.EndAsync);
            await Aggregator.RunAsync(() => _suite.DisposeAsync().AsTask());
        }
        await base.BeforeTestAssemblyFinishedAsync();
    }

    protected override Task<RunSummary> RunTestCollectionAsync(
        IMessageBus messageBus, ITestCollection testCollection, IEnumerable<IXunitTestCase> testCases, CancellationTokenSource cancellationTokenSource) =>
        new FeatureCollectionRunner(
            _suite, _failedBefore, testCollection, [.. testCases.Cast<ScenarioTestCase>()], messageBus, TestCaseOrderer,
            new ExceptionAggregator(Aggregator), cancellationTokenSource).RunAsync();
}

/// <summary>Runs the scenarios of one feature one after the other, in the order that xunit gives them, with the hooks around them.</summary>
internal sealed class FeatureCollectionRunner(
    Suite? suite, Exception? failedBefore, ITestCollection collection, IReadOnlyList<ScenarioTestCase> scenarios, IMessageBus messages,
    ITestCaseOrderer orderer, ExceptionAggregator aggregator, CancellationTokenSource cancellation)
    : TestCollectionRunner<IXunitTestCase>(collection, scenarios, messages, orderer, aggregator, cancellation)
{
    private Exception? _failedBefore = failedBefore;
    private FeatureRun? _feature;

    protected override async Task AfterTestCollectionStartingAsync()
    {
        if (_failedBefore is not null)
            return;
        try
        {
            _feature = suite!.Begin(scenarios[0].Feature);
            await _feature.StartAsync();
        }
        catch (Exception error)
        {
            _failedBefore = error;
        }
    }

    protected override async Task BeforeTestCollectionFinishedAsync()
    {
        if (_feature is null)
            return;
        await Aggregator.RunAsync(_feature.EndAsync);
        await Aggregator.RunAsync(() => _feature.DisposeAsync().AsTask());
    }

    protected override async Task<RunSummary> RunTestClassAsync(ITestClass testClass, IReflectionTypeInfo @class, IEnumerable<IXunitTestCase> testCases)
    {
        var summary = new RunSummary();
        foreach (var scenario in testCases.Cast<ScenarioTestCase>().TakeWhile(_ => !CancellationTokenSource.IsCancellationRequested))
            summary.Aggregate(await scenario.RunAsync(_feature, MessageBus, _failedBefore, CancellationTokenSource));
        return summary;
    }
}

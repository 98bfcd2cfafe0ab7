using System.Reflection;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace Tidal.ReqnrollStandIn.Xunit;

/// <summary>
/// The xunit framework of an assembly of features: its scenarios are the tests. Named in the assembly by the one file
/// that is linked into it.
/// </summary>
public sealed class FeatureTestFramework(IMessageSink messages) : TestFramework(messages)
{
    /// <inheritdoc/>
    protected override ITestFrameworkDiscoverer CreateDiscoverer(IAssemblyInfo assemblyInfo) =>
        new FeatureDiscoverer(assemblyInfo);

    /// <inheritdoc/>
    protected override ITestFrameworkExecutor CreateExecutor(AssemblyName assemblyName) =>
        new FeatureExecutor(assemblyName, SourceInformationProvider, DiagnosticMessageSink);
}

/// <summary>Finds the scenarios embedded in an assembly.</summary>
internal sealed class FeatureDiscoverer(IAssemblyInfo assembly) : ITestFrameworkDiscoverer
{
    public string TargetFramework => "";

    public string TestFrameworkDisplayName => "Reqnroll stand-in on xunit 2";

    public void Find(bool includeSourceInformation, IMessageSink discoveryMessageSink, ITestFrameworkDiscoveryOptions discoveryOptions) =>
        Report(discoveryMessageSink, _ => true);

    public void Find(
        string typeName, bool includeSourceInformation, IMessageSink discoveryMessageSink, ITestFrameworkDiscoveryOptions discoveryOptions) =>
        Report(discoveryMessageSink, testCase => testCase.TestMethod.TestClass.Class.Name == typeName);

    public string Serialize(ITestCase testCase) => SerializationHelper.Serialize(testCase);

    public void Dispose()
    {
        // Nothing is held.
    }

    private void Report(IMessageSink sink, Func<ScenarioTestCase, bool> wanted)
    {
        foreach (var testCase in FeatureAssembly.Of(assembly.Name).Cases.Values.Where(wanted))
            sink.OnMessage(new TestCaseDiscoveryMessage(testCase));
        sink.OnMessage(new DiscoveryCompleteMessage());
    }
}

/// <summary>Runs scenarios with the hooks of the test run around them.</summary>
internal sealed class FeatureExecutor(AssemblyName assemblyName, ISourceInformationProvider sources, IMessageSink messages)
    : TestFrameworkExecutor<IXunitTestCase>(assemblyName, sources, messages)
{
    protected override ITestFrameworkDiscoverer CreateDiscoverer() => new FeatureDiscoverer(AssemblyInfo);

    // xunit's contract: returns at once and reports its end through the sink.
    protected override async void RunTestCases(
        IEnumerable<IXunitTestCase> testCases, IMessageSink executionMessageSink, ITestFrameworkExecutionOptions executionOptions)
    {
        using var runner = new FeatureAssemblyRunner(
            new TestAssembly(AssemblyInfo), testCases, DiagnosticMessageSink, executionMessageSink, executionOptions);
        await runner.RunAsync();
    }
}

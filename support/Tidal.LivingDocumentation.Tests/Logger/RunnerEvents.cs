using System.Collections.ObjectModel;
using Microsoft.VisualStudio.TestPlatform.ObjectModel;
using Microsoft.VisualStudio.TestPlatform.ObjectModel.Client;
using Microsoft.VisualStudio.TestPlatform.ObjectModel.Logging;

namespace Tidal.LivingDocumentation.Tests.Logger;

/// <summary>A test runner that tells its loggers what a test wants them to hear.</summary>
internal sealed class RunnerEvents : TestLoggerEvents
{
    private const string Source = "/nowhere/Features.dll";

    private static readonly Uri Executor = new("executor://test");

    public override event EventHandler<TestRunMessageEventArgs>? TestRunMessage;

    public override event EventHandler<TestRunStartEventArgs>? TestRunStart;

    public override event EventHandler<TestResultEventArgs>? TestResult;

    public override event EventHandler<TestRunCompleteEventArgs>? TestRunComplete;

    public override event EventHandler<DiscoveryStartEventArgs>? DiscoveryStart { add { } remove { } }

    public override event EventHandler<TestRunMessageEventArgs>? DiscoveryMessage { add { } remove { } }

    public override event EventHandler<DiscoveredTestsEventArgs>? DiscoveredTests { add { } remove { } }

    public override event EventHandler<DiscoveryCompleteEventArgs>? DiscoveryComplete { add { } remove { } }

    public void Start(string? filter = null, bool isPicked = false) => TestRunStart?.Invoke(this, new TestRunStartEventArgs(
        isPicked ? new TestRunCriteria([new TestCase("picked", Executor, Source)], 1) : new TestRunCriteria([Source], 1, false, null, TimeSpan.Zero, null, filter, null)));

    public void Result(TestResult result) => TestResult?.Invoke(this, new TestResultEventArgs(result));

    public void Say(string message) => TestRunMessage?.Invoke(this, new TestRunMessageEventArgs(TestMessageLevel.Informational, message));

    public void Complete(bool isCancelled = false) =>
        TestRunComplete?.Invoke(this, new TestRunCompleteEventArgs(null, isCancelled, false, null, new Collection<AttachmentSet>(), TimeSpan.FromSeconds(1)));

    public static TestResult ResultOf(string title, TestOutcome outcome = TestOutcome.Passed, string output = "", string? message = null, string source = Source)
    {
        var test = new TestCase($"Features.{title}", Executor, source) { DisplayName = title };
        test.Traits.Add("Category", "uat");
        test.Traits.Add("FeatureTitle", "F");
        var result = new TestResult(test) { Outcome = outcome, Duration = TimeSpan.FromMilliseconds(7), ErrorMessage = message };
        result.Messages.Add(new TestResultMessage(TestResultMessage.StandardErrorCategory, $"{Records.RecordFiles.Announcement}/not/here.json"));
        result.Messages.Add(new TestResultMessage(TestResultMessage.StandardOutCategory, output));
        return result;
    }
}

using Microsoft.VisualStudio.TestPlatform.ObjectModel;
using Tidal.LivingDocumentation.Records;

namespace Tidal.LivingDocumentation.TestLogger;

/// <summary>Gathers what the test runner tells of one pass. Not safe for use by several threads.</summary>
/// <param name="root">The checkout's root.</param>
/// <param name="filter">The run's filter; null if everything was to run.</param>
/// <param name="began">When it began.</param>
internal sealed class PassCollector(string root, string? filter, DateTimeOffset began)
{
    /// <summary>The most tests that are kept: many times what a suite of features has.</summary>
    public const int TestsMost = 20_000;

    /// <summary>The most characters that are kept of a message.</summary>
    public const int MessageCharactersMost = 20_000;

    private readonly List<TestRecord> _tests = [];
    private readonly RecordReader _records = new(root);
    private string? _assembly;

    public string? Filter => filter;

    public int Count => _tests.Count;

    /// <summary>Takes a result in. A test that was skipped did not run.</summary>
    public void Add(TestResult result)
    {
        _assembly ??= result.TestCase.Source;
        if (_tests.Count == TestsMost || result.Outcome is not (TestOutcome.Passed or TestOutcome.Failed))
            return;
        var feature = result.TestCase.Traits.FirstOrDefault(trait => trait.Name == "FeatureTitle")?.Value ?? "";
        _tests.Add(new TestRecord
        {
            Feature = feature,
            DisplayName = result.DisplayName ?? result.TestCase.DisplayName,
            Passed = result.Outcome == TestOutcome.Passed,
            Message = Shortened(result.ErrorMessage),
            Milliseconds = result.Duration.TotalMilliseconds,
            Scenario = _records.Of(StandardOutputOf(result), feature),
        });
    }

    public PassRecord ToRecord(DateTimeOffset ended, bool isCancelled) => new()
    {
        Began = began,
        Seconds = (ended - began).TotalSeconds,
        Build = BuildFingerprint.Of(_assembly),
        Commit = Checkout.CommitOf(root),
        Machine = Machine.Describe(),
        Seed = Environment.GetEnvironmentVariable("TIDAL_SEED") is { Length: > 0 } seed ? seed : null,
        Filter = isCancelled ? filter is null ? RunFilter.Stopped : $"{filter}; {RunFilter.Stopped}" : filter,
        Tests = _tests,
        Definitions = _records.Definitions,
    };

    private static string StandardOutputOf(TestResult result) =>
        string.Concat(result.Messages.Where(message => message.Category == TestResultMessage.StandardOutCategory).Select(message => message.Text));

    private static string? Shortened(string? message) => message is { Length: > MessageCharactersMost } ? message[..MessageCharactersMost] + " …" : message;
}

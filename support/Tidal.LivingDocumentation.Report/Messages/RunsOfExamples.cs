using Tidal.LivingDocumentation.Records;

namespace Tidal.LivingDocumentation.Report.Messages;

/// <summary>The tests of a pass, each given away once to the example that it ran. Not safe for use by several threads.</summary>
internal sealed class RunsOfExamples
{
    private readonly ILookup<string, TestRecord> _unseen;
    private readonly Dictionary<string, Queue<TestRecord>> _seen = [];

    public RunsOfExamples(PassRecord pass)
    {
        _unseen = pass.Tests.Where(test => test.Scenario is null).ToLookup(test => test.Feature);
        foreach (var test in pass.Tests.Where(test => test.Scenario is not null))
        {
            var scenario = test.Scenario!;
            var name = NameOf(scenario.FeatureFolder, scenario.Feature, scenario.Title, scenario.Arguments);
            if (!_seen.TryGetValue(name, out var runs))
                _seen.Add(name, runs = new Queue<TestRecord>());
            runs.Enqueue(test);
        }
        Left = [.. pass.Tests];
    }

    /// <summary>Tests that no example has asked for.</summary>
    public HashSet<TestRecord> Left { get; }

    /// <summary>The test that ran an example; null if none did.</summary>
    public TestRecord? Take(string folder, string feature, CompiledPickle example)
    {
        var test = _seen.TryGetValue(NameOf(folder, feature, example.Title, example.Arguments), out var runs) && runs.TryDequeue(out var run)
            ? run
            : _unseen[feature].FirstOrDefault(candidate => Left.Contains(candidate) && IsNameOf(candidate.DisplayName, example));
        if (test is not null)
            Left.Remove(test);
        return test;
    }

    private static string NameOf(string folder, string feature, string title, IReadOnlyList<NamedValue> arguments) =>
        StableId.Of([folder, feature, title, .. arguments.SelectMany(argument => new[] { argument.Name, argument.Value })]);

    // A runner puts the row's values behind the title, each with a name that it has made of the column's.
    private static bool IsNameOf(string displayName, CompiledPickle example) => example.Arguments.Count == 0
        ? displayName == example.Title
        : displayName.StartsWith(example.Title + "(", StringComparison.Ordinal)
            && example.Arguments.All(argument => displayName.Contains($"\"{argument.Value}\"", StringComparison.Ordinal));
}

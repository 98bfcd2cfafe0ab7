using Tidal.LivingDocumentation.Records;

namespace Tidal.LivingDocumentation.Report.Building;

/// <summary>
/// Finds the test of each example. What hooks put on record tells it for sure; a test whose hooks did not come to the end is known by its
/// name alone. Each test is one example's.
/// </summary>
internal sealed class TestMatcher
{
    // How many letters of a value xunit shows in a test's name.
    private const int LettersShown = 50;

    private readonly Dictionary<ExampleSource, TestRecord> _found = [];
    private readonly Dictionary<string, List<TestRecord>> _left;

    /// <summary>Finds them.</summary>
    public TestMatcher(IReadOnlyList<ExampleSource> examples, PassRecord pass)
    {
        _left = pass.Tests.GroupBy(FeatureOf).ToDictionary(group => group.Key, group => group.ToList());
        foreach (var isOf in new Func<TestRecord, ExampleSource, bool>[] { IsByRecord, IsByName, IsByRowsName })
        {
            foreach (var example in examples.Where(example => !_found.ContainsKey(example)))
                Take(example, isOf);
        }
    }

    /// <summary>Tests of no example of the features: what ran is not what is written.</summary>
    public IEnumerable<TestRecord> Strays => _left.Values.SelectMany(tests => tests);

    /// <summary>The test of an example, or null if it did not run.</summary>
    public TestRecord? Of(ExampleSource example) => _found.GetValueOrDefault(example);

    private void Take(ExampleSource example, Func<TestRecord, ExampleSource, bool> isOf)
    {
        if (!_left.TryGetValue(example.File.Feature.Name, out var tests) || tests.FindIndex(test => isOf(test, example)) is not (>= 0 and var at))
            return;
        _found.Add(example, tests[at]);
        tests.RemoveAt(at);
    }

    private static bool IsByRecord(TestRecord test, ExampleSource example) =>
        test.Scenario is { } scenario
        && scenario.FeatureFolder == example.File.Folder
        && scenario.Title == example.Scenario.Name
        && scenario.Arguments.SequenceEqual(example.Values);

    private static bool IsByName(TestRecord test, ExampleSource example) => test.DisplayName == example.TestName;

    // Reqnroll's rows have more in their names than columns and values, and xunit shortens long values.
    private static bool IsByRowsName(TestRecord test, ExampleSource example)
    {
        if (example.Values.Count == 0 || !test.DisplayName.StartsWith(example.Scenario.Name + "(", StringComparison.Ordinal))
            return false;
        var from = example.Scenario.Name.Length;
        foreach (var value in example.Values)
        {
            var shown = Escaped(value.Value);
            var what = shown.Length <= LettersShown ? $": \"{shown}\"" : $": \"{shown[..LettersShown]}";
            var at = test.DisplayName.IndexOf(what, from, StringComparison.Ordinal);
            if (at < 0)
                return false;
            from = at + what.Length;
        }
        return true;
    }

    private static string Escaped(string value) => value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);

    private static string FeatureOf(TestRecord test) => test.Scenario?.Feature ?? test.Feature;
}

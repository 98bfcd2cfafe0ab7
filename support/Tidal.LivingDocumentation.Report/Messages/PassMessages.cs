using Tidal.LivingDocumentation.Records;
using Tidal.LivingDocumentation.Report.Building;
using Tidal.LivingDocumentation.Report.Features;
using Tidal.LivingDocumentation.Report.Messages.Protocol;

namespace Tidal.LivingDocumentation.Report.Messages;

/// <summary>
/// A pass through the features: its documents, and its tests in the order in which they began. Readers show one test of an example, so
/// each pass has documents of its own: those of the second pass are named for it, and hold only features that it ran. Immutable.
/// </summary>
internal sealed class PassMessages
{
    private readonly List<Envelope> _documents = [];
    private readonly List<TestMessages> _tests = [];
    private readonly PassRecord _pass;

    /// <param name="features">All features.</param>
    /// <param name="pass">The pass.</param>
    /// <param name="name">What the pass is called behind a feature's path; empty for the first.</param>
    /// <param name="worker">The process that ran it.</param>
    /// <param name="definitions">The step definitions.</param>
    public PassMessages(IReadOnlyList<FeatureFile> features, PassRecord pass, string name, string worker, Definitions definitions)
    {
        _pass = pass;
        var examples = features.ToDictionary(feature => feature, ExamplesOf);
        var matcher = new TestMatcher([.. examples.Values.SelectMany(all => all)], pass);
        foreach (var feature in features)
        {
            var document = new DocumentMessages(name.Length == 0 ? feature.Path : $"{feature.Path} ({name})").Of(feature);
            var pickles = PickleCompiler.Compile(document);
            var tests = pickles.Zip(examples[feature], (pickle, example) => (Pickle: pickle, Test: matcher.Of(example))).Where(found => found.Test is not null).ToList();
            if (tests.Count == 0 && name.Length > 0)
                continue;
            _documents.Add(new Envelope { Source = new Source(document.Uri, feature.Text, "text/x.cucumber.gherkin+plain") });
            _documents.Add(new Envelope { GherkinDocument = document });
            _documents.AddRange(pickles.Select(pickle => new Envelope { Pickle = pickle }));
            _tests.AddRange(tests.Select(found => new TestMessages(found.Pickle, found.Test!, pass.Began, worker, definitions)));
        }
        Strays = matcher.Strays.Count();
        _tests = [.. _tests.OrderBy(test => test.Began)];
    }

    /// <summary>Sources, documents and pickles.</summary>
    public IEnumerable<Envelope> Documents => _documents;

    /// <summary>What is to be run.</summary>
    public IEnumerable<Envelope> Cases => _tests.Select(test => new Envelope { TestCase = test.Case });

    /// <summary>How it went.</summary>
    public IEnumerable<Envelope> Runs => _tests.SelectMany(test => test.Run);

    /// <summary>Tests of examples that are in no file.</summary>
    public int Strays { get; }

    /// <summary>Whether every test passed.</summary>
    public bool Success => _pass.Tests.All(test => test.Passed);

    /// <summary>When it ended.</summary>
    public DateTimeOffset Ended => _pass.Began + TimeSpan.FromSeconds(_pass.Seconds);

    // In the order of the pickles: scenarios stand before rules in a file.
    private static IReadOnlyList<ExampleSource> ExamplesOf(FeatureFile feature) =>
        [.. FeatureBuilder.ScenariosOf(feature.Feature).SelectMany(scenario => ExampleSource.Of(feature, scenario))];
}

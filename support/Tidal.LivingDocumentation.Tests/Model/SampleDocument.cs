using Tidal.LivingDocumentation.Records;
using Tidal.LivingDocumentation.Report.Building;
using Tidal.LivingDocumentation.Report.Features;
using Tidal.LivingDocumentation.Report.Model;

namespace Tidal.LivingDocumentation.Tests.Model;

/// <summary>
/// A document of the product's own features with a made-up run: every example ran, in both passes where it shows an acceptance step, some failed
/// in the ways that there are, some did not run; and a feature whose texts mean harm.
/// </summary>
internal static class SampleDocument
{
    /// <summary>When the made-up run began.</summary>
    public static readonly DateTimeOffset Began = new(2026, 11, 23, 4, 0, 0, TimeSpan.Zero);

    /// <summary>What is written: the product's own, and the feature that means harm.</summary>
    public static ReportSources Sources
    {
        get
        {
            var sources = ReportSources.Read(RecordFiles.Root);
            return sources with { Features = [.. sources.Features, FeatureReader.Read("features/hostile/hostile.feature", "hostile", HostileTexts.Feature)] };
        }
    }

    /// <summary>A run in which everything passed.</summary>
    public static Document Passing => Build(failing: false);

    /// <summary>A run in which some examples failed and some did not run.</summary>
    public static Document Failing => Build(failing: true);

    /// <summary>The document of the made-up run.</summary>
    public static Document Build(bool failing)
    {
        var (sources, main, second, history) = Run(failing);
        return DocumentBuilder.Build(sources, main, second, history);
    }

    /// <summary>The made-up run: what is written, both passes, and the run before it.</summary>
    public static (ReportSources Sources, PassRecord Main, PassRecord Second, RunHistory History) Run(bool failing)
    {
        var sources = Sources;
        var before = DocumentBuilder.Build(sources, Pass(sources, false, failing ? Began.AddDays(-1) : Began, _ => true, "virtual time"), null, RunHistory.Empty);
        var main = Pass(sources, failing, failing ? Began : Began.AddDays(1), _ => true, "virtual time");
        var second = Pass(sources, failing, Began.AddDays(1).AddMinutes(1), tags => tags.Contains("@uat"), "real time");
        return (sources, main, second, RunHistory.Empty.With(before));
    }

    private static PassRecord Pass(ReportSources sources, bool failing, DateTimeOffset began, Func<IReadOnlyList<string>, bool> runs, string substrate)
    {
        var tests = new List<TestRecord>();
        var number = 0;
        foreach (var file in sources.Features)
        {
            foreach (var scenario in FeatureBuilder.ScenariosOf(file.Feature).Where(scenario => runs([.. file.Feature.Tags.Concat(scenario.Tags).Select(tag => tag.Name)])))
                tests.AddRange(ExampleSource.Of(file, scenario).Select(example => new MadeUpTest(example, number++, substrate, began)).Where(test => !failing || test.Runs)
                    .Select(test => test.Record(failing)));
        }
        return new PassRecord
        {
            Began = began,
            Seconds = 61.5,
            Build = "a build",
            Commit = "513bb74+",
            Machine = "AMD EPYC, 2 cores, 23 GiB, Debian 12, .NET 10.0.12",
            Tests = tests,
            Definitions = [new("Given", "a cluster of {regions} with {int} shards and {int} replicas each", "ClusterSteps.GivenCluster"), new("When", "nobody says \"this\" <b>", "ClusterSteps.Nobody")],
        };
    }
}

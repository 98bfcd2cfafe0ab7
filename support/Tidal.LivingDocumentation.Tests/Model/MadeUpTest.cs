using Tidal.LivingDocumentation.Records;
using Tidal.LivingDocumentation.Report.Building;

namespace Tidal.LivingDocumentation.Tests.Model;

/// <summary>A test that never ran, with a record as hooks would write it. Its number decides how it ends.</summary>
internal sealed class MadeUpTest(ExampleSource example, int number, string substrate, DateTimeOffset began)
{
    private string[] Steps => [.. Background.Concat(example.Scenario.Steps).Select(step => example.Fill(step.Text))];

    private IEnumerable<Gherkin.Ast.Step> Background => example.File.Feature.Children.Concat(Rule?.Children ?? [])
        .OfType<Gherkin.Ast.Background>().SelectMany(background => background.Steps);

    private Gherkin.Ast.Rule? Rule => example.File.Feature.Children.OfType<Gherkin.Ast.Rule>().FirstOrDefault(rule => rule.Children.Contains(example.Scenario));

    /// <summary>Whether it runs, if some do not.</summary>
    public bool Runs => number % 41 != 40;

    /// <summary>How it ended: every 23rd fails if some are to.</summary>
    public TestRecord Record(bool failing)
    {
        var fails = failing && number % 23 == 2;
        // Of those that fail: a step, an audit at the end, a test whose hooks wrote nothing.
        var kind = fails ? number / 23 % 3 : -1;
        var message = $"Expected the count of \"song\" to be 50, but it was 49.\n  replica 1 of us-east/2, index {number}, <none> & nobody";
        return new TestRecord
        {
            Feature = example.File.Feature.Name,
            DisplayName = example.TestName,
            Passed = !fails,
            Message = fails ? "Xunit.Sdk.XunitException : " + message : null,
            Milliseconds = 20 + number % 7 * 130,
            Scenario = kind == 2 ? null : Scenario(kind, message),
        };
    }

    private ScenarioRecord Scenario(int kind, string message) => new()
    {
        FeatureFolder = example.File.Folder,
        Feature = example.File.Feature.Name,
        Title = example.Scenario.Name,
        Arguments = example.Values,
        Substrate = substrate,
        Runtime = "Reqnroll 3.3.3",
        Began = began.AddSeconds(number),
        Milliseconds = 20 + number % 7 * 130 + (kind == 1 ? 4000 : 0),
        Seed = 700_000 + (ulong)number,
        Replay = $"TIDAL_SEED={700_000 + number} dotnet test --filter \"DisplayName~{example.Scenario.Name}\"",
        Steps = kind == 0
            ? [.. Steps[..^1].Select(Step), Step(Steps[^1]) with { Error = message }]
            : [.. Steps.Select(Step)],
        Error = kind >= 0 ? message : null,
        Evidence = Evidence(),
        Figures = kind >= 0 ? [] : Figures(),
    };

    private static StepRecord Step(string text) => new(text, text.Length / 3.0, "ClusterSteps.GivenCluster");

    private List<Figure> Figures()
    {
        string[] tags = [.. example.Scenario.Tags.Select(tag => tag.Name)];
        List<Figure> figures =
        [
            new(FigureKeys.Accepted, "writes accepted", 1_300 + number), new(FigureKeys.Lost, "writes lost", 0, "", Comparison.Exactly),
            new(FigureKeys.CountedTwice, "writes counted twice", 0, "", Comparison.Exactly), new(FigureKeys.Leaks, "hidden items shown", 0, "", Comparison.Exactly),
            new(FigureKeys.ScoreError, "largest error of a score", 3e-13, "", Comparison.Below, 0.000001),
            new(FigureKeys.TruthDifferences, "differences", 0, "", Comparison.Exactly), new(FigureKeys.Violations, "violations", 0, "", Comparison.Exactly),
        ];
        if (tags.Contains("@uat-step-1"))
            figures.AddRange([new(FigureKeys.Lag, "lag", 0.412, "s", Comparison.Below, 2), new(FigureKeys.OwnLag, "own lag", 12.5, "ms", Comparison.Below, 100)]);
        if (tags.Contains("@uat-step-2"))
            figures.Add(new(FigureKeys.Failover, "failover", 0.87, "s", Comparison.Below, 10));
        if (tags.Contains("@uat-step-3"))
            figures.AddRange([new(FigureKeys.DegradedAnswers, "degraded answers", 3), new(FigureKeys.ItemsOfCutOff, "items of the cut off", 0, "", Comparison.Exactly)]);
        if (tags.Contains("@uat-step-5"))
            figures.AddRange([new(FigureKeys.ShortAnswers, "short answers", 0, "", Comparison.Exactly), new(FigureKeys.BytesLeft, "bytes left", 0, "", Comparison.Exactly)]);
        if (tags.Contains("@journey"))
            figures.Add(new(FigureKeys.Rate, "signals a second", 25_114, "", Comparison.AtLeast, 25_000));
        return figures;
    }

    private IReadOnlyList<Evidence> Evidence() => (number % 4) switch
    {
        0 => [new Picture("What happened", "Three lanes; the primary of us-east crashes at 1.2 s and replica 1 is promoted at 1.9 s.", "timeline", Timeline,
            [new("1.200 s", "us-east/2", "the primary crashes"), new("1.900 s", "us-east/2", "replica 1 is the primary, in epoch 2")])],
        1 => [new Table("Counts and scores", "Before and after the heal.", ["region", "item", "before", "after"],
            [["us-east", "song", "8", "14"], ["eu-west", "song", "4", "14"], ["ap-south", HostileTexts.Word, "2", "14"]])],
        2 => [new PlainText("Last in the cluster", "What happened last, line by line.", $"00:00:01.200 us-east/2 crash\n00:00:01.900 us-east/2 <promoted> & {HostileTexts.Word}")],
        _ => [],
    };

    private const string Timeline =
        """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 600 60" role="img"><rect class="f" x="80" y="10" width="510" height="12"/><rect class="g" x="80" y="10" width="200" height="12"/><rect class="b" data-e="0" tabindex="0" x="280" y="8" width="4" height="16"/><rect class="e" data-e="1" tabindex="0" x="350" y="8" width="4" height="16"/><text class="t" x="0" y="20">us-east/2</text></svg>""";
}

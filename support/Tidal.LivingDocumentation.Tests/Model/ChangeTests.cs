using Tidal.LivingDocumentation.Records;
using Tidal.LivingDocumentation.Report.Building;
using Tidal.LivingDocumentation.Report.Model;

namespace Tidal.LivingDocumentation.Tests.Model;

/// <summary>What changed since the last whole run.</summary>
public sealed class ChangeTests
{
    [Fact]
    public void The_first_run_has_nothing_to_compare_with() => Build(RunHistory.Empty, 0, Ran("A")).Changes.Should().BeNull();

    [Fact]
    public void What_broke_was_mended_was_added_or_removed_is_told()
    {
        var before = History(Ran("A"), Ran("B"), Broken("C"), Broken("D"), Ran("Gone"));

        var changes = Build(before, 1, Ran("A"), Broken("B"), Ran("C"), Broken("D"), Ran("New"), Broken("Newly broken")).Changes!;

        changes.Broken.Should().Equal("feature-0--b--example");
        changes.Mended.Should().Equal("feature-0--c--example");
        changes.Added.Should().Equal("feature-0--new--example", "feature-0--newly-broken--example");
        changes.Removed.Should().Equal(new NamedValue("F", "Gone"));
        (changes.Since, changes.Commit).Should().Be((Small.Began, "abc"));
    }

    [Theory]
    [InlineData(100, 601, true)]
    [InlineData(100, 600, false)]
    [InlineData(600, 1201, true)]
    [InlineData(600, 1200, false)]
    public void Slower_is_twice_as_long_and_half_a_second_more(double was, double now, bool slower)
    {
        var changes = Build(History(Ran("A", was)), 1, Ran("A", now)).Changes!;

        changes.Slower.Should().HaveCount(slower ? 1 : 0);
        if (slower)
            changes.Slower[0].Should().Be(("feature-0--a--example", was, now));
    }

    [Fact]
    public void A_filtered_run_is_not_compared()
    {
        var sources = Small.Sources("Feature: F\n  Scenario: A\n    Then t\n");

        var later = Small.Pass(Small.Passed("A")) with { Began = Small.Began.AddMinutes(1) };

        DocumentBuilder.Build(sources, later with { Filter = "x" }, null, History(Ran("A"))).Changes.Should().BeNull();
        DocumentBuilder.Build(sources, later, null, History(Ran("A"))).Changes.Should().NotBeNull();
    }

    [Fact]
    public void The_last_20_runs_are_kept_the_newest_first()
    {
        var history = RunHistory.Empty;
        for (var run = 0; run < 30; run++)
            history = history.With(Build(history, run, Ran("A"), Broken("B")));

        history.Runs.Should().HaveCount(20);
        history.Runs[0].Should().Be(new EarlierRun(Small.Began.AddMinutes(29), "abc", 1, 1, 0, 10));
        history.Runs[^1].Began.Should().Be(Small.Began.AddMinutes(10));
    }

    [Fact]
    public void A_run_that_is_told_once_more_is_compared_with_the_one_before_it()
    {
        var history = History(Ran("A"));
        var first = Build(history, 1, Ran("A"));
        history = history.With(first);

        var again = Build(history, 1, Broken("A"));

        again.Changes!.Broken.Should().ContainSingle();
        again.Changes.Since.Should().Be(Small.Began);
        history.With(again).Runs.Select(run => run.Failed).Should().Equal([1, 0], "it takes its own place");
        history.With(again).Before!.Began.Should().Be(Small.Began);
    }

    [Fact]
    public void It_tells_of_the_earlier_runs_with_its_own() =>
        Build(History(Ran("A")), 1, Ran("A")).Changes!.Earlier.Select(run => run.Began).Should().Equal(Small.Began.AddMinutes(1), Small.Began);

    private static (string Title, bool Passed, double Milliseconds) Ran(string title, double milliseconds = 5) => (title, true, milliseconds);

    private static (string Title, bool Passed, double Milliseconds) Broken(string title) => (title, false, 5);

    private static RunHistory History(params (string Title, bool Passed, double Milliseconds)[] tests) => RunHistory.Empty.With(Build(RunHistory.Empty, 0, tests));

    private static Document Build(RunHistory history, int minutes, params (string Title, bool Passed, double Milliseconds)[] tests)
    {
        var text = "Feature: F\n" + string.Concat(tests.Select(test => $"  Scenario: {test.Title}\n    Then t\n"));
        var records = tests.Select(test => Small.Passed(test.Title) with { Passed = test.Passed, Milliseconds = test.Milliseconds });
        return DocumentBuilder.Build(Small.Sources(text), Small.Pass([.. records]) with { Began = Small.Began.AddMinutes(minutes) }, null, history);
    }
}

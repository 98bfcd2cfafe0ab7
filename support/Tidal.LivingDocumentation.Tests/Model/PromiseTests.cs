using Tidal.LivingDocumentation.Records;
using Tidal.LivingDocumentation.Report.Building;
using Tidal.LivingDocumentation.Report.Model;

namespace Tidal.LivingDocumentation.Tests.Model;

/// <summary>Which promises were kept, and by what figures.</summary>
public sealed class PromiseTests
{
    private const string Feature = """
        Feature: F
          @uat-step-1
          Scenario: S
            Then t
          @uat-step-1
          Scenario: T
            Then t
          Scenario: Another
            Then t
        """;

    private static readonly Figure OwnLag = new(FigureKeys.OwnLag, "", 12, "ms");

    [Fact]
    public void The_worst_figure_of_its_scenarios_is_held_against_the_limit()
    {
        var promise = Step1(Small.Measured("S", Lag(0.4), OwnLag), Small.Measured("T", Lag(1.5)), Small.Measured("Another", Lag(9)));

        promise.Outcome.Should().Be(Outcome.Passed);
        promise.Figures.Select(figure => (figure.Key, figure.Value, figure.Limit)).Should().Equal((FigureKeys.Lag, 1.5, 2), (FigureKeys.OwnLag, 12, 100));
        promise.Headline.Should().Be("99 of 100 signals within 1.5 s, 12 ms of it by our own code");
        (promise.Passed, promise.Of).Should().Be((2, 2));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(double.NaN)]
    public void A_figure_over_its_limit_breaks_it_though_every_example_passed(double lag) =>
        Step1(Small.Measured("S", Lag(0.4), OwnLag), Small.Measured("T", Lag(lag))).Outcome.Should().Be(Outcome.Failed);

    [Fact]
    public void A_limit_is_that_of_the_promise_whatever_a_scenario_says() =>
        Step1(Small.Measured("S", Lag(3) with { Comparison = Comparison.Below, Limit = 10 }, OwnLag)).Outcome.Should().Be(Outcome.Failed);

    [Fact]
    public void A_failed_example_breaks_it_though_every_figure_is_kept() =>
        Step1(Small.Measured("S", Lag(0.4), OwnLag), Small.Failed("T", "no")).Outcome.Should().Be(Outcome.Failed);

    [Fact]
    public void Without_an_example_that_ran_it_is_not_shown()
    {
        var promise = Step1(Small.Measured("Another", Lag(0.4), OwnLag));

        (promise.Outcome, promise.Passed, promise.Of).Should().Be((Outcome.NotRun, 0, 2));
        promise.NotShown.Should().NotBeEmpty();
    }

    [Fact]
    public void Without_its_headline_figure_it_is_not_shown_and_says_what_is_missing()
    {
        var promise = Step1(Small.Measured("S", Lag(0.4)));

        promise.Outcome.Should().Be(Outcome.NotRun);
        promise.NotShown.Should().Equal("of it by our own code");
        promise.Headline.Should().BeEmpty();
    }

    [Fact]
    public void Both_passes_show_it()
    {
        var second = Small.Pass(Small.Measured("S", Lag(1.9)));

        var promise = DocumentBuilder.Build(Small.Sources(Feature), Small.Pass(Small.Measured("S", Lag(0.1), OwnLag), Small.Measured("T")), second, RunHistory.Empty).Steps[0];

        (promise.Passed, promise.Of, promise.Figures[0].Value).Should().Be((3, 3, 1.9));
    }

    [Fact]
    public void Every_scenario_shows_an_invariant_and_they_add_up()
    {
        var promise = Lost(Measured("S", 0, 400_000), Measured("T", 0, 12_000), Measured("Another", 0, 345));

        (promise.Outcome, promise.Headline, promise.Tag, promise.Passed, promise.Of).Should().Be((Outcome.Passed, "0 of 412,345 signals lost", null, 3, 3));
    }

    [Fact]
    public void One_lost_signal_in_one_scenario_breaks_an_invariant() => Lost(Measured("S", 0, 10), Measured("T", 1, 10)).Outcome.Should().Be(Outcome.Failed);

    [Fact]
    public void A_failed_example_that_told_its_figures_leaves_an_invariant_to_them() =>
        Lost(Measured("S", 0, 10), Measured("T", 0, 10) with { Passed = false }).Outcome.Should().Be(Outcome.Passed);

    [Fact]
    public void A_failed_example_that_told_none_leaves_an_invariant_not_shown()
    {
        var promise = Lost(Measured("S", 0, 10), Small.Failed("T", "no"));

        promise.Outcome.Should().Be(Outcome.NotRun);
        promise.NotShown.Should().Equal("an example failed before it could be told");
    }

    [Fact]
    public void A_rate_is_the_lowest_of_all() =>
        Small.Build(Feature, Small.Measured("S", Rate(30_000)), Small.Measured("T", Rate(24_999))).Invariants.Single(promise => promise.Id == "rate").Should()
            .Match<Promise>(promise => promise.Outcome == Outcome.Failed && promise.Headline == "24,999 signals a second");

    [Theory]
    [InlineData(0, "0")]
    [InlineData(1.887e-11, "0.000000000019")]
    [InlineData(0.25, "0.25")]
    [InlineData(1234567.8, "1,234,568")]
    [InlineData(double.NaN, "no number")]
    public void A_figure_is_written_as_people_write_it(double value, string shown) =>
        Small.Build(Feature, Small.Measured("S", new Figure(FigureKeys.ScoreError, "", value))).Invariants.Single(promise => promise.Id == "scores-are-right").Headline
            .Should().Be($"off by {shown} at most");

    [Fact]
    public void Answers_that_say_what_they_lack_add_up_and_one_is_enough()
    {
        const string text = "Feature: F\n  @uat-step-3\n  Scenario: S\n    Then t\n  @uat-step-3\n  Scenario: T\n    Then t";
        Figure[] figures = [new(FigureKeys.DegradedAnswers, "", 0), new(FigureKeys.ItemsOfCutOff, "", 0)];

        var document = Small.Build(text, Small.Measured("S", figures), Small.Measured("T", figures[0] with { Value = 1 }));

        document.Steps[2].Outcome.Should().Be(Outcome.Passed);
        Small.Build(text, Small.Measured("S", figures)).Steps[2].Outcome.Should().Be(Outcome.Failed);
    }

    [Fact]
    public void A_run_is_fit_if_everything_ran_and_every_promise_was_kept()
    {
        SampleDocument.Passing.IsFit.Should().BeTrue();
        (SampleDocument.Passing with { Run = SampleDocument.Passing.Run with { Filter = "Category=uat" } }).IsFit.Should().BeFalse();
        (SampleDocument.Passing with { Strays = [new("F", "Gone")] }).IsFit.Should().BeFalse("what ran is not what is written");
        Small.Build(Feature, Small.Measured("S"), Small.Measured("T"), Small.Measured("Another")).IsFit.Should().BeFalse("no figure was told");
    }

    private static Promise Step1(params TestRecord[] tests) => Small.Build(Feature, tests).Steps[0];

    private static Promise Lost(params TestRecord[] tests) => Small.Build(Feature, tests).Invariants[0];

    private static Figure Lag(double seconds) => new(FigureKeys.Lag, "", seconds, "s");

    private static Figure Rate(double perSecond) => new(FigureKeys.Rate, "", perSecond);

    private static TestRecord Measured(string title, double lost, double accepted) =>
        Small.Measured(title, new Figure(FigureKeys.Lost, "", lost), new Figure(FigureKeys.Accepted, "", accepted));
}

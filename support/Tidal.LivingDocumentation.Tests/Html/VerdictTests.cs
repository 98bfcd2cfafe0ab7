using Tidal.LivingDocumentation.Records;
using Tidal.LivingDocumentation.Report.Html;
using Tidal.LivingDocumentation.Report.Model;
using Tidal.LivingDocumentation.Tests.Model;

namespace Tidal.LivingDocumentation.Tests.Html;

public sealed class VerdictTests
{
    private static readonly Document Passing = SampleDocument.Passing;

    [Fact]
    public void A_run_that_kept_everything_is_fit() => Verdict.Of(Passing).Line.Should().Be("Fit to ship");

    [Fact]
    public void A_filtered_run_tells_nothing_even_if_all_of_it_passed()
    {
        var verdict = Verdict.Of(Passing with { Run = Passing.Run with { Filter = "Category=uat" } });

        verdict.Line.Should().Be("Not told: this run was filtered");
        verdict.Outcome.Should().Be(Outcome.NotRun);
    }

    [Fact]
    public void Broken_steps_weigh_most()
    {
        var verdict = Verdict.Of(Passing with { Steps = [Passing.Steps[0] with { Outcome = Outcome.Failed }, .. Passing.Steps.Skip(1)], Invariants = [Passing.Invariants[0] with { Outcome = Outcome.Failed }] });

        verdict.Line.Should().Be("Not fit to ship: 1 of 5 steps is broken");
        verdict.Outcome.Should().Be(Outcome.Failed);
        verdict.Reason.Should().StartWith("1 of 1 invariant is broken. ");
    }

    [Fact]
    public void A_promise_that_nobody_showed_is_not_kept()
    {
        var verdict = Verdict.Of(Passing with { Steps = [Passing.Steps[0] with { Outcome = Outcome.NotRun }, .. Passing.Steps.Skip(1)] });

        verdict.Line.Should().Be("Not told: not everything was shown");
        verdict.Reason.Should().Contain(Passing.Steps[0].Title);
    }

    [Fact]
    public void What_ran_and_is_written_nowhere_makes_it_unfit() =>
        Verdict.Of(Passing with { Strays = [new NamedValue("A feature", "A test")] }).Line.Should().Be("Not fit to ship: 1 test ran and is in no feature file");

    [Fact]
    public void The_page_says_it_first()
    {
        Rendered.Passing.Texts("h1").Should().Equal("Fit to ship");
        Rendered.Failing.Texts("h1").Single().Should().StartWith("Not fit to ship");
        Rendered.Failing.Page.Title.Should().StartWith("Tidal: Not fit to ship");
    }
}

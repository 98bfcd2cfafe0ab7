using Tidal.LivingDocumentation.Records;
using Tidal.LivingDocumentation.Report.Building;
using Tidal.LivingDocumentation.Report.Model;

namespace Tidal.LivingDocumentation.Tests.Model;

/// <summary>What came of an example and its steps.</summary>
public sealed class RunTests
{
    private const string Feature = "Feature: F\n  Background:\n    Given a\n  Scenario: S\n    When b\n    And c\n    Then d";

    [Fact]
    public void Steps_are_those_of_the_background_and_its_own_in_order()
    {
        var run = Run(Small.Passed("S", Small.Scenario("S", Steps("a", "b", "c", "d"))));

        run.Steps.Should().Equal(Steps("a", "b", "c", "d").Select(step => new StepRun(Outcome.Passed, 1, null, step.Definition)));
        (run.Outcome, run.Milliseconds, run.Message, run.Seed, run.Replay).Should().Be((Outcome.Passed, 7, null, 42UL, "dotnet test"));
    }

    [Fact]
    public void What_comes_after_a_failure_did_not_run()
    {
        var run = Run(Small.Failed("S", "what xunit says", Small.Scenario("S", Small.Step("a"), Small.Step("b", "broken")) with { Error = "broken" }));

        Outcomes(run).Should().Equal(Outcome.Passed, Outcome.Failed, Outcome.NotRun, Outcome.NotRun);
        (run.Steps[1].Message, run.Message).Should().Be(("broken", "broken"));
    }

    [Theory]
    [InlineData("No matching step definition found for one or more steps.")]
    [InlineData(null)]
    public void A_step_that_hooks_do_not_see_is_the_first_that_was_not_begun(string? error)
    {
        var run = Run(Small.Failed("S", "no definition", Small.Scenario("S", Steps("a", "b")) with { Error = error }));

        Outcomes(run).Should().Equal(Outcome.Passed, Outcome.Passed, Outcome.Failed, Outcome.NotRun);
        run.Steps[2].Message.Should().Be(error ?? "no definition");
    }

    [Fact]
    public void The_first_step_of_all_may_be_one_without_a_definition() =>
        Outcomes(Run(Small.Failed("S", "No matching step definition found for the step", Small.Scenario("S"))))
            .Should().Equal(Outcome.Failed, Outcome.NotRun, Outcome.NotRun, Outcome.NotRun);

    [Fact]
    public void What_fails_before_the_first_step_is_no_step_s_failure() =>
        Outcomes(Run(Small.Failed("S", "TIDAL_SEED is no number", Small.Scenario("S") with { Error = "TIDAL_SEED is no number" }))).Should().AllBeEquivalentTo(Outcome.NotRun);

    [Fact]
    public void What_the_audit_finds_is_no_step_s_failure()
    {
        var run = Run(Small.Failed("S", "1 lost", Small.Scenario("S", Steps("a", "b", "c", "d")) with { Error = "1 lost" }));

        Outcomes(run).Should().AllBeEquivalentTo(Outcome.Passed);
        (run.Outcome, run.Message).Should().Be((Outcome.Failed, "1 lost"));
    }

    [Fact]
    public void The_runner_has_the_last_word_when_hooks_saw_no_failure()
    {
        var run = Run(Small.Failed("S", "it timed out", Small.Scenario("S", Steps("a", "b", "c", "d"))));

        (run.Outcome, run.Message).Should().Be((Outcome.Failed, "it timed out"));
    }

    [Fact]
    public void The_runner_has_the_last_word_when_hooks_saw_one()
    {
        var run = Run(Small.Passed("S", Small.Scenario("S", Small.Step("a", "broken")) with { Error = "broken" }));

        (run.Outcome, run.Message).Should().Be((Outcome.Passed, null));
        Outcomes(run).Should().AllBeEquivalentTo(Outcome.Passed);
    }

    [Fact]
    public void A_test_without_a_record_has_an_outcome_all_the_same()
    {
        var run = Run(Small.Failed("S", "the host died"));

        (run.Outcome, run.Message, run.Milliseconds, run.Seed).Should().Be((Outcome.Failed, "the host died", 5, null));
        Outcomes(run).Should().AllBeEquivalentTo(Outcome.NotRun).And.HaveCount(4);
    }

    [Fact]
    public void A_failure_that_says_nothing_is_said_to() => Run(Small.Passed("S") with { Passed = false }).Message.Should().NotBeNullOrEmpty();

    [Fact]
    public void More_steps_on_record_than_are_written_do_no_harm() =>
        Run(Small.Passed("S", Small.Scenario("S", Steps("a", "b", "c", "d", "e")))).Steps.Should().HaveCount(4);

    [Fact]
    public void The_second_pass_of_the_same_build_is_a_second_run()
    {
        var second = Small.Pass(Small.Failed("S", "no")) with { Began = Small.Began.AddMinutes(1) };

        var document = DocumentBuilder.Build(Small.Sources(Feature), Small.Pass(Small.Passed("S")), second, RunHistory.Empty);

        document.Examples.Single().Runs.Select(run => (run.Outcome, run.Substrate)).Should().Equal((Outcome.Passed, "virtual time"), (Outcome.Failed, "real time"));
        document.Examples.Single().Outcome.Should().Be(Outcome.Failed);
        document.Run.SecondPassBegan.Should().Be(Small.Began.AddMinutes(1));
    }

    [Theory]
    [InlineData("another build", "a build")]
    [InlineData("", "")]
    public void A_second_pass_of_another_build_or_of_who_knows_which_is_left_out(string build, string main)
    {
        var document = DocumentBuilder.Build(
            Small.Sources(Feature), Small.Pass(Small.Passed("S")) with { Build = main }, Small.Pass(Small.Failed("S", "no")) with { Build = build }, RunHistory.Empty);

        document.Examples.Single().Runs.Should().ContainSingle();
        document.Run.SecondPassBegan.Should().BeNull();
    }

    [Fact]
    public void The_facts_of_the_run_say_what_did_not_run()
    {
        var run = Small.Build("Feature: F\n  Scenario: S\n    Then t\n  Scenario: T\n    Then t", Small.Passed("S", Small.Scenario("S"))).Run;

        (run.NotRun, run.Runtime, run.Commit, run.Machine, run.Seconds, run.Began).Should().Be((1, "Reqnroll 3.3.3", "abc", "a machine", 10, Small.Began));
    }

    private static ExampleRun Run(TestRecord test) => Small.Build(Feature, test).Run();

    private static IEnumerable<Outcome> Outcomes(ExampleRun run) => run.Steps.Select(step => step.Outcome);

    private static StepRecord[] Steps(params string[] texts) => [.. texts.Select(text => Small.Step(text))];
}

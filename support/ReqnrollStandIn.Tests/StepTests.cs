using Tidal.ReqnrollStandIn.Running;

namespace Tidal.ReqnrollStandIn.Tests;

/// <summary>How a step finds its definition and how the scenario ends where it does not.</summary>
public sealed class StepTests
{
    [Fact]
    public async Task And_But_and_the_star_take_the_keyword_before_them()
    {
        var result = await RunOneAsync(
            """
            Given a state
            And another state
            * a third state
            When it happens
            But it happens not
            Then it held
            """);
        result.Error.Should().BeNull();
    }

    [Theory]
    [InlineData("When a state")]
    [InlineData("Then a state")]
    [InlineData("When it happens\n    And a state")]
    public async Task Keywords_are_strict(string steps) =>
        (await RunOneAsync(steps)).Error.Should().BeOfType<MissingStepDefinitionException>();

    [Theory]
    [InlineData("Given any keyword")]
    [InlineData("When any keyword")]
    [InlineData("Then any keyword")]
    [InlineData("* any keyword")]
    public async Task A_step_definition_answers_to_every_keyword(string step) => (await RunOneAsync(step)).Error.Should().BeNull();

    [Fact]
    public async Task An_undefined_step_fails_with_its_text_and_a_snippet()
    {
        var result = await RunOneAsync("Given 3 things in \"here\"\n    Then it held");
        result.Error.Should().BeOfType<MissingStepDefinitionException>().Which.Message
            .Should().Contain("'Given 3 things in \"here\"'").And.Contain("[Given(\"{int} things in {string}\")]")
            .And.Contain("(int p0, string p1)");
        result.Output.Should().Contain("-> undefined").And.Contain("-> skipped because of previous errors");
    }

    [Fact]
    public async Task A_pending_step_fails()
    {
        var result = await RunOneAsync("Given a pending step");
        result.Error.Should().BeOfType<PendingStepException>();
        result.Output.Should().Contain("-> pending");
    }

    [Fact]
    public async Task An_ambiguous_step_fails_and_names_the_definitions()
    {
        var result = await RunOneAsync("Given 5 ambiguities");
        result.Error.Should().BeOfType<BindingException>().Which.Message.Should().Contain("AmbiguousNumber").And.Contain("AmbiguousWord");
    }

    [Theory]
    [InlineData("Given no parameter for 5")]
    [InlineData("Given a number five")]
    public async Task Parameters_that_do_not_fit_fail_the_scenario(string step) =>
        (await RunOneAsync(step)).Error.Should().BeOfType<BindingException>();

    [Fact]
    public async Task Of_several_errors_the_gravest_is_told()
    {
        var result = await RunOneAsync("Given a pending step\n    And nobody knows\n    Given a state");
        result.Error.Should().BeOfType<MissingStepDefinitionException>();
    }

    [Fact]
    public async Task A_failing_step_shows_each_step_with_its_outcome()
    {
        var result = await RunOneAsync("Given a state\n    When it breaks\n    Then it held");
        result.Error.Should().BeOfType<InvalidOperationException>();
        result.Output.ReplaceLineEndings("\n").Should().MatchRegex(
            @"(?s)Given a state\n-> done: Steps\.State\(\) \(0\.\ds\)\nWhen it breaks\n-> error: broken\nThen it held\n-> skipped because");
    }

    [Theory]
    [InlineData("task")]
    [InlineData("value task")]
    public async Task Asynchronous_steps_are_waited_for(string kind)
    {
        var result = await RunOneAsync($"When it breaks later in a {kind}");
        result.Error.Should().BeOfType<InvalidOperationException>().Which.Message.Should().Be("late");
    }

    private static async Task<ScenarioResult> RunOneAsync(string steps)
    {
        var feature = $"Feature: Steps\n  Scenario: One\n    {steps.ReplaceLineEndings("\n    ")}\n";
        return (await StandInRunner.RunAsync(feature, typeof(Steps))).Single();
    }

    [Binding]
    private sealed class Steps
    {
        [Given("a state"), Given("another state"), Given("a third state")]
        public void State()
        {
        }

        [When("it happens"), When("it happens not")]
        public void Happens()
        {
        }

        [When("it breaks")]
        public void Breaks() => throw new InvalidOperationException("broken");

        [When("it breaks later in a task")]
        public async Task BreaksLater()
        {
            await Task.Yield();
            throw new InvalidOperationException("late");
        }

        [When("it breaks later in a value task")]
        public async ValueTask BreaksLaterStill()
        {
            await Task.Yield();
            throw new InvalidOperationException("late");
        }

        [Then("it held")]
        public void Held()
        {
        }

        [StepDefinition("any keyword")]
        public void Any()
        {
        }

        [Given("a pending step")]
        public void Pending() => throw new PendingStepException();

        [Given("{int} ambiguities")]
        public void AmbiguousNumber(int number) => Journal.Note($"{number}");

        [Given("{word} ambiguities")]
        public void AmbiguousWord(string word) => Journal.Note(word);

        [Given("no parameter for {int}")]
        public void NoParameter()
        {
        }

        [Given("a number {word}")]
        public void NumberAsWord(int number) => Journal.Note($"{number}");
    }
}

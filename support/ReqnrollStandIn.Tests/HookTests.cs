using Reqnroll.BoDi;
using Tidal.ReqnrollStandIn.Running;

namespace Tidal.ReqnrollStandIn.Tests;

/// <summary>When hooks run, in what order and for whom.</summary>
public sealed class HookTests
{
    [Fact]
    public async Task Hooks_surround_run_feature_scenario_and_step_in_their_order()
    {
        var journal = Journal.Begin();
        await StandInRunner.RunAsync("Feature: F\n  Background:\n    Given a step\n  Scenario: S\n    When a step", typeof(Hooks), typeof(Steps));
        journal.Should().Equal(
            "before run", "before feature F", "before scenario 1", "before scenario 2", "before step a step", "step", "after step OK",
            "before step a step", "step", "after step OK", "after scenario OK", "after feature", "after run");
    }

    [Fact]
    public async Task A_hook_with_tags_runs_where_one_of_them_stands_and_once_only()
    {
        var journal = Journal.Begin();
        await StandInRunner.RunAsync(
            """
            @one
            Feature: F
              Scenario: inherits
              @two
              Scenario: has both
              Scenario Outline: has it from its examples
                @three
                Examples:
                  | a |
                  | 1 |
            """, typeof(TaggedHooks));
        journal.Should().Equal("feature one", "one or two: inherits", "one or two: has both", "one or two: has it from its examples", "three");
    }

    [Fact]
    public async Task After_hooks_run_for_what_failed_and_see_the_error()
    {
        var journal = Journal.Begin();
        var results = await StandInRunner.RunAsync("Feature: F\n  Scenario: S\n    When it breaks\n    When a step", typeof(Hooks), typeof(Steps));
        results.Single().Error!.Message.Should().Be("broken");
        journal.Should().ContainInOrder("after step TestError", "after scenario TestError broken").And.NotContain("step");
    }

    [Fact]
    public async Task A_hook_of_a_step_is_told_the_method_that_the_step_is_bound_to()
    {
        var journal = Journal.Begin();
        await StandInRunner.RunAsync("Feature: F\n  Scenario: S\n    When a step", typeof(BoundHook), typeof(Steps));
        journal.Should().Equal($"Steps.Step of {typeof(Steps).FullName}", "step");
    }

    [Theory]
    [InlineData(typeof(BreakingBeforeScenario), "before scenario", "-> skipped")]
    [InlineData(typeof(BreakingBeforeStep), "before step", "-> error: before step")]
    [InlineData(typeof(BreakingAfterStep), "after step", "-> error: after step")]
    [InlineData(typeof(BreakingAfterScenario), "after scenario", "-> error: after scenario")]
    public async Task A_hook_that_throws_fails_the_scenario(Type hooks, string message, string output)
    {
        var result = (await StandInRunner.RunAsync("Feature: F\n  Scenario: S\n    When a step\n    When a step", hooks, typeof(Steps))).Single();
        result.Error!.Message.Should().Be(message);
        result.Output.Should().Contain(output);
    }

    [Theory]
    [InlineData(typeof(InstanceFeatureHook), "*static*")]
    [InlineData(typeof(TagExpression), "*tag expressions*")]
    [InlineData(typeof(AsyncVoid), "*async void*")]
    public async Task Hooks_that_cannot_work_are_refused(Type hooks, string message)
    {
        var running = () => StandInRunner.RunAsync("Feature: F", hooks);
        await running.Should().ThrowAsync<BindingException>().WithMessage(message);
    }

    [Binding]
    private sealed class Hooks(ScenarioContext scenario)
    {
        [BeforeTestRun]
        public static void BeforeRun() => Journal.Note("before run");

        [AfterTestRun]
        public static async Task AfterRun()
        {
            await Task.Yield();
            Journal.Note("after run");
        }

        [BeforeFeature]
        public static void BeforeFeature(FeatureContext feature) => Journal.Note($"before feature {feature.FeatureInfo.Title}");

        [AfterFeature]
        public static void AfterFeature() => Journal.Note("after feature");

        [BeforeScenario(Order = 2)]
        public void Second() => Journal.Note("before scenario 2");

        [BeforeScenario(Order = 1)]
        public void First() => Journal.Note("before scenario 1");

        [AfterScenario]
        public void AfterScenario() => Journal.Note($"after scenario {scenario.ScenarioExecutionStatus} {scenario.TestError?.Message}".TrimEnd());

        [BeforeStep]
        public void BeforeStep() => Journal.Note($"before step {scenario.StepContext.StepInfo.Text}");

        [AfterStep]
        public void AfterStep(IObjectContainer container) =>
            Journal.Note($"after step {container.Resolve<ScenarioContext>().StepContext.Status}");
    }

    [Binding]
    private sealed class Steps
    {
        [Given("a step"), When("a step")]
        public void Step() => Journal.Note("step");

        [When("it breaks")]
        public void Breaks() => throw new InvalidOperationException("broken");
    }

    [Binding]
    private sealed class TaggedHooks(ScenarioContext scenario)
    {
        [BeforeFeature("one")]
        public static void OneFeature() => Journal.Note("feature one");

        [BeforeFeature("two")]
        public static void TwoFeature() => Journal.Note("feature two");

        [BeforeScenario("@one", "two", Order = 1)]
        public void OneOrTwo() => Journal.Note($"one or two: {scenario.ScenarioInfo.Title}");

        [BeforeScenario("three", Order = 2)]
        public void Three() => Journal.Note("three");
    }

    [Binding]
    private sealed class BoundHook(ScenarioContext scenario)
    {
        [BeforeStep]
        public void BeforeStep()
        {
            var method = scenario.StepContext.StepInfo.BindingMatch.StepBinding.Method;
            Journal.Note($"{method.Type.Name}.{method.Name} of {method.Type.FullName}");
        }
    }

    [Binding]
    private sealed class BreakingBeforeScenario
    {
        [BeforeScenario]
        public void Break() => throw new InvalidOperationException("before scenario");
    }

    [Binding]
    private sealed class BreakingBeforeStep
    {
        [BeforeStep]
        public void Break() => throw new InvalidOperationException("before step");
    }

    [Binding]
    private sealed class BreakingAfterStep
    {
        [AfterStep]
        public void Break() => throw new InvalidOperationException("after step");
    }

    [Binding]
    private sealed class BreakingAfterScenario
    {
        [AfterScenario]
        public void Break() => throw new InvalidOperationException("after scenario");
    }

    [Binding]
    private sealed class InstanceFeatureHook
    {
        [BeforeFeature]
        public void Hook() => Journal.Note("never");
    }

    [Binding]
    private sealed class TagExpression
    {
        [BeforeScenario("@a and not @b")]
        public void Hook() => Journal.Note("never");
    }

    [Binding]
    private sealed class AsyncVoid
    {
        [BeforeScenario]
        public async void Hook() => await Task.Yield();
    }
}

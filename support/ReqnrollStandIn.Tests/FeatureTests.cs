using Tidal.ReqnrollStandIn.Running;

namespace Tidal.ReqnrollStandIn.Tests;

/// <summary>What a feature file becomes: its scenarios, their names and traits; and what is refused.</summary>
public sealed class FeatureTests
{
    [Fact]
    public async Task Backgrounds_of_the_feature_and_of_the_rule_come_first()
    {
        var journal = Journal.Begin();
        await RunAsync(
            """
            Feature: Backgrounds
              Background:
                Given "feature"
              Scenario: Outside
                Given "outside"
              Rule: A rule
                Background:
                  Given "rule"
                Scenario: Inside
                  * "inside"
            """);
        journal.Should().Equal("feature", "outside", "feature", "rule", "inside");
    }

    [Fact]
    public async Task An_outline_runs_once_a_row_of_all_its_examples()
    {
        var journal = Journal.Begin();
        var results = await RunAsync(
            """
            Feature: Outlines
              Background:
                Given "<a> stays"
              Scenario Outline: <a> and more
                Given "<a>, <b> <c>"
                Given the arguments
                  | <a>   |
                  | x <b> |
                Given the text
                  ```
                  <b>
                  ```
                Examples: first
                  | a | b   |
                  | 1 | one |
                Examples: others
                  | a | b   |
                  | 2 | two |
                  | 3 |     |
            """);
        results.Select(result => result.Error).Should().OnlyContain(error => error == null);
        results.Select(result => result.DisplayName).Should().Equal(
            "<a> and more(a: \"1\", b: \"one\")", "<a> and more(a: \"2\", b: \"two\")", "<a> and more(a: \"3\", b: \"\")");
        journal.Take(5).Should().Equal("<a> stays", "1, one <c>", "1 x one; a=1 b=one; <a> and more", "one", "<a> stays");
    }

    [Fact]
    public async Task Tags_of_feature_rule_and_scenario_are_categories_and_those_of_examples_are_not()
    {
        var results = await RunAsync(
            """
            @capability
            Feature: Traits of a test
              @rule
              Rule: A rule
                @uat @slow
                Scenario Outline: The title
                  Given the tags
                  @examples
                  Examples:
                    | a |
                    | 1 |
            """);
        var result = results.Single();
        result.Traits.Select(trait => $"{trait.Key}={trait.Value}").Should().Equal(
            "Category=capability", "Category=rule", "Category=uat", "Category=slow", "FeatureTitle=Traits of a test", "Description=The title");
        result.FullName.Should().Be("Specimen.Specimen.TraitsOfATestFeature.TheTitle");
        result.Output.Should().Contain("uat slow examples | uat slow examples capability rule | A rule");
    }

    [Theory]
    [InlineData("a scenario without a title", "Feature: F\n  Scenario:\n    Given \"x\"")]
    [InlineData("two of one title", "Feature: F\n  Scenario: S\n  Scenario: S")]
    [InlineData("two of one title across rules", "Feature: F\n  Rule: A\n    Scenario: S\n  Rule: B\n    Scenario: S")]
    [InlineData("two of one generated name", "Feature: F\n  Scenario: a b\n  Scenario: A, b")]
    [InlineData("a name that is taken", "Feature: F\n  Scenario: scenario initialize")]
    [InlineData("no feature title", "Feature:\n  Scenario: S")]
    [InlineData("no feature", "# nothing")]
    [InlineData("an outline without examples", "Feature: F\n  Scenario Outline: S\n    Given \"<a>\"")]
    [InlineData("examples without rows", "Feature: F\n  Scenario Outline: S\n    Given \"<a>\"\n    Examples:\n      | a |")]
    [InlineData("examples of other columns", "Feature: F\n  Scenario Outline: S\n    Given \"<a>\"\n    Examples:\n      | a |\n      | 1 |\n    Examples:\n      | b |\n      | 1 |")]
    [InlineData("two columns of one name", "Feature: F\n  Scenario Outline: S\n    Given \"<a>\"\n    Examples:\n      | a | a |\n      | 1 | 2 |")]
    [InlineData("an ignored scenario", "Feature: F\n  @ignore\n  Scenario: S")]
    [InlineData("an ignored feature", "@Ignore\nFeature: F\n  Scenario: S")]
    [InlineData("another language", "# language: de\nFunktionalität: F\n  Szenario: S")]
    [InlineData("what is no Gherkin", "Feature: F\n  Scenario: S\n    Given \"x\"\n    Maybe it works")]
    public async Task What_reqnroll_would_not_build_is_refused(string what, string feature)
    {
        var running = () => RunAsync(feature);
        (await running.Should().ThrowAsync<BindingException>(what)).WithMessage("*specimen/specimen.feature: *");
    }

    [Fact]
    public async Task Two_features_of_one_title_in_a_folder_are_refused_and_keep_all_others_from_running()
    {
        var running = () => StandInRunner.RunAsync([("a/1.feature", "Feature: F"), ("a/2.feature", "Feature: F"), ("b/3.feature", "Feature: G")]);
        (await running.Should().ThrowAsync<BindingException>()).WithMessage("*a/1.feature, a/2.feature*");
        await StandInRunner.RunAsync([("a/1.feature", "Feature: F"), ("b/1.feature", "Feature: F")]);
    }

    [Theory]
    [InlineData("Add two numbers", "AddTwoNumbers")]
    [InlineData("a-b c.d", "A_BC_D")]
    [InlineData("the region's log", "TheRegionsLog")]
    [InlineData("3 regions", "_3Regions")]
    public void Names_are_made_as_reqnroll_makes_them(string title, string name) => Features.Identifier.Of(title).Should().Be(name);

    private static Task<IReadOnlyList<ScenarioResult>> RunAsync(string feature) => StandInRunner.RunAsync(feature, typeof(Steps));

    [Binding]
    private sealed class Steps(ScenarioContext scenario, IReqnrollOutputHelper output)
    {
        [Given("{string}")]
        public void Note(string text) => Journal.Note(text);

        [Given("the arguments")]
        public void Arguments(DataTable table)
        {
            var info = scenario.ScenarioInfo;
            Journal.Note($"{table.Header.Single()} {table.Rows[0][0]}; a={info.Arguments["a"]} b={info.Arguments[1]}; {info.Title}");
        }

        [Given("the text")]
        public void Text(string text) => Journal.Note(text);

        [Given("the tags")]
        public void Tags()
        {
            var info = scenario.ScenarioInfo;
            output.WriteLine($"{string.Join(' ', info.Tags)} | {string.Join(' ', info.CombinedTags)} | {scenario.RuleInfo!.Title}");
        }
    }
}

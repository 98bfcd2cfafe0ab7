using Tidal.LivingDocumentation.Records;
using Tidal.LivingDocumentation.Report.Building;
using Tidal.LivingDocumentation.Report.Features;
using Tidal.LivingDocumentation.Report.Model;

namespace Tidal.LivingDocumentation.Tests.Model;

/// <summary>Which test is which example's.</summary>
public sealed class MatchingTests
{
    private const string Outline = """
        Feature: F
          Scenario Outline: O
            Then <is> and <not so>
            Examples:
              | is  | not so |
              | a   | b      |
              | a b | b"c    |
              | a   | b      |
        """;

    [Fact]
    public void A_scenario_s_test_is_known_by_its_record_whatever_it_is_called() =>
        Small.Build("Feature: F\n  Scenario: S\n    Then t", Small.Passed("something else", Small.Scenario("S"))).Examples.Single().Outcome.Should().Be(Outcome.Passed);

    [Fact]
    public void A_row_s_test_is_known_by_its_values()
    {
        var record = Small.Scenario("O") with { Arguments = [new("is", "a b"), new("not so", "b\"c")] };

        Outcomes(Small.Build(Outline, Small.Passed("O", record))).Should().Equal(Outcome.NotRun, Outcome.Passed, Outcome.NotRun);
    }

    [Fact]
    public void Without_a_record_a_test_is_known_by_its_name() =>
        Outcomes(Small.Build(Outline, Small.Passed("O(is: \"a b\", not so: \"b\"c\")"))).Should().Equal(Outcome.NotRun, Outcome.Passed, Outcome.NotRun);

    [Fact]
    public void Reqnroll_s_name_of_a_row_is_known_too() =>
        Outcomes(Small.Build(Outline, Small.Passed("O(is: \"a b\", notSo: \"b\\\"c\", __pickleIndex: \"1\", exampleTags: [])"))).Should().Equal(Outcome.NotRun, Outcome.Passed, Outcome.NotRun);

    [Fact]
    public void Xunit_s_short_form_of_a_long_value_is_known()
    {
        var name = new string('x', 80);

        Outcomes(Small.Build($"Feature: F\n  Scenario Outline: O\n    Then <is>\n    Examples:\n      | is |\n      | y |\n      | {name} |", Small.Passed($"O(is: \"{name[..50]}\"..., exampleTags: [])")))
            .Should().Equal(Outcome.NotRun, Outcome.Passed);
    }

    [Fact]
    public void Of_equal_rows_each_has_a_test_of_its_own() =>
        Outcomes(Small.Build(Outline, Small.Passed("O(is: \"a\", not so: \"b\")"), Small.Failed("O(is: \"a\", not so: \"b\")", "no")))
            .Should().Equal(Outcome.Passed, Outcome.NotRun, Outcome.Failed);

    [Fact]
    public void Of_features_with_one_title_the_folder_decides()
    {
        const string text = "Feature: F\n  Scenario: S\n    Then t";
        var sources = new ReportSources([FeatureReader.Read("features/a/x.feature", "a", text), FeatureReader.Read("features/f/x.feature", "f", text)], [], [], []);

        var document = DocumentBuilder.Build(sources, Small.Pass(Small.Passed("S", Small.Scenario("S"))), null, RunHistory.Empty);

        Outcomes(document).Should().Equal(Outcome.NotRun, Outcome.Passed);
        document.Examples.Select(example => example.Id).Should().OnlyHaveUniqueItems();
    }

    [Fact]
    public void A_test_of_no_example_is_not_lost()
    {
        var document = Small.Build("Feature: F\n  Scenario: S\n    Then t", Small.Passed("S"), Small.Passed("Gone"));

        document.Strays.Should().Equal(new NamedValue("F", "Gone"));
        document.IsFit.Should().BeFalse();
    }

    private static IEnumerable<Outcome> Outcomes(Document document) => document.Examples.Select(example => example.Outcome);
}

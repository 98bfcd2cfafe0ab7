using Tidal.LivingDocumentation.Records;
using Tidal.LivingDocumentation.Report.Model;

namespace Tidal.LivingDocumentation.Tests.Model;

/// <summary>What stands in a feature, as the document has it.</summary>
public sealed class TextTests
{
    private const string Text = """
        @all
        Feature: F
          One sentence
          over two lines.

          Another paragraph.

          Background:
            Given a cluster

          Scenario: Loose
            Then it holds

          @some
          Rule: 1. A rule
            Why it is one.

            Background:
              And an item

            @own
            Scenario Outline: Rows of <size>
              Given <what> of:
                | size   |
                | <size> |
              Then it reads
                ```
                <size>!
                ```

              Examples: Small ones
                | what | size |
                | one  | 1    |
                | two  |      |

              Examples:
                | what  | size |
                | three | 3    |

          Rule: 2. Nothing here
        """;

    private readonly Document _document = Small.Build(Text);

    private RuleDocument Rule => _document.Feature().Rules[1];

    [Fact]
    public void A_feature_has_its_paragraphs_tags_and_background()
    {
        var feature = _document.Feature();

        feature.Prose.Should().Equal("One sentence over two lines.", "Another paragraph.");
        feature.Tags.Should().Equal("@all");
        feature.Background.Should().Equal(new StepText("Given", "a cluster", null, null, 9));
        feature.Path.Should().Be("features/f/feature-0.feature");
    }

    [Fact]
    public void What_stands_under_no_rule_comes_first_in_one_without_a_title() =>
        _document.Feature().Rules.Select(rule => (rule.Title, rule.Scenarios.Count)).Should().Equal(("", 1), ("1. A rule", 1), ("2. Nothing here", 0));

    [Fact]
    public void A_scenario_has_the_tags_of_all_that_it_stands_in()
    {
        Rule.Tags.Should().Equal("@some");
        Rule.Scenarios[0].Tags.Should().Equal("@all", "@some", "@own");
    }

    [Fact]
    public void A_row_has_its_values_in_its_steps_and_both_backgrounds_before_them()
    {
        var row = Rule.Scenarios[0].Examples[0];

        row.BackgroundSteps.Select(step => step.Text).Should().Equal("a cluster", "an item");
        row.Steps.Select(step => step.Text).Should().Equal("one of:", "it reads");
        row.Steps[0].Table!.SelectMany(cells => cells).Should().Equal("size", "1");
        row.Steps[1].DocString.Should().Be("1!");
        row.Values.Should().Equal(new NamedValue("what", "one"), new NamedValue("size", "1"));
    }

    [Fact]
    public void A_row_knows_its_line_and_its_table()
    {
        Rule.Scenarios[0].Examples.Select(row => (row.Line, row.Block)).Should().Equal((33, "Small ones"), (34, "Small ones"), (38, ""));
        Rule.Scenarios[0].IsOutline.Should().BeTrue();
    }

    [Fact]
    public void A_row_is_named_by_its_values() =>
        Rule.Scenarios[0].Examples.Select(row => row.Title).Should().Equal("what: one, size: 1", "what: two, size: (empty)", "what: three, size: 3");

    [Fact]
    public void A_column_that_no_step_uses_names_the_row() =>
        Small.Build("Feature: F\n  Scenario Outline: O\n    Then <is>\n    Examples:\n      | why     | is |\n      | Because | a  |").Examples.Single().Title.Should().Be("Because");

    [Fact]
    public void A_rule_without_an_example_is_named() =>
        _document.RulesWithoutExample.Should().Equal(new NamedValue("F", "2. Nothing here"));

    [Fact]
    public void A_rule_whose_outline_has_no_row_is_without_an_example() =>
        Small.Build("Feature: F\n  Rule: R\n    Scenario Outline: O\n      Then <is>\n      Examples:\n        | is |").RulesWithoutExample.Should().Equal(new NamedValue("F", "R"));
}

using Tidal.LivingDocumentation.Report.Building;
using Tidal.LivingDocumentation.Report.Model;

namespace Tidal.LivingDocumentation.Tests.Model;

/// <summary>Ids for links.</summary>
public sealed class LinkTests
{
    [Theory]
    [InlineData("A follower is promoted", "a-follower-is-promoted")]
    [InlineData("  It's 5 % -- no, 6!  ", "it-s-5-no-6")]
    [InlineData("25,000 signals a second", "25-000-signals-a-second")]
    public void A_plain_title_is_its_own_id(string title, string id) => Slug.Each([title]).Should().Equal(id);

    [Theory]
    [InlineData("日本語の題")]
    [InlineData("🦀")]
    [InlineData("")]
    [InlineData("\u202Eabc")]
    [InlineData("Zürich")]
    [InlineData("<script>alert('é')</script>")]
    public void Any_title_has_an_id_that_is_safe_in_an_address(string title) =>
        Slug.Each([title]).Single().Should().MatchRegex("^[a-z0-9-]*_[0-9a-f]{8}$", "a digest tells what letters cannot");

    [Fact]
    public void A_long_title_is_cut_and_told_by_a_digest()
    {
        var ids = Slug.Each([new string('w', 300), new string('w', 301)]);

        ids.Should().OnlyHaveUniqueItems().And.AllSatisfy(id => id.Length.Should().BeLessThan(80));
    }

    [Fact]
    public void Titles_that_come_to_the_same_are_told_apart_wherever_they_stand()
    {
        var ids = Slug.Each(["A <b>", "A b", "Other"]);

        ids.Should().OnlyHaveUniqueItems();
        Slug.Each(["Other", "A b", "A <b>"]).Should().Equal(ids[2], ids[1], ids[0]);
    }

    [Fact]
    public void Equal_names_and_names_that_look_like_ids_differ_too() =>
        Slug.Each(["x", "x", "x 2", "x_2", "x-2", "x"]).Should().OnlyHaveUniqueItems();

    [Fact]
    public void An_id_is_the_same_however_many_scenarios_stand_before_it()
    {
        const string own = "  Scenario: Own\n    Then t\n";

        var alone = Small.Build($"Feature: F\n{own}").Examples.Single().Id;
        var behind = Small.Build($"Feature: F\n  Scenario: Before\n    Then t\n{own}").Examples.Last().Id;

        behind.Should().Be(alone).And.Be("feature-0--own--example");
    }

    [Fact]
    public void A_row_s_id_is_made_of_its_values() =>
        Small.Build("Feature: F\n  Scenario Outline: O\n    Then <a> <b>\n    Examples:\n      | a | b |\n      | x | y |\n      | x y | |\n      | x | y |\n").Examples
            .Select(example => example.Id).Should().OnlyHaveUniqueItems().And.AllSatisfy(id => id.Should().StartWith("feature-0--o--x-y_"));

    [Fact]
    public void No_two_things_share_an_id_though_their_titles_are_alike()
    {
        var feature = Small.Build("""
            Feature: Rule
              Scenario: Rule
                Then t
              Scenario: Rule none
                Then t
              Rule: None
                Scenario: None
                  Then t
              Rule:
                Scenario: Empty
                  Then t
            """).Feature();

        AllIds(feature).Should().OnlyHaveUniqueItems();
    }

    [Fact]
    public void A_rule_without_a_title_is_not_what_stands_under_none() =>
        AllIds(Small.Build("Feature: F\n  Scenario: Loose\n    Then t\n  Rule:\n    Scenario: S\n      Then t").Feature()).Should().OnlyHaveUniqueItems();

    private static IEnumerable<string> AllIds(FeatureDocument feature) => feature.Rules
        .SelectMany(rule => rule.Scenarios.SelectMany(scenario => scenario.Examples.Select(example => example.Id).Append(scenario.Id)).Append(rule.Id)).Append(feature.Id);
}

using Reqnroll;
using Tidal.ReqnrollStandIn.Features;

namespace Tidal.SuiteConventions.Tests;

/// <summary>The conventions themselves, tried on specimens: one that passes everything would guard nothing.</summary>
public sealed class ConventionTests
{
    private const string Fit = "Feature: F\n  Background:\n    Given a\n  Scenario: S\n    # why it is so\n    When b\n    Then c\n    And d\n";

    [Fact]
    public void A_fit_feature_has_no_breach() => FeatureConventions.Breaches("f.feature", Fit).Should().BeEmpty();

    [Theory]
    [InlineData("Feature: F\n  Scenario: S\n    When b", "*no Then*")]
    [InlineData("Feature: F\n  Scenario: S\n    When b\n    #  And e\n    Then c", "*commented out*And e*")]
    [InlineData("Feature: F\n  Scenario: S\n    When b\n    Then c\n    When d\n    Then e", "*more than one When*")]
    [InlineData("Feature: F\n  @slow @ignore\n  Scenario: S\n    Then c", "*ignored*")]
    [InlineData("Feature: F\n  Scenario: S\n    Given 1\n    * 2\n    * 3\n    * 4\n    * 5\n    * 6\n    * 7\n    * 8\n    When 9\n    Then 10", "*10 steps*")]
    public void A_breach_is_found(string feature, string message) =>
        FeatureConventions.Breaches("f.feature", feature).Should().ContainSingle().Which.Should().Match(message);

    [Fact]
    public void A_journey_may_have_several_events() =>
        FeatureConventions.Breaches("f.feature", "@journey\nFeature: F\n  Scenario: S\n    When b\n    Then c\n    When d\n    Then e").Should().BeEmpty();

    [Fact]
    public void A_definition_that_nobody_uses_is_found()
    {
        var vocabulary = new StepVocabulary([typeof(Steps)]);
        vocabulary.Count.Should().Be(3, "one definition is in two tenses");
        var feature = FeatureReader.Read("f.feature", "Feature: F\n  Scenario: S\n    Given a region us-east\n    When 3 signals\n    Then anything");
        vocabulary.Unused([feature]).Should().Equal("[Then(\"{int} signal(s)\")]");
    }

    [Theory]
    [InlineData(8, 0)]
    [InlineData(9, 1)]
    public void A_long_binding_method_is_found(int statements, int found)
    {
        var body = string.Concat(Enumerable.Repeat("        Call($\"{a} }\");\n", statements - 1));
        var source = $"class C\n{{\n    [Given(\"a {{int}}\")]\n    [When(\"a\")]\n    public void A()\n    {{\n{body}    }}\n\n    [Then(\"b\")]\n    public void B() =>\n        C();\n}}\n";
        BindingSource.TooLong("C.cs", source).Should().HaveCount(found);
    }

    [Binding]
    private sealed class Steps
    {
        [StepArgumentTransformation("(us-east|eu-west)", Name = "region")]
        public static Uri ToRegion(string name) => new(name, UriKind.Relative);

        [Given("a region {region}")]
        public void Region(Uri region) => region.Should().NotBeNull();

        [When("{int} signal(s)"), Then("{int} signal(s)")]
        public void Signals(int count) => count.Should().BePositive();

        [StepDefinition("anything")]
        public void Anything()
        {
        }
    }
}

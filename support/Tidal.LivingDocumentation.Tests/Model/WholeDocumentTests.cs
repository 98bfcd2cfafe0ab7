using Tidal.LivingDocumentation.Records;
using Tidal.LivingDocumentation.Report.Acceptance;
using Tidal.LivingDocumentation.Report.Building;
using Tidal.LivingDocumentation.Report.Features;
using Tidal.LivingDocumentation.Report.Model;

namespace Tidal.LivingDocumentation.Tests.Model;

/// <summary>What the document tells beside features and promises.</summary>
public sealed class WholeDocumentTests
{
    private const string Feature = "Feature: F\n  @x\n  Scenario: S\n    Given a\n    Then b\n  Scenario: T\n    Then b";

    private static readonly string[] Folders = ["a", "b", "c", ""];

    private static readonly DefinitionRecord[] Definitions = [new("Given", "a", "Steps.a"), new("Then", "b", "Steps.b"), new("When", "c", "Steps.c")];

    private static readonly TestRecord[] All =
        [Small.Passed("S", Small.Scenario("S", Small.Step("a"), Small.Step("b"))), Small.Passed("T", Small.Scenario("T", Small.Step("b")))];

    [Fact]
    public void Steps_that_nobody_used_are_named() => Unused(Small.Pass(All)).Should().Equal(Definitions[2]);

    [Fact]
    public void A_filtered_run_cannot_tell_which_steps_are_not_used() => Unused(Small.Pass(All) with { Filter = "x" }).Should().BeEmpty();

    [Fact]
    public void Nor_can_a_run_in_which_something_failed() => Unused(Small.Pass(All[0], All[1] with { Passed = false })).Should().BeEmpty();

    [Fact]
    public void Nor_one_that_hooks_have_not_seen() => Unused(Small.Pass(All[0], All[1] with { Scenario = null })).Should().BeEmpty();

    [Fact]
    public void Nor_one_in_which_something_did_not_run() => Unused(Small.Pass(All[0])).Should().BeEmpty();

    [Fact]
    public void Folders_come_as_they_are_told_of_and_then_those_that_are_not()
    {
        FeatureFile[] files = [.. Folders.Select(folder => FeatureReader.Read($"features/{folder}/{folder}x.feature", folder, "Feature: F\n  Scenario: S\n    Then t"))];
        var sources = new ReportSources(files, [new("c", "See", "The third."), new("a", "Ay", "The first."), new("gone", "Gone", "Nothing.")], [], []);

        var document = DocumentBuilder.Build(sources, Small.Pass(), null, RunHistory.Empty);

        document.Capabilities.Select(capability => (capability.Title, capability.Prose)).Should().Equal(("See", "The third."), ("Ay", "The first."), ("Features", ""), ("b", ""));
    }

    [Fact]
    public void Features_of_a_folder_come_by_title() =>
        DocumentBuilder.Build(Small.Sources("Feature: b\n", "Feature: A\n", "Feature: C\n"), Small.Pass(), null, RunHistory.Empty)
            .Capabilities.Single().Features.Select(feature => feature.Title).Should().Equal("A", "b", "C");

    [Fact]
    public void Words_come_by_alphabet() =>
        DocumentBuilder.Build(Small.Sources() with { Glossary = [new("b", "B.", []), new("A", "A.", [])] }, Small.Pass(), null, RunHistory.Empty)
            .Glossary.Select(term => term.Word).Should().Equal("A", "b");

    [Fact]
    public void A_line_of_the_acceptance_text_is_shown_by_its_tags_and_its_scenarios()
    {
        var line = Traced(new AcceptanceLine("A", "Text", 1, ["@x"], [("F", "T")], ["`C`.", "`D`."]), All);

        line.Examples.Should().Equal("feature-0--s--example", "feature-0--t--example");
        (line.Text, line.Section, line.Otherwise, line.Outcome).Should().Be(("Text", "A", "`C`. `D`.", Outcome.Passed));
    }

    [Fact]
    public void A_line_is_broken_with_one_of_its_examples() => Traced(new AcceptanceLine("A", "Text", 1, ["@x"], [], []), All[0] with { Passed = false }).Outcome.Should().Be(Outcome.Failed);

    [Fact]
    public void A_line_is_not_shown_while_one_of_its_examples_did_not_run() => Traced(new AcceptanceLine("A", "Text", 1, ["@x"], [("F", "T")], []), All[0]).Outcome.Should().Be(Outcome.NotRun);

    [Fact]
    public void A_line_that_something_else_shows_is_no_example_s()
    {
        var line = Traced(new AcceptanceLine("A", "Text", 1, [], [], ["`C`."]), All);

        (line.Examples.Count, line.Outcome).Should().Be((0, Outcome.NotRun));
    }

    private static IReadOnlyList<DefinitionRecord> Unused(PassRecord pass) =>
        DocumentBuilder.Build(Small.Sources(Feature), pass with { Definitions = Definitions }, null, RunHistory.Empty).UnusedDefinitions;

    private static TracedLine Traced(AcceptanceLine line, params TestRecord[] tests) =>
        DocumentBuilder.Build(Small.Sources(Feature) with { AcceptanceText = [line] }, Small.Pass(tests), null, RunHistory.Empty).Traceability.Single();
}

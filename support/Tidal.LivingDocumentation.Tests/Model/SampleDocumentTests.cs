using Tidal.LivingDocumentation.Report.Model;

namespace Tidal.LivingDocumentation.Tests.Model;

public sealed class SampleDocumentTests
{
    [Fact]
    public void All_ids_differ_and_are_safe_in_any_address()
    {
        var document = SampleDocument.Failing;

        string[] ids =
        [
            .. document.Steps.Concat(document.Invariants).Select(promise => promise.Id),
            .. document.Capabilities.SelectMany(capability => capability.Features.SelectMany(feature => feature.Rules.SelectMany(rule => rule.Scenarios.SelectMany(
                scenario => scenario.Examples.Select(example => example.Id).Append(scenario.Id)).Append(rule.Id)).Append(feature.Id)).Append(capability.Id)),
        ];

        ids.Should().OnlyHaveUniqueItems().And.AllSatisfy(id => id.Should().MatchRegex("^[a-z0-9_-]+$"));
    }

    [Fact]
    public void A_run_in_which_everything_passed_keeps_every_promise()
    {
        var document = SampleDocument.Passing;

        document.Steps.Concat(document.Invariants).Should().AllSatisfy(promise => promise.Outcome.Should().Be(Outcome.Passed));
        document.Strays.Should().BeEmpty();
        document.Run.NotRun.Should().Be(0);
    }

    [Fact]
    public void A_run_with_failures_shows_each_of_them()
    {
        var document = SampleDocument.Failing;

        document.Examples.Select(example => example.Outcome).Distinct().Should().BeEquivalentTo([Outcome.Passed, Outcome.Failed, Outcome.NotRun]);
        document.Changes!.Broken.Should().NotBeEmpty();
        document.Strays.Should().BeEmpty();
    }
}

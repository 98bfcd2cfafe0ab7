using Tidal.LivingDocumentation.Report.Model;

namespace Tidal.LivingDocumentation.Tests.Html;

public sealed class FailureTests
{
    private static IEnumerable<(Example Example, ExampleRun Run)> FailedRuns =>
        Rendered.Failing.Document.Examples.SelectMany(example => example.Runs, (example, run) => (example, run)).Where(pair => pair.run.Outcome == Outcome.Failed);

    [Fact]
    public void Each_failure_is_told_at_the_top_with_its_message_and_where_it_happened()
    {
        var told = Rendered.Failing.Page.QuerySelectorAll("#failures article").ToList();

        FailedRuns.Should().NotBeEmpty();
        foreach (var (example, run) in FailedRuns.Take(20))
            told.Should().Contain(article => article.QuerySelector($"h3 a[href='#{example.Id}']") != null && article.QuerySelector("pre")!.TextContent == (run.Message ?? "It says no more."));
    }

    [Fact]
    public void Each_failure_is_told_in_its_place_with_the_seed_and_the_command()
    {
        foreach (var (example, run) in FailedRuns)
        {
            var scenario = Rendered.Failing.Page.GetElementById(example.Id)!.Closest(".ex")!;
            scenario.HasAttribute("open").Should().BeTrue();
            if (run.Replay is { } replay)
                scenario.QuerySelectorAll(".cmd code").Select(code => code.TextContent).Should().Contain(replay);
            if (run.Seed is { } seed)
                scenario.QuerySelectorAll(".ag>code").Select(code => code.TextContent).Should().Contain($"{seed}");
        }
    }

    [Fact]
    public void The_step_that_failed_is_marked()
    {
        var marked = Rendered.Failing.Page.QuerySelectorAll(".st>.no").ToList();

        marked.Should().NotBeEmpty();
        marked.Should().AllSatisfy(step => step.TextContent.Should().Contain("failed here"));
    }

    [Fact]
    public void Beyond_twenty_failures_are_named_and_told_in_their_places()
    {
        var document = Rendered.Passing.Document;
        var page = new Rendered(document with { Capabilities = [.. document.Capabilities.Select(Failed)] }).Page;

        page.QuerySelectorAll("#failures article").Should().HaveCount(20);
        page.QuerySelectorAll("#failures>ul>li").Should().HaveCountGreaterThan(100);
        page.QuerySelectorAll("#verdict li").Should().HaveCount(3);

        static Capability Failed(Capability capability) => capability with { Features = [.. capability.Features.Select(feature => feature with { Rules = [.. feature.Rules.Select(FailedRule)] })] };

        static RuleDocument FailedRule(RuleDocument rule) => rule with
        {
            Scenarios = [.. rule.Scenarios.Select(scenario => scenario with { Examples = [.. scenario.Examples.Select(example => example with { Runs = [example.Runs[0] with { Outcome = Outcome.Failed }] })] })],
        };
    }

    [Fact]
    public void A_run_without_failures_has_no_such_part() => Rendered.Passing.Page.GetElementById("failures").Should().BeNull();
}

using Tidal.LivingDocumentation.Report.Acceptance;
using Tidal.LivingDocumentation.Report.Model;

namespace Tidal.LivingDocumentation.Report.Building;

/// <summary>Finds who shows a line of the acceptance text. Stateless.</summary>
internal static class TraceBuilder
{
    /// <summary>Finds it.</summary>
    public static TracedLine Of(AcceptanceLine line, IReadOnlyList<Capability> capabilities)
    {
        Example[] examples =
        [
            .. from capability in capabilities
               from feature in capability.Features
               from rule in feature.Rules
               from scenario in rule.Scenarios
               where scenario.Tags.Intersect(line.Tags).Any() || line.Scenarios.Contains((feature.Title, scenario.Title))
               from example in scenario.Examples
               select example,
        ];
        return new TracedLine(line.Text, [.. examples.Select(example => example.Id)], line.Otherwise.Count == 0 ? null : string.Join(' ', line.Otherwise), OutcomeOf(examples))
        {
            Section = line.Section,
            Tags = line.Tags,
        };
    }

    private static Outcome OutcomeOf(Example[] examples) =>
        examples.Any(example => example.Outcome == Outcome.Failed) ? Outcome.Failed
        : examples.Length == 0 || examples.Any(example => example.Outcome == Outcome.NotRun) ? Outcome.NotRun
        : Outcome.Passed;
}

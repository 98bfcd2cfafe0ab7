using Tidal.LivingDocumentation.Report.Features;

namespace Tidal.LivingDocumentation.Report.Acceptance;

/// <summary>
/// A line of the acceptance text as <c>features/acceptance/acceptance-text.md</c> traces it: the line as a quotation (<c>&gt; …</c>),
/// and below it a list of what shows it, <c>- tag: @uat-step-1</c>, <c>- scenario: Feature / Scenario</c>, <c>- otherwise: …</c>. Immutable.
/// </summary>
/// <param name="Section">The heading above it.</param>
/// <param name="Text">The line, word for word.</param>
/// <param name="Line">Its line in the file, counted from 1.</param>
/// <param name="Tags">Tags of scenarios that show it, with the at sign.</param>
/// <param name="Scenarios">Scenarios that show it: the feature's title and the scenario's.</param>
/// <param name="Otherwise">What shows it beside them, or instead: sentences that name classes, tests and commands in backticks.</param>
public sealed record AcceptanceLine(
    string Section, string Text, int Line, IReadOnlyList<string> Tags, IReadOnlyList<(string Feature, string Scenario)> Scenarios, IReadOnlyList<string> Otherwise)
{
    private const string Quote = "> ";

    private static readonly string[] Kinds = ["- tag: ", "- scenario: ", "- otherwise: "];

    /// <summary>Reads the text.</summary>
    /// <param name="path">The file below the checkout, for errors.</param>
    /// <param name="text">What stands in it.</param>
    /// <exception cref="SourceException">It is not written that way, or a line has nothing that shows it.</exception>
    public static IReadOnlyList<AcceptanceLine> Parse(string path, string text) =>
        [.. MarkdownSections.Of(text).SelectMany(section => Parse(path, section))];

    private static IEnumerable<AcceptanceLine> Parse(string path, MarkdownSection section)
    {
        var lines = section.Lines.Where(line => line.Text.Trim().Length > 0).ToList();
        for (var at = 0; at < lines.Count;)
        {
            var (quoted, line) = lines[at++];
            if (!quoted.StartsWith(Quote, StringComparison.Ordinal))
                throw new SourceException(path, line, "a line of the acceptance text (\"> …\") is expected here");
            var traces = lines.Skip(at).TakeWhile(next => !next.Text.StartsWith(Quote, StringComparison.Ordinal)).ToList();
            at += traces.Count;
            if (traces.Count == 0)
                throw new SourceException(path, line, "nothing is said to show this line");
            yield return Of(path, section.Heading, quoted[Quote.Length..].Trim(), line, traces);
        }
    }

    private static AcceptanceLine Of(string path, string section, string text, int line, List<(string Text, int Line)> traces)
    {
        foreach (var trace in traces.Where(trace => !Kinds.Any(kind => trace.Text.StartsWith(kind, StringComparison.Ordinal))))
            throw new SourceException(path, trace.Line, "\"- tag: \", \"- scenario: \" or \"- otherwise: \" is expected here");
        return new AcceptanceLine(section, text, line, [.. Of(traces, 0)], [.. traces.Where(trace => Is(trace.Text, 1)).Select(trace => Scenario(path, trace))], [.. Of(traces, 2)]);
    }

    private static (string, string) Scenario(string path, (string Text, int Line) trace) => trace.Text[Kinds[1].Length..].Split(" / ", 2) is [var feature, var scenario]
        ? (feature.Trim(), scenario.Trim())
        : throw new SourceException(path, trace.Line, "a scenario is named as \"- scenario: Feature / Scenario\"");

    private static IEnumerable<string> Of(List<(string Text, int Line)> traces, int kind) =>
        traces.Where(trace => Is(trace.Text, kind)).Select(trace => trace.Text[Kinds[kind].Length..].Trim());

    private static bool Is(string trace, int kind) => trace.StartsWith(Kinds[kind], StringComparison.Ordinal);
}

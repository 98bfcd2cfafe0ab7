using Gherkin.Ast;
using Tidal.LivingDocumentation.Report.Model;

namespace Tidal.LivingDocumentation.Report.Building;

/// <summary>Steps as they are to be read. Stateless.</summary>
internal static class StepTexts
{
    /// <summary>Steps as they are written.</summary>
    public static IReadOnlyList<StepText> AsWritten(IEnumerable<Step> steps) => Of(steps, text => text);

    /// <summary>Steps with something put in place of each text of theirs.</summary>
    public static IReadOnlyList<StepText> Of(IEnumerable<Step> steps, Func<string, string> fill) => [.. steps.Select(step => new StepText(
        step.Keyword.Trim(), fill(step.Text), step.DocString is { } doc ? fill(doc.Content) : null, Table(step, fill), step.Location.Line))];

    /// <summary>Every text of a step in which a placeholder may stand.</summary>
    public static IEnumerable<string> AllOf(Step step) =>
        [step.Text, step.DocString?.Content ?? "", .. (step.DataTable?.Rows ?? []).SelectMany(row => row.Cells).Select(cell => cell.Value)];

    /// <summary>The steps of the backgrounds among the children of a feature or a rule.</summary>
    public static IReadOnlyList<StepText> Background(IEnumerable<IHasLocation> children) =>
        AsWritten(children.OfType<Background>().SelectMany(background => background.Steps));

    /// <summary>The paragraphs of a description.</summary>
    public static IReadOnlyList<string> Paragraphs(string? description) => [.. (description ?? "").ReplaceLineEndings("\n").Split('\n')
        .Select(line => line.Trim()).Aggregate(new List<string> { "" }, AddLine).Where(paragraph => paragraph.Length > 0)];

    private static List<string> AddLine(List<string> paragraphs, string line)
    {
        if (line.Length == 0)
            paragraphs.Add("");
        else
            paragraphs[^1] = paragraphs[^1].Length == 0 ? line : $"{paragraphs[^1]} {line}";
        return paragraphs;
    }

    private static IReadOnlyList<IReadOnlyList<string>>? Table(Step step, Func<string, string> fill) =>
        step.DataTable is not { } table ? null : [.. table.Rows.Select(row => (IReadOnlyList<string>)[.. row.Cells.Select(cell => fill(cell.Value))])];
}

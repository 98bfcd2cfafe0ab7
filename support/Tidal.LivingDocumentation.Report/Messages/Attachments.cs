using System.Globalization;
using System.Text;
using Tidal.LivingDocumentation.Records;

namespace Tidal.LivingDocumentation.Report.Messages;

/// <summary>Something attached to a step. Immutable.</summary>
/// <param name="FileName">What it is called: readers show it as its title.</param>
/// <param name="MediaType">What it is.</param>
/// <param name="Body">The text; an image is sent as Base64.</param>
internal sealed record Attached(string FileName, string MediaType, string Body);

/// <summary>
/// What is to be shown of a scenario, as attachments. None is of the type for logs, <c>text/x.cucumber.log+plain</c>: readers put that
/// into their page as it is, and what stands in ours is data. Stateless.
/// </summary>
internal static class Attachments
{
    private const string Plain = "text/plain";
    private const string Markdown = "text/markdown";

    public static IEnumerable<Attached> Of(ScenarioRecord scenario)
    {
        foreach (var attached in scenario.Evidence.SelectMany(Of))
            yield return attached;
        if (scenario.Figures.Count > 0)
            yield return new Attached("Figures", Markdown, FiguresOf(scenario.Figures));
        yield return new Attached("How to see it again", Plain, string.Create(CultureInfo.InvariantCulture, $"Seed {scenario.Seed}, {scenario.Substrate}.\n{scenario.Replay}"));
    }

    private static IEnumerable<Attached> Of(Evidence evidence) => evidence switch
    {
        Picture picture => OfPicture(picture),
        Table table => [new Attached(table.Title, Markdown, $"{table.Summary}\n\n{MarkdownTable.Of(table.Header, table.Rows)}")],
        PlainText text => [new Attached(text.Title, Plain, $"{text.Summary}\n\n{text.Text}")],
        _ => throw new NotSupportedException($"Evidence of a kind unknown: {evidence.GetType().Name}"),
    };

    // Readers show images without a text in their place, so a picture is told in words as well.
    private static IEnumerable<Attached> OfPicture(Picture picture)
    {
        yield return new Attached(picture.Title, "image/svg+xml", PictureStyle.Standalone(picture.Svg));
        var events = MarkdownTable.Of(["when", "where", "what happened"], [.. picture.Events.Select(happened => new[] { happened.When, happened.Where, happened.What })]);
        yield return new Attached($"{picture.Title}, in words", Markdown, $"{picture.Summary}\n\n{events}");
    }

    private static string FiguresOf(IReadOnlyList<Figure> figures) =>
        MarkdownTable.Of(["figure", "value", "limit", "kept"], [.. figures.Select(figure => new[] { figure.Name, Value(figure.Value, figure.Unit), Limit(figure), figure.IsKept ? "yes" : "no" })]);

    private static string Limit(Figure figure) => figure.Comparison switch
    {
        Comparison.Below => "below " + Value(figure.Limit, figure.Unit),
        Comparison.AtLeast => "at least " + Value(figure.Limit, figure.Unit),
        Comparison.Exactly => "just " + Value(figure.Limit, figure.Unit),
        _ => "",
    };

    private static string Value(double value, string unit) => string.Create(CultureInfo.InvariantCulture, $"{value:0.###} {unit}").TrimEnd();
}

/// <summary>Tables that can be read as they stand. Stateless.</summary>
internal static class MarkdownTable
{
    private const int WidthMost = 60;

    public static string Of(IReadOnlyList<string> header, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        var cells = rows.Prepend(header).Select(row => row.Select(Escape).ToList()).ToList();
        var widths = header.Select((_, column) => cells.Max(row => Math.Min(row[column].Length, WidthMost))).ToList();
        var text = new StringBuilder();
        AppendRow(text, cells[0], widths, ' ');
        AppendRow(text, [.. widths.Select(_ => "")], widths, '-');
        foreach (var row in cells.Skip(1))
            AppendRow(text, row, widths, ' ');
        return text.ToString();
    }

    private static void AppendRow(StringBuilder text, IReadOnlyList<string> cells, IReadOnlyList<int> widths, char filler)
    {
        foreach (var (cell, width) in cells.Zip(widths))
            text.Append("| ").Append(cell.PadRight(width, filler)).Append(' ');
        text.Append("|\n");
    }

    private static string Escape(string cell) => cell.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("|", "\\|", StringComparison.Ordinal)
        .Replace("\r", "", StringComparison.Ordinal).Replace("\n", "<br>", StringComparison.Ordinal);
}

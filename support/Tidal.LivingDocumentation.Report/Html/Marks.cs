using System.Text.RegularExpressions;
using Tidal.LivingDocumentation.Records;
using Tidal.LivingDocumentation.Report.Model;

namespace Tidal.LivingDocumentation.Report.Html;

/// <summary>What many parts of the page write in the same way.</summary>
internal static partial class Marks
{
    /// <summary>An outcome as a sign of its own shape and colour; who cannot see it reads the word.</summary>
    public static void Mark(this Page page, Outcome outcome) => page.Write($"<i class=\"o {Words.ClassOf(outcome)}\">{Words.Of(outcome)}</i>");

    /// <summary>An outcome as sign and word.</summary>
    public static void MarkWord(this Page page, Outcome outcome, string word) =>
        page.Write($"<span class=\"ow {Words.ClassOf(outcome)}\"><i class=\"o {Words.ClassOf(outcome)}\" aria-hidden=\"true\"></i>{word}</span>");

    /// <summary>A moment, in UTC; a script adds what that is on the reader's clock.</summary>
    public static void Time(this Page page, DateTimeOffset moment) => page.Write($"<time datetime=\"{Words.Stamp(moment)}\">{Words.Moment(moment)}</time>");

    /// <summary>A command, with a button that copies it; selected as a whole by a click.</summary>
    public static void Command(this Page page, string command) =>
        page.Write($"<span class=\"cmd\"><code tabindex=\"0\">{command}</code><button type=\"button\" class=\"cp js\">Copy</button></span>");

    /// <summary>A table, in a box of its own that scrolls where there is no room.</summary>
    public static void Table(this Page page, string label, IReadOnlyList<string> header, IEnumerable<IReadOnlyList<string>> rows, Action<string>? writeCell = null)
    {
        var write = writeCell ?? (text => page.WriteText(text));
        page.Write($"<div class=\"tb\" tabindex=\"0\" role=\"group\" aria-label=\"{label}\"><table><thead><tr>");
        foreach (var name in header)
        {
            page.Write($"<th scope=\"col\" dir=\"auto\">");
            write(name);
        }
        page.Write($"</thead><tbody>");
        foreach (var row in rows)
            page.Row(row, write);
        page.Write($"</tbody></table></div>");
    }

    /// <summary>Tags, without their at signs' repetition for who listens.</summary>
    public static void Tags(this Page page, IReadOnlyList<string> tags)
    {
        if (tags.Count == 0)
            return;
        page.Write($"<span class=\"tg\">");
        foreach (var tag in tags)
            page.Write($"<span>{tag}</span> ");
        page.Write($"</span>");
    }

    /// <summary>Figures with their limits, as a list.</summary>
    public static void Figures(this Page page, IReadOnlyList<Figure> figures)
    {
        if (figures.Count == 0)
            return;
        page.Write($"<ul class=\"fg\">");
        foreach (var figure in figures)
        {
            page.Write($"<li><bdi>{figure.Name}</bdi> <b>{Words.Amount(figure.Value, figure.Unit)}</b>");
            if (Words.Limit(figure) is not { } limit)
                continue;
            if (figure.IsKept)
                page.Write($" <small>{limit}</small>");
            else
                page.Write($" <small class=\"no\">broken: {limit}</small>");
        }
        page.Write($"</ul>");
    }

    private static void Row(this Page page, IReadOnlyList<string> row, Action<string> write)
    {
        page.Write($"<tr>");
        foreach (var cell in row)
        {
            if (NumberPattern().IsMatch(cell))
                page.Write($"<td class=\"nu\">");
            else
                page.Write($"<td dir=\"auto\">");
            write(cell);
        }
    }

    /// <summary>Numbers stand on the right, one below the other, with or without a unit.</summary>
    [GeneratedRegex(@"^[-+]?[0-9][0-9.,]*(?:[ \u00a0]?(?:%|ms|s|min|h|KiB|MiB))?\z")]
    private static partial Regex NumberPattern();
}

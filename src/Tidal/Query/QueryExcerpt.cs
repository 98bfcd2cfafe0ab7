using System.Text;

namespace Tidal.Query;

/// <summary>Shows a place in a text: its line, cut to what a terminal holds, with a caret under it.</summary>
internal static class QueryExcerpt
{
    // A cut line shows this many columns, of which this many stand before the fault.
    private const int Window = 100;
    private const int Before = 60;
    private const int QuotedColumns = 40;

    /// <summary>The line of a position: its number from 1, where it begins, and where it ends (without its line break).</summary>
    public static (int Number, int Start, int End) FindLine(string text, int position)
    {
        var (number, start) = (1, 0);
        for (var i = 0; i < position; i++)
        {
            if (EndsLine(text, i))
                (number, start) = (number + 1, i + 1);
        }

        var length = text.AsSpan(start).IndexOfAny('\r', '\n');
        return (number, start, length < 0 ? text.Length : start + length);
    }

    /// <summary>The place of a position in its line, from 1, in text elements.</summary>
    public static int Column(string text, int position)
    {
        var line = FindLine(text, position);
        return 1 + TextCell.Of(text, line.Start, line.End).TakeWhile(cell => cell.End <= position).Count();
    }

    /// <summary>The line of a position and, below it, the caret.</summary>
    public static string Render(string text, int position)
    {
        var line = FindLine(text, position);
        var first = FirstColumn(text, line.Start, line.End, position);
        var shown = new StringBuilder(first > 0 ? "…" : "");
        var (column, width, caret) = (0, shown.Length, -1);
        foreach (var cell in TextCell.Of(text, line.Start, line.End))
        {
            if (cell.End > position && caret < 0)
                caret = width;
            if (column >= first + Window)
            {
                shown.Append('…');
                break;
            }

            if (column >= first)
            {
                shown.Append(cell.Shown(text));
                width += cell.Width;
            }

            column += cell.Width;
        }

        return shown.Append('\n').Append(' ', caret < 0 ? width : caret).Append('^').ToString();
    }

    /// <summary>A piece of the text between quotation marks, cut if it is long.</summary>
    public static string Quote(string text, int start, int end) => $"'{Cut(text, start, end)}'";

    /// <summary>A piece of the text as it can be shown in a line, cut if it is long.</summary>
    public static string Cut(string text, int start, int end)
    {
        var shown = new StringBuilder();
        var width = 0;
        foreach (var cell in TextCell.Of(text, start, end))
        {
            width += cell.Width;
            shown.Append(width > QuotedColumns ? "…" : cell.Shown(text));
            if (width > QuotedColumns)
                break;
        }

        return shown.ToString();
    }

    // Which column is the first one shown: 0 for a line that is short enough to be shown whole.
    private static int FirstColumn(string text, int start, int end, int position)
    {
        var (column, fault) = (0, -1);
        foreach (var cell in TextCell.Of(text, start, end))
        {
            if (cell.End > position && fault < 0)
                fault = column;
            column += cell.Width;
            if (fault >= 0 && column > fault + Window)
                break;
        }

        return column <= Window ? 0 : Math.Max(0, (fault < 0 ? column : fault) - Before);
    }

    private static bool EndsLine(string text, int index) =>
        text[index] == '\n' || (text[index] == '\r' && !(index + 1 < text.Length && text[index + 1] == '\n'));
}

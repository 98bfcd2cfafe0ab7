using System.Text;
using Tidal.Query;

namespace Tidal.Replication.Reconciling;

/// <summary>Rows of text in columns, each as wide as its widest cell on a terminal. Not safe for use by several threads.</summary>
internal sealed class TextTable
{
    private const int Gap = 2;

    private readonly List<string[]> _rows = [];

    /// <summary>Adds a row; what cells hold may come from anybody, so none of them breaks the line.</summary>
    public void Add(params string[] cells) => _rows.Add([.. cells.Select(cell => string.Concat(TextCell.Of(cell, 0, cell.Length).Select(part => part.Shown(cell))))]);

    /// <summary>Writes the rows, a line each.</summary>
    public void WriteTo(StringBuilder text)
    {
        if (_rows.Count == 0)
            return;
        var widths = Enumerable.Range(0, _rows[0].Length).Select(column => _rows.Max(row => WidthOf(row[column]))).ToArray();
        foreach (var row in _rows)
        {
            for (var column = 0; column < row.Length - 1; column++)
                text.Append(row[column]).Append(' ', widths[column] - WidthOf(row[column]) + Gap);
            text.Append(row[^1]).Append('\n');
        }
    }

    private static int WidthOf(string cell) => TextCell.Of(cell, 0, cell.Length).Sum(part => part.Width);
}

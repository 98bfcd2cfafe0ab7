using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Reqnroll;

/// <summary>A step's table: the first line names the columns.</summary>
public class Table
{
    private readonly string[] _header;

    /// <summary>A table without rows.</summary>
    public Table(params string[] header) => _header = header;

    /// <summary>The columns in their order.</summary>
    public ICollection<string> Header => _header;

    /// <summary>The rows below the header.</summary>
    public DataTableRows Rows { get; } = new();

    /// <summary>The number of rows.</summary>
    public int RowCount => Rows.Count;

    /// <summary>Whether a column is there, case counting.</summary>
    public bool ContainsColumn(string column) => Array.IndexOf(_header, column) >= 0;

    /// <summary>Adds a row with a cell for each column.</summary>
    public void AddRow(params string[] cells)
    {
        if (cells.Length != _header.Length)
            throw new ArgumentException($"The number of cells ({cells.Length}) does not match the number of columns ({_header.Length}).", nameof(cells));
        Rows.Add(new DataTableRow(this, cells));
    }

    /// <summary>The table as text, columns aligned.</summary>
    public override string ToString()
    {
        string[][] lines = [_header, .. Rows.Select(row => row.Values.ToArray())];
        var widths = _header.Select((_, column) => lines.Max(line => line[column].Length)).ToArray();
        return string.Concat(lines.Select(line =>
            "| " + string.Join(" | ", line.Select((cell, column) => cell.PadRight(widths[column]))) + " |" + Environment.NewLine));
    }

    internal int IndexOf(string column)
    {
        var index = Array.IndexOf(_header, column);
        return index >= 0 ? index : throw NoSuchColumn(column);
    }

    // Reqnroll's own type for it, which a step may catch.
    [SuppressMessage("Usage", "CA2201", Justification = "The type that Reqnroll throws.")]
    private IndexOutOfRangeException NoSuchColumn(string column) =>
        new($"Could not find a column named '{column}' in the table.\nThe table looks like this:\n{this}");
}

/// <summary>The name under which steps take a table.</summary>
public class DataTable(params string[] header) : Table(header);

/// <summary>The rows of a table.</summary>
public class DataTableRows : IEnumerable<DataTableRow>
{
    private readonly List<DataTableRow> _rows = [];

    /// <summary>The number of rows.</summary>
    public int Count => _rows.Count;

    /// <summary>A row by its place.</summary>
    public DataTableRow this[int index] => _rows[index];

    /// <inheritdoc/>
    public IEnumerator<DataTableRow> GetEnumerator() => _rows.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal void Add(DataTableRow row) => _rows.Add(row);
}

/// <summary>A row: its cells by column, in the order of the columns.</summary>
public class DataTableRow : IEnumerable<KeyValuePair<string, string>>
{
    private readonly Table _table;
    private readonly string[] _cells;

    internal DataTableRow(Table table, string[] cells) => (_table, _cells) = (table, cells);

    /// <summary>The number of cells.</summary>
    public int Count => _cells.Length;

    /// <summary>The columns in their order.</summary>
    public ICollection<string> Keys => _table.Header;

    /// <summary>The cells in the order of the columns.</summary>
    public ICollection<string> Values => _cells;

    /// <summary>A cell by its column.</summary>
    public string this[string header] => _cells[_table.IndexOf(header)];

    /// <summary>A cell by its place.</summary>
    public string this[int index] => _cells[index];

    /// <summary>Whether a column is there.</summary>
    public bool ContainsKey(string key) => _table.ContainsColumn(key);

    /// <summary>A cell, if its column is there.</summary>
    public bool TryGetValue(string key, out string value)
    {
        value = ContainsKey(key) ? this[key] : null!;
        return value is not null;
    }

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() =>
        _table.Header.Zip(_cells, KeyValuePair.Create).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

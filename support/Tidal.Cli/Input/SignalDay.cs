namespace Tidal.Cli;

/// <summary>
/// Reads a file of one day's signals, <c>.csv</c> or <c>.csv.gz</c>, row by row. The format stands in
/// <c>data/README.md</c>; whatever departs from it is refused, with its place.
/// </summary>
internal static class SignalDay
{
    /// <summary>The most rows that a file may have: a replay holds them all.</summary>
    public const int RowsMax = 5_000_000;

    /// <summary>The day that comes with the program.</summary>
    public static string DefaultFile => Path.Combine(AppContext.BaseDirectory, "data", "wikipedia-2015-09-12.csv.gz");

    /// <summary>Reads the rows of a file. It is open while they are enumerated.</summary>
    /// <param name="file">The file.</param>
    /// <exception cref="ReplayInputException">The file cannot be read or a row is wrong; thrown while enumerating.</exception>
    public static IEnumerable<SignalRow> Read(string file)
    {
        using var stream = SignalFileStream.Open(file);
        foreach (var row in Read(stream, file))
            yield return row;
    }

    /// <summary>Reads the rows of a stream.</summary>
    /// <param name="stream">The text, as bytes of UTF-8.</param>
    /// <param name="file">The file's name, for errors.</param>
    /// <exception cref="ReplayInputException">A row is wrong; thrown while enumerating.</exception>
    public static IEnumerable<SignalRow> Read(Stream stream, string file)
    {
        var scanner = new CsvScanner(stream, file);
        var reader = new SignalRowReader(scanner, file);
        reader.ReadHeader();
        var rows = 0;
        while (scanner.Read())
        {
            if (rows++ == RowsMax)
                throw new ReplayInputException(file, scanner.Line, "there are too many rows", $"at most {RowsMax:N0}");
            yield return reader.ReadRow();
        }

        if (rows == 0)
            throw new ReplayInputException(file, "there are no rows below the header", "at least one");
    }
}

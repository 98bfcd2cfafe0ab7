using System.Globalization;
using System.Text;
using Tidal.Query;

namespace Tidal.Cli;

/// <summary>Makes rows of records, and refuses what is no row. Not safe for use by several threads.</summary>
/// <param name="scanner">The records.</param>
/// <param name="file">The file's name, for errors.</param>
internal sealed class SignalRowReader(CsvScanner scanner, string file)
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    // Names that come again and again (editions, cohorts, countries, users) are kept once.
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);
    private long _time;
    private DateTimeOffset? _day;

    /// <summary>Reads the first line and checks it.</summary>
    /// <exception cref="ReplayInputException">It is not the header.</exception>
    public void ReadHeader()
    {
        var expected = $"the header {SignalColumns.Header}";
        if (!scanner.Read())
            throw new ReplayInputException(file, "this file is empty", expected);
        if (scanner.Field(1).StartsWith([(byte)0x1F, (byte)0x8B]))
            throw new ReplayInputException(file, "these are gzip data", "plain text, or a name that ends in .gz");
        for (var column = 1; column <= Math.Min(scanner.FieldCount, SignalColumns.Count); column++)
        {
            var name = Text(column);
            if (name != SignalColumns.NameOf(column))
                throw new ReplayInputException(file, 1, column, $"the header has {Printable.Quote(name)} here", expected);
        }

        CheckFieldCount("the header", expected);
    }

    /// <summary>Makes a row of the record that was read last.</summary>
    /// <exception cref="ReplayInputException">It is no row.</exception>
    public SignalRow ReadRow()
    {
        CheckFieldCount("the row", $"{SignalColumns.Count}: {SignalColumns.Header}");
        var row = new SignalRow(
            Time(),
            Choice(SignalColumns.Region, ReplayCluster.Regions, "region"),
            Name(SignalColumns.Locale, "a cohort, like EU"),
            Kept(Text(SignalColumns.Country)),
            Name(SignalColumns.Wiki, "a language edition, like en"),
            Filled(SignalColumns.Page, "a title"),
            Choice(SignalColumns.HomeRegion, ReplayCluster.Regions, "region"),
            Name(SignalColumns.User, "a user"),
            Choice(SignalColumns.Signal, ReplayCluster.Signals, "signal"),
            (int)Number(SignalColumns.Delta, int.MinValue, int.MaxValue, "a whole number of bytes, like 12 or -7"),
            scanner.Line);
        CheckLength(SignalColumns.Page, row.Item, "wiki and page together");
        CheckLength(SignalColumns.User, row.User, "the name's letters");
        return row;
    }

    private void CheckFieldCount(string what, string expected)
    {
        if (scanner.FieldCount == 1 && scanner.Field(1).IsEmpty)
            throw new ReplayInputException(file, scanner.Line, $"{what} is empty", expected);
        if (scanner.FieldCount != SignalColumns.Count)
            throw new ReplayInputException(file, scanner.Line, $"{what} has {Wording.Count(scanner.FieldCount, "column")}", expected);
    }

    // One day, in order: faults and queries are placed by the time of day.
    private long Time()
    {
        const int column = SignalColumns.Time;
        var time = Number(column, 0, DateTimeOffset.MaxValue.ToUnixTimeMilliseconds(), "a whole number of milliseconds since 1970, like 1442018952942");
        var utc = DateTimeOffset.FromUnixTimeMilliseconds(time);
        _day ??= new DateTimeOffset(utc.Date, TimeSpan.Zero);
        if (time < _time)
            throw Fault(column, $"{time} is earlier than the row before, {_time}", "rows in order of time");
        if (utc.Date != _day.Value.Date)
            throw Fault(column, $"{time} lies on {Wording.Day(utc)}", $"a time on {Wording.Day(_day.Value)}, the day of the first row");
        return _time = time;
    }

    private string Choice(int column, IReadOnlyList<string> choices, string noun)
    {
        var text = Text(column);
        foreach (var choice in choices)
        {
            if (text == choice)
                return choice;
        }

        var problem = text.Length == 0 ? $"there is no {noun} here" : $"there is no {noun} {Printable.Quote(text)}";
        throw Fault(column, problem, Wording.AnyOf(choices));
    }

    private string Name(int column, string expected) => Kept(Filled(column, expected));

    private string Filled(int column, string expected)
    {
        var text = Text(column);
        return text.Length > 0 ? text : throw Fault(column, "there is nothing here", expected);
    }

    private string Kept(string name)
    {
        if (_names.TryGetValue(name, out var kept))
            return kept;
        _names.Add(name, name);
        return name;
    }

    private long Number(int column, long least, long most, string expected)
    {
        const NumberStyles style = NumberStyles.AllowLeadingSign;
        var bytes = scanner.Field(column);
        if (long.TryParse(bytes, style, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
            return number;
        var problem = bytes.IsEmpty ? "there is nothing here" : $"{Printable.Quote(Text(column))} cannot stand here";
        throw Fault(column, problem, expected);
    }

    private void CheckLength(int column, string id, string what)
    {
        if (id.Length > RetrieveQuery.MaximumIdBytes / 3 && Utf8.GetByteCount(id) > RetrieveQuery.MaximumIdBytes)
            throw Fault(column, $"{what} take {Utf8.GetByteCount(id):N0} bytes", $"at most {RetrieveQuery.MaximumIdBytes:N0}");
    }

    private string Text(int column)
    {
        try
        {
            return Utf8.GetString(scanner.Field(column));
        }
        catch (DecoderFallbackException)
        {
            throw Fault(column, "these bytes are not UTF-8", "text in UTF-8");
        }
    }

    private ReplayInputException Fault(int column, string problem, string expected) =>
        new(file, scanner.LineOf(column), column, problem, expected);
}

using System.Text;
using Tidal.Cli;

namespace Tidal.Testing.Tests.Cli;

/// <summary>Every error of a file of signals, as its reader sees it: one line.</summary>
public sealed class SignalDayErrorTests
{
    private const string HeaderExpected = $"expected the header {SignalTexts.Header}.";
    private const string RowExpected = $"expected 10: {SignalTexts.Header}.";

    // What stands below the header, and the error.
    public static TheoryData<string, string> Rows => new()
    {
        { "", "day.csv: There are no rows below the header; expected at least one." },
        { "\n", "day.csv, line 2: The row is empty; " + RowExpected },
        { "1,2,3\n", "day.csv, line 2: The row has 3 columns; " + RowExpected },
        { Changed("edit,12", "edit,12,"), "day.csv, line 2: The row has 11 columns; " + RowExpected },
        {
            Changed("1442018952942", "noon"),
            "day.csv, line 2, column 1 (time_ms): 'noon' cannot stand here; expected a whole number of milliseconds since 1970, like 1442018952942."
        },
        {
            Changed("1442018952942", "-1"),
            "day.csv, line 2, column 1 (time_ms): '-1' cannot stand here; expected a whole number of milliseconds since 1970, like 1442018952942."
        },
        {
            Changed("1442018952942", ""),
            "day.csv, line 2, column 1 (time_ms): There is nothing here; expected a whole number of milliseconds since 1970, like 1442018952942."
        },
        {
            SignalTexts.LastRow + "\n" + SignalTexts.Row,
            "day.csv, line 3, column 1 (time_ms): 1442018952942 is earlier than the row before, 1442102399200; expected rows in order of time."
        },
        {
            SignalTexts.Row + "\n" + Changed("1442018952942", "1442102400000"),
            "day.csv, line 3, column 1 (time_ms): 1442102400000 lies on 2015-09-13; expected a time on 2015-09-12, the day of the first row."
        },
        { Changed("2,us-east", "2,us-west"), "day.csv, line 2, column 2 (region): There is no region 'us-west'; expected us-east, eu-west or ap-south." },
        { Changed("2,us-east", "2,"), "day.csv, line 2, column 2 (region): There is no region here; expected us-east, eu-west or ap-south." },
        { Changed("NA", ""), "day.csv, line 2, column 3 (locale): There is nothing here; expected a cohort, like EU." },
        { Changed(",en,", ",,"), "day.csv, line 2, column 5 (wiki): There is nothing here; expected a language edition, like en." },
        { Changed("Jeremy Corbyn", ""), "day.csv, line 2, column 6 (page): There is nothing here; expected a title." },
        { Changed("Jeremy Corbyn", "\"\""), "day.csv, line 2, column 6 (page): There is nothing here; expected a title." },
        { Changed("us-east,u1", "US-EAST,u1"), "day.csv, line 2, column 7 (home_region): There is no region 'US-EAST'; expected us-east, eu-west or ap-south." },
        { Changed("u1", ""), "day.csv, line 2, column 8 (user): There is nothing here; expected a user." },
        { Changed("edit", "like"), "day.csv, line 2, column 9 (signal): There is no signal 'like'; expected edit, create, revert or bot_edit." },
        { Changed("12", "1.5"), "day.csv, line 2, column 10 (delta): '1.5' cannot stand here; expected a whole number of bytes, like 12 or -7." },
        { Changed("12", "2147483648"), "day.csv, line 2, column 10 (delta): '2147483648' cannot stand here; expected a whole number of bytes, like 12 or -7." },
        {
            Changed("Jeremy Corbyn", "Jeremy \"Corbyn\""),
            "day.csv, line 2, column 6 (page): A quotation mark stands in the middle of a field; expected the whole field between quotation marks, and those in it doubled."
        },
        {
            Changed("Jeremy Corbyn", "\"Jeremy\" Corbyn"),
            "day.csv, line 2, column 6 (page): There is more text behind a closing quotation mark; expected a comma or the end of the line."
        },
        {
            Changed("Jeremy Corbyn", "\"Jeremy Corbyn"),
            "day.csv, line 2, column 6 (page): The file ends between quotation marks; expected a closing quotation mark."
        },
        {
            Changed("Jeremy Corbyn", new string('x', 1_100)),
            "day.csv, line 2, column 6 (page): Wiki and page together take 1,103 bytes; expected at most 1,024."
        },
        {
            Changed("Jeremy Corbyn", "\"" + new string('x', 70_000)),
            "day.csv, line 2, column 6 (page): The row is too long; expected at most 65,536 bytes (a quotation mark may be open)."
        },
        { Changed("us-east,u1", "\u001B[2J\u202Eabc,u1"), "day.csv, line 2, column 7 (home_region): There is no region '\uFFFD[2J\uFFFDabc'; expected us-east, eu-west or ap-south." },
        {
            Changed("2,us-east", "2," + new string('東', 50)),
            $"day.csv, line 2, column 2 (region): There is no region '{new string('東', 40)}…'; expected us-east, eu-west or ap-south."
        },
    };

    // A whole file, and the error.
    public static TheoryData<string, string> Headers => new()
    {
        { "", "day.csv: This file is empty; " + HeaderExpected },
        { "\n", "day.csv, line 1, column 1 (time_ms): The header has '' here; " + HeaderExpected },
        { SignalTexts.Row, "day.csv, line 1, column 1 (time_ms): The header has '1442018952942' here; " + HeaderExpected },
        {
            SignalTexts.Header.Replace("locale,country", "country,locale", StringComparison.Ordinal),
            "day.csv, line 1, column 3 (locale): The header has 'country' here; " + HeaderExpected
        },
        { "time_ms,region,locale", "day.csv, line 1: The header has 3 columns; " + HeaderExpected },
        { SignalTexts.Header + ",comment", "day.csv, line 1: The header has 11 columns; " + HeaderExpected },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_wrong_row_is_refused_with_its_place(string rows, string message) =>
        MessageOf(Encoding.UTF8.GetBytes(SignalTexts.Header + "\n" + rows)).Should().Be(message);

    [Theory]
    [MemberData(nameof(Headers))]
    public void A_wrong_header_is_refused(string text, string message) =>
        MessageOf(Encoding.UTF8.GetBytes(text)).Should().Be(message);

    [Fact]
    public void An_error_behind_a_title_of_two_lines_is_on_the_line_of_its_field() =>
        MessageOf(Encoding.UTF8.GetBytes(SignalTexts.File(Changed("Jeremy Corbyn,us-east", "\"two\nlines\",here")))).Should().Be(
            "day.csv, line 3, column 7 (home_region): There is no region 'here'; expected us-east, eu-west or ap-south.");

    [Fact]
    public void Bytes_that_are_not_utf8_are_refused()
    {
        var bytes = Encoding.Latin1.GetBytes(SignalTexts.File(Changed("Jeremy Corbyn", "Poincaré")));
        MessageOf(bytes).Should().Be("day.csv, line 2, column 6 (page): These bytes are not UTF-8; expected text in UTF-8.");
    }

    [Fact]
    public void Gzip_data_under_the_name_of_a_plain_file_are_refused() =>
        MessageOf(SignalTexts.Pack([1, 2, 3])).Should().Be("day.csv: These are gzip data; expected plain text, or a name that ends in .gz.");

    private static string Changed(string from, string to)
    {
        var place = SignalTexts.Row.IndexOf(from, StringComparison.Ordinal);
        return SignalTexts.Row[..place] + to + SignalTexts.Row[(place + from.Length)..];
    }

    private static string MessageOf(byte[] bytes) =>
        FluentActions.Invoking(() => SignalTexts.Read(bytes)).Should().Throw<ReplayInputException>().Which.Message;
}

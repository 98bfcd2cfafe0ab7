using System.Text;
using Tidal.Cli;

namespace Tidal.Testing.Tests.Cli;

/// <summary>What is read from a file of signals.</summary>
public sealed class SignalDayTests
{
    [Fact]
    public void The_day_that_comes_with_the_program_is_read_whole()
    {
        var rows = SignalDay.Read(SignalDay.DefaultFile).ToList();
        rows.Should().HaveCount(31_509);
        rows.Select(row => row.User).Distinct().Should().HaveCount(8_810);
        rows.Select(row => row.Item).Distinct().Should().HaveCount(29_049);
        rows[^1].Should().Be(new SignalRow(
            1442102399200, "us-east", "NA", "", "en", "Tom Watson (politician)", "us-east", "9d1f969d586e", "edit", 182, 31_510));
        rows.Select(row => row.Page).Should().Contain(["Muhammad: The \"Banned\" Images", "향가"]);
    }

    [Theory]
    [InlineData("\"a, b\"", "a, b")]
    [InlineData("\"a \"\"b\"\"\"", "a \"b\"")]
    [InlineData("\"two\nlines\"", "two\nlines")]
    [InlineData("\"\"\"\"", "\"")]
    [InlineData("東京 😀", "東京 😀")]
    [InlineData(" blanks ", " blanks ")]
    public void A_title_is_read_as_it_is_written(string written, string title) =>
        SignalTexts.Read(SignalTexts.File(SignalTexts.Row.Replace("Jeremy Corbyn", written, StringComparison.Ordinal)))
            .Should().ContainSingle().Which.Page.Should().Be(title);

    [Theory]
    [InlineData("\n", true)]
    [InlineData("\n", false)]
    [InlineData("\r\n", true)]
    [InlineData("\r\n", false)]
    public void Lines_end_with_a_line_feed_and_maybe_a_carriage_return(string lineEnd, bool endsWithOne)
    {
        var text = string.Join(lineEnd, SignalTexts.Header, SignalTexts.Row, SignalTexts.LastRow) + (endsWithOne ? lineEnd : "");
        SignalTexts.Read(text).Select(row => (row.Line, row.Delta)).Should().Equal((2, 12), (3, -3));
    }

    [Fact]
    public void A_row_says_on_which_line_it_begins()
    {
        var twoLines = SignalTexts.Row.Replace("Jeremy Corbyn", "\"two\nlines\"", StringComparison.Ordinal);
        SignalTexts.Read(SignalTexts.File(twoLines, SignalTexts.LastRow)).Select(row => row.Line).Should().Equal(2, 4);
    }

    [Fact]
    public void A_byte_order_mark_is_passed_over() =>
        SignalTexts.Read("\uFEFF" + SignalTexts.File(SignalTexts.Row)).Should().ContainSingle();

    [Fact]
    public void A_row_is_read_however_the_bytes_arrive()
    {
        var bytes = Encoding.UTF8.GetBytes(SignalTexts.File(SignalTexts.Row.Replace("Jeremy Corbyn", "\"東 \"\"京\"\"\"", StringComparison.Ordinal)));
        SignalDay.Read(new SlowStream(bytes), "day.csv").ToList().Should().Equal(SignalTexts.Read(bytes)).And.ContainSingle();
    }

    [Fact]
    public void Rows_are_read_one_by_one()
    {
        var rows = SignalDay.Read(new MemoryStream(Encoding.UTF8.GetBytes(SignalTexts.File(SignalTexts.Row, "no row"))), "day.csv");
        rows.First().Page.Should().Be("Jeremy Corbyn");
    }

    private sealed class SlowStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(1, buffer.Length)]);
    }
}

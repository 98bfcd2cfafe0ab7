using System.Text;
using Tidal.Cli;

namespace Tidal.Testing.Tests.Cli;

/// <summary>Files of signals that cannot be opened or unpacked.</summary>
public sealed class SignalFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly byte[] _text = Encoding.UTF8.GetBytes(SignalTexts.File([.. Enumerable.Repeat(SignalTexts.Row, 300)]));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_missing_file_is_said_to_be_missing() =>
        MessageOf("nowhere/day.csv.gz").Should().Be("nowhere/day.csv.gz: There is no such file; expected a .csv or .csv.gz file of signals.");

    [Fact]
    public void A_directory_is_no_file()
    {
        var folder = Path.GetTempPath();
        MessageOf(folder).Should().Be($"{folder}: This is a directory; expected a .csv or .csv.gz file of signals.");
    }

    [Fact]
    public void A_packed_file_is_read_like_a_plain_one()
    {
        var (plain, packed) = (_folder.Write("day.csv", _text), _folder.Write("day.csv.gz", SignalTexts.Pack(_text)));
        SignalDay.Read(packed).Should().Equal(SignalDay.Read(plain)).And.HaveCount(300);
    }

    [Fact]
    public void Files_packed_one_after_another_are_read_as_one()
    {
        var file = _folder.Write("day.csv.gz", [.. SignalTexts.Pack(_text), .. SignalTexts.Pack(Encoding.UTF8.GetBytes(SignalTexts.LastRow))]);
        SignalDay.Read(file).Should().HaveCount(301);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(500)]
    public void Plain_text_under_the_name_of_a_packed_file_is_refused(int length)
    {
        var file = _folder.Write("day.csv.gz", _text[..length]);
        MessageOf(file).Should().Be($"{file}: This is not a gzip file; expected gzip data, or a name that ends in .csv for plain text.");
    }

    [Fact]
    public void A_packed_file_that_is_cut_anywhere_is_refused()
    {
        var packed = SignalTexts.Pack(_text);
        for (var length = 2; length < packed.Length; length++)
        {
            var file = _folder.Write("day.csv.gz", packed[..length]);
            MessageOf(file).Should().Be($"{file}: The gzip data are cut short; expected a whole gzip file.", "it is cut after {0} bytes", length);
        }
    }

    [Fact]
    public void A_packed_file_that_is_damaged_is_refused()
    {
        var packed = SignalTexts.Pack(_text);
        packed[^6] ^= 1;
        var file = _folder.Write("day.csv.gz", packed);
        MessageOf(file).Should().Be($"{file}: The gzip data are damaged; expected a whole gzip file.");
    }

    private static string MessageOf(string file) =>
        FluentActions.Invoking(() => SignalDay.Read(file).Count()).Should().Throw<ReplayInputException>().Which.Message;
}

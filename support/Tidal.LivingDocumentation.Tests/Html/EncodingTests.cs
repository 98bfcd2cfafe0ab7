using AngleSharp.Html.Parser;
using Tidal.LivingDocumentation.Report.Html;

namespace Tidal.LivingDocumentation.Tests.Html;

public sealed class EncodingTests
{
    [Theory]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("\" onclick=\"alert(1)")]
    [InlineData("' onclick='alert(1)")]
    [InlineData("</style></title><!-- --> ]]>")]
    [InlineData("&amp; &lt; &#60; &unknown;")]
    [InlineData("العربية \u202Eright to left\u202C 日本語 🦀🦀")]
    public void A_text_is_read_as_it_was_written_in_elements_and_in_attributes(string text)
    {
        var to = new StringWriter();
        new Page(to).Write($"<p title=\"{text}\">{text}</p>");

        var read = new HtmlParser(new HtmlParserOptions { IsStrictMode = false }).ParseDocument(to.ToString()).QuerySelector("p")!;

        read.TextContent.Should().Be(text);
        read.Attributes.Should().ContainSingle().Which.Value.Should().Be(text);
    }

    [Theory]
    [InlineData("a\0b", "a�b")]
    [InlineData("a\u001bb\u007f", "a�b�")]
    [InlineData("line\r\nline", "line\nline")]
    public void What_no_page_may_hold_is_replaced(string text, string written)
    {
        var to = new StringWriter();
        new Page(to).WriteText(text);

        to.ToString().Should().Be(written);
    }

    [Fact]
    public void Half_a_character_is_replaced()
    {
        var to = new StringWriter();
        new Page(to).WriteText("\udd80 half \ud83e");

        to.ToString().Should().Be("� half �");
    }
}

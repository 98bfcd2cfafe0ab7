using System.Xml.Linq;
using Tidal.LivingDocumentation.Records;

namespace Tidal.LivingDocumentation.Tests.Html;

public sealed class PictureStyleTests
{
    [Theory]
    [InlineData("<svg viewBox=\"0 0 9 9\"><rect class=\"g\"/></svg>")]
    [InlineData("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 9 9\"><rect class=\"g\"/></svg>")]
    public void A_drawing_of_its_own_is_a_whole_file_with_light_and_dark_colours(string svg)
    {
        var root = XDocument.Parse(PictureStyle.Standalone(svg)).Root!;

        root.Name.Should().Be(XName.Get("svg", "http://www.w3.org/2000/svg"));
        root.Attribute("viewBox")!.Value.Should().Be("0 0 9 9");
        root.Elements().Select(element => element.Name.LocalName).Should().Equal("style", "rect");
        root.Value.Should().Contain("svg .g{color:#1d6f42}").And.Contain("@media (prefers-color-scheme:dark){").And.Contain("svg .g{color:#69c48f}").And.NotContain("light-dark");
    }

    [Theory]
    [InlineData("")]
    [InlineData("<p/>")]
    [InlineData("<svgx></svgx>")]
    public void Nothing_else_is_taken_for_a_drawing(string text) => FluentActions.Invoking(() => PictureStyle.Standalone(text)).Should().Throw<ArgumentException>();
}

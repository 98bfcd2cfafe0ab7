using Tidal.LivingDocumentation.Report.Html;

namespace Tidal.LivingDocumentation.Tests.Html;

public sealed class SvgCleanerTests
{
    [Fact]
    public void Known_shapes_numbers_and_classes_stay()
    {
        const string svg = "<svg viewBox=\"0 0 9 9\"><g class=\"t f\" transform=\"translate(1 2) rotate(-3.5)\"><path d=\"M1 2l3-4z\" fill=\"none\" data-e=\"3\"/><text x=\"1\" text-anchor=\"end\">a &lt; b</text></g></svg>";

        var clean = SvgCleaner.Clean(svg)!;

        clean.Markup.Should().Be(svg.Replace("<svg ", "<svg aria-hidden=\"true\" "));
        clean.Classes.Should().BeEquivalentTo("t", "f");
    }

    [Theory]
    [InlineData("<svg><script>alert(1)</script></svg>")]
    [InlineData("<svg><style>*{fill:url(http://x)}</style></svg>")]
    [InlineData("<svg><foreignObject><b>x</b></foreignObject></svg>")]
    [InlineData("<svg><image href=\"http://x\"/></svg>")]
    [InlineData("<svg><use href=\"#a\"/></svg>")]
    [InlineData("<svg><a href=\"javascript:alert(1)\"><text>x</text></a></svg>")]
    [InlineData("<svg><animate attributeName=\"x\"/></svg>")]
    [InlineData("<svg><x:script xmlns:x=\"http://www.w3.org/1999/xhtml\">alert(1)</x:script></svg>")]
    public void Elements_that_are_not_known_are_left_out_with_all_that_is_in_them(string svg) =>
        SvgCleaner.Clean(svg)!.Markup.Should().Be("<svg aria-hidden=\"true\"></svg>");

    [Theory]
    [InlineData("onload=\"alert(1)\"")]
    [InlineData("style=\"fill:red\"")]
    [InlineData("id=\"verdict\"")]
    [InlineData("class=\"mast\"")]
    [InlineData("class=\"g evil\"")]
    [InlineData("fill=\"url(http://x)\"")]
    [InlineData("x=\"1;javascript\"")]
    [InlineData("transform=\"url(#a)\"")]
    [InlineData("href=\"http://x\"")]
    [InlineData("tabindex=\"0\"")]
    public void Attributes_that_are_not_known_are_left_out(string attribute) =>
        SvgCleaner.Clean($"<svg><rect {attribute}/></svg>")!.Markup.Should().Be("<svg aria-hidden=\"true\"><rect/></svg>");

    [Theory]
    [InlineData("")]
    [InlineData("<p>no drawing</p>")]
    [InlineData("<svg><rect></svg>")]
    [InlineData("<!DOCTYPE svg [<!ENTITY a \"b\">]><svg>&a;</svg>")]
    public void What_cannot_be_read_is_no_drawing(string svg) => SvgCleaner.Clean(svg).Should().BeNull();

    [Fact]
    public void A_drawing_that_is_too_long_is_none() => SvgCleaner.Clean($"<svg><text>{new string('x', 1_000_001)}</text></svg>").Should().BeNull();

    [Fact]
    public void Texts_stay_texts() =>
        SvgCleaner.Clean("<svg><text><![CDATA[<script>alert(1)</script>]]> &amp;amp;</text></svg>")!.Markup.Should().Be(
            "<svg aria-hidden=\"true\"><text>&lt;script&gt;alert(1)&lt;/script&gt; &amp;amp;</text></svg>");
}

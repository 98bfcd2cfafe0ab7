using Tidal.LivingDocumentation.Report.Html;
using Tidal.LivingDocumentation.Report.Model;

namespace Tidal.LivingDocumentation.Tests.Html;

public sealed class TextTests
{
    private static readonly Term[] Terms = [new("signal", "What a user did.", ["signals"]), new("signal record", "Longer.", []), new("<b>", "Hostile.", ["$^("])];

    [Theory]
    [InlineData("A signal and other signals.", "<p dir=\"auto\">A <a class=\"gw\" href=\"#word-1\">signal</a> and other signals.</p>\n")]
    [InlineData("A Signal record.", "<p dir=\"auto\">A <a class=\"gw\" href=\"#word-2\">Signal record</a>.</p>\n")]
    [InlineData("signalling, signal-like", "<p dir=\"auto\">signalling, signal-like</p>\n")]
    [InlineData("a <b>", "<p dir=\"auto\">a <a class=\"gw\" href=\"#word-3\">&lt;b&gt;</a></p>\n")]
    [InlineData("<i>", "<p dir=\"auto\">&lt;i&gt;</p>\n")]
    public void The_first_of_a_word_in_a_paragraph_leads_to_the_glossary(string text, string markup)
    {
        var to = new StringWriter();
        new Prose(Terms).Write(new Page(to), [text]);

        to.ToString().Should().Be(markup);
    }

    [Theory]
    [InlineData("\"ana\" sends 20 of <b>", "<em>&quot;ana&quot;</em> sends <em>20</em> of &lt;b&gt;")]
    [InlineData("in <region> for \"<item>\"", "in <var>&lt;region&gt;</var> for <em>&quot;<var>&lt;item&gt;</var>&quot;</em>")]
    [InlineData("at 00:00:01, 2.5 s, us-east2", "at <em>00:00:01</em>, <em>2.5</em> s, us-east2")]
    [InlineData("\"unclosed <script>", "&quot;unclosed &lt;script&gt;")]
    public void What_varies_in_a_step_stands_out(string text, string markup)
    {
        var to = new StringWriter();
        StepWords.Write(new Page(to), text, ["region", "item"]);

        to.ToString().Should().Be(markup);
    }

    [Theory]
    [InlineData(412345, "412,345")]
    [InlineData(0.412, "0.412")]
    [InlineData(12.54, "12.5")]
    [InlineData(0.000001, "0.000001")]
    [InlineData(3e-13, "3e-13")]
    [InlineData(25_114.4, "25,114")]
    public void Numbers_say_no_more_than_they_know(double number, string text) => Words.Number(number).Should().Be(text);

    [Theory]
    [InlineData(0.4, "< 1 ms")]
    [InlineData(999.4, "999 ms")]
    [InlineData(1_250, "1.3 s")]
    [InlineData(61_500, "1 min 02 s")]
    public void Durations_are_short(double milliseconds, string text) => Words.Duration(milliseconds).Replace('\u00a0', ' ').Should().Be(text);
}

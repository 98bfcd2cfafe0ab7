using System.Text;
using Tidal.LivingDocumentation.Records;
using Tidal.LivingDocumentation.Report.Html;
using Tidal.LivingDocumentation.Report.Model;

namespace Tidal.LivingDocumentation.Tests.Html;

public sealed class SizeTests
{
    private const int Bytes = 5_000_000;
    private const int DrawingBytes = 8_000;

    /// <summary>300 examples with a drawing of 8 KB each, a tenth of them in real time as well.</summary>
    [Fact]
    public void Three_hundred_examples_with_drawings_stay_below_five_megabytes()
    {
        var document = WithDrawings(Rendered.Passing.Document, 300);
        var to = new StringWriter();

        HtmlDocument.Write(document, to);

        document.Examples.SelectMany(example => example.Runs).Count(run => run.Evidence.Count > 0).Should().BeGreaterThanOrEqualTo(300);
        System.Text.Encoding.UTF8.GetByteCount(to.ToString()).Should().BeLessThan(Bytes);
    }

    private static Document WithDrawings(Document document, int count)
    {
        var left = count;
        return document with
        {
            Capabilities = [.. document.Capabilities.Select(capability => capability with { Features = [.. capability.Features.Select(feature => feature with { Rules = [.. feature.Rules.Select(Rule)] })] })],
        };

        RuleDocument Rule(RuleDocument rule) => rule with { Scenarios = [.. rule.Scenarios.Select(scenario => scenario with { Examples = [.. scenario.Examples.Select(Drawn)] })] };

        Example Drawn(Example example) => example with { Runs = [.. example.Runs.Select(run => run with { Evidence = left-- > 0 || example.Runs.Count > 1 ? [Drawing] : [] })] };
    }

    private static Picture Drawing { get; } = new("What happened", "A timeline.", "timeline", Svg(), [.. Enumerable.Range(0, 25).Select(number => new PictureEvent($"{number}.250 s", "us-east/2", "replica 1 is the primary, in epoch 2, of five shards"))]);

    private static string Svg()
    {
        var svg = new StringBuilder("<svg viewBox=\"0 0 960 270\">");
        for (var number = 0; svg.Length < DrawingBytes; number++)
            svg.Append(System.Globalization.CultureInfo.InvariantCulture, $"<path class=\"e\" data-e=\"{number % 25}\" d=\"M{118 + number} {100.5 + number}l6 11h-12z\"/><text class=\"t\" data-e=\"{number % 25}\" x=\"{126 + number}\" y=\"104\">epoch 2</text>");
        return svg.Append("</svg>").ToString();
    }
}

using System.Globalization;
using System.Text.RegularExpressions;
using Tidal.LivingDocumentation.Records;
using Tidal.LivingDocumentation.Report.Html;

namespace Tidal.LivingDocumentation.Tests.Html;

/// <summary>Holds every pair of colours that the page lays on each other against WCAG 2.2 AA, on light and on dark ground.</summary>
public sealed partial class ContrastTests
{
    private static readonly Dictionary<string, string[]> Palette = PalettePattern().Matches(Assets.Style)
        .ToDictionary(match => match.Groups[1].Value, match => (string[])[match.Groups[2].Value, match.Groups[3].Value]);

    [Theory]
    [InlineData("ink", "paper")]
    [InlineData("ink", "raised")]
    [InlineData("ink", "no-ground")]
    [InlineData("ink", "hit")]
    [InlineData("muted", "paper")]
    [InlineData("muted", "raised")]
    [InlineData("muted", "no-ground")]
    [InlineData("accent", "paper")]
    [InlineData("accent", "raised")]
    [InlineData("accent", "no-ground")]
    [InlineData("accent", "hit")]
    [InlineData("on-accent", "accent")]
    [InlineData("paper", "ink")]
    [InlineData("ok", "paper")]
    [InlineData("no", "paper")]
    [InlineData("no", "no-ground")]
    [InlineData("na", "paper")]
    public void Text_can_be_read(string text, string ground) => Pair(text, ground).Should().AllSatisfy(contrast => contrast.Should().BeGreaterThanOrEqualTo(4.5));

    [Theory]
    [InlineData("edge", "paper")]
    [InlineData("edge", "raised")]
    [InlineData("ok", "line")]
    [InlineData("no", "line")]
    [InlineData("ok", "no-ground")]
    [InlineData("ink", "line")]
    public void Signs_and_edges_can_be_seen(string sign, string ground) => Pair(sign, ground).Should().AllSatisfy(contrast => contrast.Should().BeGreaterThanOrEqualTo(3));

    [Fact]
    public void What_drawings_say_can_be_read()
    {
        var colours = PicturePattern().Matches(PictureStyle.Rules).ToList();

        colours.Should().HaveCountGreaterThan(9);
        foreach (var colour in colours.Where(colour => colour.Groups[1].Value != "svg .f"))
        {
            for (var scheme = 0; scheme < 2; scheme++)
                Contrast(colour.Groups[scheme + 2].Value, Palette["paper"][scheme]).Should().BeGreaterThanOrEqualTo(4.5, colour.Value);
        }
    }

    [Fact]
    public void Every_class_of_drawings_has_a_colour() =>
        typeof(PictureClasses).GetFields().Select(field => $"svg .{field.GetRawConstantValue()}").Should().BeSubsetOf(PicturePattern().Matches(PictureStyle.Rules).Select(match => match.Groups[1].Value));

    [Fact]
    public void No_colour_is_named_outside_the_palette()
    {
        var rules = Assets.Style.Replace(PictureStyle.Rules, "", StringComparison.Ordinal);

        ColourPattern().Matches(PalettePattern().Replace(rules[..^PictureStyle.Rules.Length], "")).Should().BeEmpty();
    }

    private static IEnumerable<double> Pair(string one, string other) => [Contrast(Palette[one][0], Palette[other][0]), Contrast(Palette[one][1], Palette[other][1])];

    private static double Contrast(string one, string other)
    {
        var (first, second) = (Luminance(one), Luminance(other));
        return (Math.Max(first, second) + 0.05) / (Math.Min(first, second) + 0.05);
    }

    private static double Luminance(string colour) => 0.2126 * Part(colour, 1) + 0.7152 * Part(colour, 3) + 0.0722 * Part(colour, 5);

    private static double Part(string colour, int at)
    {
        var share = int.Parse(colour.AsSpan(at, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0;
        return share <= 0.04045 ? share / 12.92 : Math.Pow((share + 0.055) / 1.055, 2.4);
    }

    [GeneratedRegex(@"--([a-z-]+):light-dark\((#[0-9a-f]{6}),(#[0-9a-f]{6})\);")]
    private static partial Regex PalettePattern();

    [GeneratedRegex(@"^([^{}]*)\{color:light-dark\((#[0-9a-f]{6}),(#[0-9a-f]{6})\)", RegexOptions.Multiline)]
    private static partial Regex PicturePattern();

    [GeneratedRegex(@"[:\s,(](#[0-9a-fA-F]{3,8}\b|rgba?\(|hsla?\()")]
    private static partial Regex ColourPattern();
}

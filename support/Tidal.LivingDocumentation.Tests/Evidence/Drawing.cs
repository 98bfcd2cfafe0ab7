using System.Globalization;
using System.Xml.Linq;
using Tidal.LivingDocumentation.Records;

namespace Tidal.LivingDocumentation.Tests.Drawings;

/// <summary>Reads a drawing as its reader does: what a place on it means is told by the axis alone.</summary>
internal sealed class Drawing
{
    private readonly Picture _picture;
    private readonly List<(double X, double Seconds)> _ticks;

    public Drawing(Picture picture)
    {
        _picture = picture;
        Root = XDocument.Parse(picture.Svg).Root!;
        _ticks = [
            .. Elements("text").Where(text => text.Attribute("text-anchor")?.Value == "middle" && text.Value.EndsWith(" s", StringComparison.Ordinal))
                .Select(text => (Number(text, "x"), double.Parse(text.Value[..^2], CultureInfo.InvariantCulture))).OrderBy(tick => tick.Item1),
        ];
    }

    public XElement Root { get; }

    public IReadOnlyList<PictureEvent> Events => _picture.Events;

    public IEnumerable<XElement> All => Root.Descendants();

    public IEnumerable<XElement> Elements(string name) => All.Where(element => element.Name.LocalName == name);

    /// <summary>The one event that says something.</summary>
    public int EventOf(string words) => Enumerable.Range(0, Events.Count).Single(number => Events[number].What.Contains(words, StringComparison.Ordinal));

    /// <summary>What is drawn for an event.</summary>
    public IReadOnlyList<XElement> DrawnFor(int number) => [.. All.Where(element => element.Attribute("data-e")?.Value == $"{number}")];

    /// <summary>The time at a place, by the two ticks next to it.</summary>
    public double SecondsAt(double x)
    {
        var after = Math.Clamp(_ticks.FindIndex(tick => tick.X >= x), 1, _ticks.Count - 1);
        if (x > _ticks[^1].X)
            after = _ticks.Count - 1;
        var (from, to) = (_ticks[after - 1], _ticks[after]);
        return from.Seconds + (x - from.X) * (to.Seconds - from.Seconds) / (to.X - from.X);
    }

    /// <summary>From when to when a rectangle lasts.</summary>
    public (double From, double To) SpanOf(XElement rectangle) =>
        (SecondsAt(Number(rectangle, "x")), SecondsAt(Number(rectangle, "x") + Number(rectangle, "width")));

    /// <summary>When the mark stands that a path draws around its first point, so far from it.</summary>
    public double TimeOf(XElement path, double fromFirstPoint) =>
        SecondsAt(double.Parse(path.Attribute("d")!.Value[1..].Split(' ')[0], CultureInfo.InvariantCulture) - fromFirstPoint);

    /// <summary>How high a label stands.</summary>
    public double HeightOf(string label) => Number(Elements("text").First(text => text.Value == label), "y");

    /// <summary>Whether a rectangle covers a height.</summary>
    public static bool Covers(XElement rectangle, double y) => Number(rectangle, "y") < y && y < Number(rectangle, "y") + Number(rectangle, "height");

    public static double Number(XElement element, string attribute) => double.Parse(element.Attribute(attribute)!.Value, CultureInfo.InvariantCulture);
}

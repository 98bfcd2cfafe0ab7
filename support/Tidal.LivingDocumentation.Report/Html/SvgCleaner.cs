using System.Text.RegularExpressions;
using System.Xml;
using Tidal.LivingDocumentation.Records;

namespace Tidal.LivingDocumentation.Report.Html;

/// <summary>A drawing that is fit for the page.</summary>
/// <param name="Markup">The element.</param>
/// <param name="Classes">The classes in it.</param>
internal sealed record CleanDrawing(string Markup, IReadOnlySet<string> Classes);

/// <summary>
/// Drawings are the one place where what a run left behind is taken as markup. So it is read as XML and written anew, with known shapes,
/// numbers, and the classes of <see cref="PictureClasses"/>; whatever else it holds is left out, with all that is in it.
/// </summary>
internal static partial class SvgCleaner
{
    /// <summary>A drawing longer than this, in characters, is none.</summary>
    private const int MaxLength = 1_000_000;

    private static readonly HashSet<string> Elements = ["svg", "g", "rect", "circle", "ellipse", "line", "polyline", "polygon", "path", "text", "tspan"];
    private static readonly HashSet<string> Classes = ["t", "f", "g", "b", "p", "e", "m", "a", "d", "l"];
    private static readonly HashSet<string> Numbers =
    [
        "x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "rx", "ry", "dx", "dy", "width", "height", "points", "viewBox", "data-e",
        "opacity", "fill-opacity", "stroke-opacity", "stroke-width", "stroke-dasharray", "font-size",
    ];

    private static readonly Dictionary<string, HashSet<string>> Choices = new(StringComparer.Ordinal)
    {
        ["fill"] = ["none"],
        ["text-anchor"] = ["start", "middle", "end"],
        ["dominant-baseline"] = ["auto", "middle", "central", "hanging"],
        ["font-weight"] = ["bold", "600", "700"],
        ["stroke-linecap"] = ["round", "butt", "square"],
        ["stroke-linejoin"] = ["round", "miter", "bevel"],
        ["preserveAspectRatio"] = ["none", "xMidYMid", "xMinYMin", "xMidYMid meet", "xMinYMin meet", "xMinYMid meet"],
    };

    /// <summary>The drawing without what is unknown; null if it cannot be read.</summary>
    /// <param name="svg">The element.</param>
    public static CleanDrawing? Clean(string svg)
    {
        var to = new StringWriter();
        var classes = new HashSet<string>(StringComparer.Ordinal);
        try
        {
            using var from = XmlReader.Create(new StringReader(svg), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = MaxLength });
            from.MoveToContent();
            if (from.LocalName != "svg")
                return null;
            Copy(from, new Page(to), classes);
        }
        catch (XmlException)
        {
            return null;
        }
        return new CleanDrawing(to.ToString(), classes);
    }

    private static void Copy(XmlReader from, Page to, HashSet<string> classes)
    {
        while (!from.EOF)
        {
            if (from.NodeType == XmlNodeType.Element && !Elements.Contains(from.Name))
            {
                from.Skip();
                continue;
            }
            if (from.NodeType == XmlNodeType.Element)
                CopyElement(from, to, classes);
            else if (from.NodeType == XmlNodeType.EndElement)
                to.WriteAsIs($"</{from.Name}>");
            else if (from.NodeType is XmlNodeType.Text or XmlNodeType.CDATA)
                to.WriteText(from.Value);
            from.Read();
        }
    }

    private static void CopyElement(XmlReader from, Page to, HashSet<string> classes)
    {
        var (name, isEmpty) = (from.Name, from.IsEmptyElement);
        to.WriteAsIs("<" + name);
        if (from.Depth == 0)
            to.WriteAsIs(" aria-hidden=\"true\"");
        while (from.MoveToNextAttribute())
        {
            if (!IsKnown(name, from.Name, from.Value))
                continue;
            to.WriteAsIs($" {from.Name}=");
            to.Write($"\"{from.Value}\"");
            if (from.Name == "class")
                classes.UnionWith(from.Value.Split(' '));
        }
        to.WriteAsIs(isEmpty ? "/>" : ">");
    }

    private static bool IsKnown(string element, string name, string value) => name switch
    {
        "class" => value.Split(' ').All(Classes.Contains),
        "d" => element == "path" && PathPattern().IsMatch(value),
        "transform" => TransformPattern().IsMatch(value),
        _ => Numbers.Contains(name) ? NumbersPattern().IsMatch(value) : Choices.TryGetValue(name, out var choices) && choices.Contains(value),
    };

    [GeneratedRegex(@"^[-+0-9.,eE%\s]*\z")]
    private static partial Regex NumbersPattern();

    [GeneratedRegex(@"^[-+0-9.,eE\sMmLlHhVvCcSsQqTtAaZz]*\z")]
    private static partial Regex PathPattern();

    [GeneratedRegex(@"^(?:\s*(?:translate|rotate|scale)\([-+0-9.,eE\s]*\))*\s*\z")]
    private static partial Regex TransformPattern();
}

using System.Globalization;
using System.Text;

namespace Tidal.LivingDocumentation.Drawing;

/// <summary>
/// Writes a drawing. Every text and every name goes through <see cref="Escape"/>; coordinates have one decimal at most. Elements take an event's
/// number where they tell of one. Not safe for use by several threads.
/// </summary>
internal sealed class Svg
{
    /// <summary>About how wide a letter is, at 11 units.</summary>
    private const double Letter = 6.2;

    private readonly StringBuilder _body = new();

    /// <summary>Elements drawn so far.</summary>
    public int Elements { get; private set; }

    /// <summary>How wide a text is, about.</summary>
    public static double WidthOf(string text) => text.Length * Letter;

    /// <summary>The whole drawing.</summary>
    public string Of(double width, double height, string label) =>
        $"<svg viewBox=\"0 0 {N(width)} {N(height)}\" role=\"img\" aria-label=\"{Escape(label)}\" font-size=\"11\">{_body}</svg>";

    /// <summary>A rectangle.</summary>
    public void Rect(string style, double x, double y, double width, double height, int? happened = null) =>
        Add($"<rect{Of(style, happened)} x=\"{N(x)}\" y=\"{N(y)}\" width=\"{N(Math.Max(0.5, width))}\" height=\"{N(height)}\"/>");

    /// <summary>A filled path.</summary>
    public void Fill(string style, string path, int? happened = null) => Add($"<path{Of(style, happened)} d=\"{path}\"/>");

    /// <summary>A path that is drawn with a line.</summary>
    public void Line(string style, string path, double width = 1, int? happened = null) =>
        Add($"<path{Of(style, happened)} fill=\"none\" stroke-width=\"{N(width)}\" d=\"{path}\"/>");

    /// <summary>A text; <paramref name="anchor"/> is start, middle or end.</summary>
    public void Text(string style, double x, double y, string text, string anchor = "start", int? happened = null)
    {
        var anchored = anchor == "start" ? "" : $" text-anchor=\"{anchor}\"";
        Add($"<text{Of(style, happened)} x=\"{N(x)}\" y=\"{N(y)}\"{anchored}>{Escape(text)}</text>");
    }

    /// <summary>A number as it stands in a drawing.</summary>
    public static string N(double number) => Math.Round(number, 1).ToString("0.#", CultureInfo.InvariantCulture);

    /// <summary>
    /// A text that can do no harm in an element or an attribute: marked up, without characters that XML does not know, and with those that turn
    /// the direction of what follows taken out.
    /// </summary>
    public static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        for (var place = 0; place < text.Length; place++)
        {
            if (place + 1 < text.Length && char.IsSurrogatePair(text[place], text[place + 1]))
                escaped.Append(text, place++, 2);
            else
                Append(escaped, text[place]);
        }
        return escaped.ToString();
    }

    /// <summary>A text that is no longer than so many letters.</summary>
    public static string Cut(string text, int letters)
    {
        if (text.Length <= letters)
            return text;
        var end = char.IsHighSurrogate(text[letters - 2]) ? letters - 2 : letters - 1;
        return $"{text[..end]}…";
    }

    private static void Append(StringBuilder to, char character)
    {
        var marked = character switch { '&' => "&amp;", '<' => "&lt;", '>' => "&gt;", '"' => "&quot;", '\'' => "&#39;", _ => null };
        if (marked is not null)
            to.Append(marked);
        else if (char.IsControl(character))
            to.Append(' ');
        else if (!char.IsSurrogate(character) && character is not ((>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069') or '\ufffe' or '\uffff'))
            to.Append(character);
    }

    private static string Of(string style, int? happened) => happened is null ? $" class=\"{style}\"" : $" class=\"{style}\" data-e=\"{happened}\"";

    private void Add(string element)
    {
        _body.Append(element);
        Elements++;
    }
}

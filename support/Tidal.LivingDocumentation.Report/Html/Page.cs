using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace Tidal.LivingDocumentation.Report.Html;

/// <summary>
/// Writes markup in which data cannot become markup: what stands literally in an interpolated string is written as it is, and whatever is
/// put into it is encoded. Attributes are always in double quotes. Not safe for use by several threads.
/// </summary>
/// <param name="to">Where to.</param>
internal sealed class Page(TextWriter to)
{
    /// <summary>Writes a piece.</summary>
    /// <param name="markup">The piece.</param>
    public void Write([InterpolatedStringHandlerArgument("")] Markup markup) => Debug.Assert(markup.IsOf(this), "A piece writes itself while it is put together, to its own page.");

    /// <summary>Writes style, script or a drawing as it is: nothing that comes from features or failures.</summary>
    /// <param name="markup">What to write.</param>
    public void WriteAsIs(string markup) => to.Write(markup);

    /// <summary>Writes text, encoded.</summary>
    /// <param name="text">The text.</param>
    public void WriteText(ReadOnlySpan<char> text) => Encoding.Write(to, text);

    /// <summary>A piece of markup, written as it is put together.</summary>
    [InterpolatedStringHandler]
    internal readonly ref struct Markup
    {
        private readonly Page _page;

        public Markup(int literalLength, int formattedCount, Page page) => _page = page;

        public void AppendLiteral(string markup) => _page.WriteAsIs(markup);

        public void AppendFormatted(string? text) => _page.WriteText(text);

        public void AppendFormatted(int number) => _page.WriteText(number.ToString(CultureInfo.InvariantCulture));

        public void AppendFormatted(ulong number) => _page.WriteText(number.ToString(CultureInfo.InvariantCulture));

        public void AppendFormatted(double number) => _page.WriteText(number.ToString("0.##", CultureInfo.InvariantCulture));

        internal bool IsOf(Page page) => _page == page;
    }
}

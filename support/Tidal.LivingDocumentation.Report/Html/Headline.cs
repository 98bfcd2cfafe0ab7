using Tidal.LivingDocumentation.Records;

namespace Tidal.LivingDocumentation.Report.Html;

/// <summary>The figures of a promise: the first large, against its limit, the others small.</summary>
internal static class Headline
{
    private const double Room = 1.25;

    public static void Write(Page page, IReadOnlyList<Figure> figures)
    {
        var first = figures[0];
        var outOf = first is { Comparison: Comparison.Exactly, Limit: 0 } && figures.Count > 1 && figures[1].Comparison == Comparison.None ? figures[1] : null;
        page.Write($"<p class=\"hl {(first.IsKept ? "ok" : "no")}\"><strong>{Words.Amount(first.Value, first.Unit)}</strong>");
        if (outOf is not null)
            page.Write($" of {Words.Amount(outOf.Value, outOf.Unit)}");
        page.Write($"</p>\n");
        if (first.Comparison is Comparison.Below or Comparison.AtLeast && first.Limit > 0)
            Bullet(page, first);
        page.Write($"<p class=\"hn\" dir=\"auto\">{first.Name}");
        if (outOf is not null)
            page.Write($", of: {outOf.Name}");
        if (Words.Limit(first) is { } limit)
            page.Write($"; {limit}");
        page.Write($"</p>\n");
        foreach (var figure in figures.Skip(outOf is null ? 1 : 2))
            page.Write($"<p class=\"hn\" dir=\"auto\"><b class=\"{(figure.IsKept ? "ok" : "no")}\">{Words.Amount(figure.Value, figure.Unit)}</b> {figure.Name}{(Words.Limit(figure) is { } other ? "; " + other : "")}</p>\n");
    }

    /// <summary>A bar as long as the value, and a line where the limit is. It says nothing that the words beside it do not.</summary>
    private static void Bullet(Page page, Figure figure)
    {
        var end = Math.Max(figure.Limit * Room, figure.Value);
        page.Write($"<svg class=\"bu {(figure.IsKept ? "ok" : "no")}\" viewBox=\"0 0 100 10\" preserveAspectRatio=\"none\" aria-hidden=\"true\">");
        page.Write($"<rect class=\"bg\" width=\"100\" height=\"10\"/><rect class=\"bv\" y=\"2\" width=\"{Math.Clamp(100 * figure.Value / end, 0.6, 100)}\" height=\"6\"/>");
        page.Write($"<rect class=\"bl\" x=\"{100 * figure.Limit / end - 0.4}\" width=\"0.8\" height=\"10\"/></svg>\n");
    }
}

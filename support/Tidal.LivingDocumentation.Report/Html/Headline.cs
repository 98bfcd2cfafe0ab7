using Tidal.LivingDocumentation.Records;
using Tidal.LivingDocumentation.Report.Model;

namespace Tidal.LivingDocumentation.Report.Html;

/// <summary>The figures of a promise: the first large and against its limit, and all of them in a few words.</summary>
internal static class Headline
{
    /// <summary>How far a drawing goes beyond the limit.</summary>
    private const double Room = 1.25;

    public static void Write(Page page, Promise promise)
    {
        var first = promise.Figures[0];
        page.Write($"<p class=\"hl {(first.IsKept ? "ok" : "no")}\"><strong>{Words.Amount(first.Value, first.Unit)}</strong>");
        if (OutOf(promise) is { } all)
            page.Write($" of {Words.Amount(all.Value, all.Unit)}");
        page.Write($" <small>{Words.Limit(first)}</small></p>\n");
        if (first.Comparison is Comparison.Below or Comparison.AtLeast && first.Limit > 0)
            Bullet(page, first);
        if (promise.Headline.Length > 0)
            page.Write($"<p class=\"hn\" dir=\"auto\">{promise.Headline}</p>\n");
        else
            page.Figures(promise.Figures);
    }

    /// <summary>What must not happen is said out of how often it could have.</summary>
    private static Figure? OutOf(Promise promise) =>
        promise.Figures is [{ Comparison: Comparison.Exactly, Limit: 0 }, { Comparison: Comparison.None } all, ..] ? all : null;

    /// <summary>A bar as long as the value, and a line where the limit is. It says nothing that the words beside it do not.</summary>
    private static void Bullet(Page page, Figure figure)
    {
        var end = Math.Max(figure.Limit * Room, double.IsFinite(figure.Value) ? figure.Value : 0);
        var value = double.IsFinite(figure.Value) ? Math.Clamp(100 * figure.Value / end, 0.8, 100) : 100;
        page.Write($"<svg class=\"bu {(figure.IsKept ? "ok" : "no")}\" viewBox=\"0 0 100 10\" preserveAspectRatio=\"none\" aria-hidden=\"true\">");
        page.Write($"<rect class=\"bg\" y=\"2\" width=\"100\" height=\"6\"/><rect class=\"bv\" y=\"2\" width=\"{value}\" height=\"6\"/>");
        page.Write($"<rect class=\"bl\" x=\"{100 * figure.Limit / end - 0.4}\" width=\"0.8\" height=\"10\"/></svg>\n");
    }
}

using Tidal.LivingDocumentation.Records;
using Tidal.LivingDocumentation.Report.Model;

namespace Tidal.LivingDocumentation.Report.Html;

/// <summary>The figures of a promise in a few words; and the first of them large and against its limit, if that is one that can be drawn.</summary>
internal static class Headline
{
    /// <summary>How far a drawing goes beyond the limit.</summary>
    private const double Room = 1.25;

    public static void Write(Page page, Promise promise)
    {
        var first = promise.Figures[0];
        if (first.Comparison is Comparison.Below or Comparison.AtLeast && first.Limit > 1)
            WriteLarge(page, first);
        if (promise.Headline.Length > 0)
            page.Write($"<p class=\"hn\" dir=\"auto\">{promise.Headline}</p>\n");
        else
            page.Figures(promise.Figures);
    }

    private static void WriteLarge(Page page, Figure figure)
    {
        page.Write($"<p class=\"hl {(figure.IsKept ? "ok" : "no")}\"><strong>{Words.Amount(figure.Value, figure.Unit)}</strong> <small>{Words.Limit(figure)}</small></p>\n");
        var end = Math.Max(figure.Limit * Room, double.IsFinite(figure.Value) ? figure.Value : 0);
        var value = double.IsFinite(figure.Value) ? Math.Clamp(100 * figure.Value / end, 0.8, 100) : 100;
        // It says nothing that the words beside it do not.
        page.Write($"<svg class=\"bu {(figure.IsKept ? "ok" : "no")}\" viewBox=\"0 0 100 10\" preserveAspectRatio=\"none\" aria-hidden=\"true\">");
        page.Write($"<rect class=\"bg\" y=\"2\" width=\"100\" height=\"6\"/><rect class=\"bv\" y=\"2\" width=\"{value}\" height=\"6\"/>");
        page.Write($"<rect class=\"bl\" x=\"{100 * figure.Limit / end - 0.4}\" width=\"0.8\" height=\"10\"/></svg>\n");
    }
}

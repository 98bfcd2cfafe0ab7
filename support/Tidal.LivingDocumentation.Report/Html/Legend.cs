using Tidal.LivingDocumentation.Records;

namespace Tidal.LivingDocumentation.Report.Html;

/// <summary>What the colours of a drawing mean: those that are in it.</summary>
internal static class Legend
{
    private static readonly Dictionary<string, (string Class, string Meaning)[]> OfKind = new(StringComparer.Ordinal)
    {
        ["timeline"] =
        [
            (PictureClasses.Good, "well: a primary is there, regions agree"), (PictureClasses.Bad, "there is none, or something is refused"),
            (PictureClasses.Fault, "a partition or another fault, as long as it lasts"), (PictureClasses.Move, "a tenant moves"),
            (PictureClasses.Amount, "what was acknowledged and answered"), (PictureClasses.Delay, "lag"), (PictureClasses.Limit, "limit"),
        ],
        ["histogram"] =
        [
            (PictureClasses.Amount, "signals"), (PictureClasses.Delay, "lag"), (PictureClasses.Bad, "over the limit"), (PictureClasses.Limit, "limit"),
        ],
        ["coverage"] = [(PictureClasses.Good, "answered"), (PictureClasses.Bad, "missing"), (PictureClasses.Fault, "behind, or cut off")],
    };

    public static void Write(Page page, string kind, IReadOnlySet<string> classes)
    {
        var shown = OfKind.GetValueOrDefault(kind, []).Where(entry => classes.Contains(entry.Class)).ToList();
        if (shown.Count == 0)
            return;
        page.Write($"<ul class=\"lg\">");
        foreach (var (name, meaning) in shown)
            page.Write($"<li><svg viewBox=\"0 0 14 10\" aria-hidden=\"true\"><rect class=\"{name}\" width=\"14\" height=\"10\" rx=\"2\"/></svg>{meaning}");
        page.Write($"</ul>");
    }
}

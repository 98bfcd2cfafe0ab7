using Tidal.LivingDocumentation.Report.Model;

namespace Tidal.LivingDocumentation.Report.Html;

/// <summary>The words of the features.</summary>
internal static class Glossary
{
    /// <summary>A word's place, by its number.</summary>
    public static string IdOf(int index) => "word-" + (index + 1).ToString(System.Globalization.CultureInfo.InvariantCulture);

    public static void Write(Page page, IReadOnlyList<Term> terms)
    {
        if (terms.Count == 0)
            return;
        page.Write($"<section id=\"glossary\" aria-labelledby=\"glossary-h\">\n<h2 id=\"glossary-h\">Glossary</h2>\n<dl class=\"gl\">\n");
        foreach (var (term, index) in terms.Select((term, index) => (term, index)))
        {
            page.Write($"<div id=\"{IdOf(index)}\"><dt><dfn dir=\"auto\">{term.Word}</dfn>");
            page.Write($"<dd dir=\"auto\">{term.Meaning}</div>\n");
        }
        page.Write($"</dl>\n</section>\n");
    }
}

using Tidal.LivingDocumentation.Report.Model;

namespace Tidal.LivingDocumentation.Report.Html;

/// <summary>What nobody uses, and what nobody shows.</summary>
internal static class Gaps
{
    public static void Write(Page page, Document document)
    {
        page.Write($"<section id=\"gaps\" aria-labelledby=\"gaps-h\">\n<h2 id=\"gaps-h\">Gaps</h2>\n<h3>Steps nobody uses</h3>\n");
        if (document.UnusedDefinitions.Count == 0)
            page.Write($"<p>None: every step that is defined is used by an example of this run.</p>\n");
        else
            page.Table("Steps nobody uses", ["Keyword", "Step", "Defined by"], document.UnusedDefinitions.Select(unused => (string[])[unused.Keyword, unused.Expression, unused.Definition]));
        page.Write($"<h3>Rules without an example</h3>\n");
        if (document.RulesWithoutExample.Count == 0)
            page.Write($"<p>None: every rule has at least one example.</p>\n");
        else
            page.Table("Rules without an example", ["Feature", "Rule"], document.RulesWithoutExample.Select(rule => (string[])[rule.Name, rule.Value]));
        if (document.Strays.Count > 0)
        {
            page.Write($"<h3>Tests in no feature file</h3>\n<p>These ran, and what is written does not hold them: what ran is not what is written.</p>\n");
            page.Table("Tests in no feature file", ["Feature", "Test"], document.Strays.Select(stray => (string[])[stray.Name, stray.Value]));
        }
        page.Write($"</section>\n");
    }
}

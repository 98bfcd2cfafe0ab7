using Tidal.LivingDocumentation.Report.Model;

namespace Tidal.LivingDocumentation.Report.Html;

/// <summary>The side of the page: filters, and the tree of everything.</summary>
internal static class Contents
{
    public static void Write(Page page, Document document)
    {
        page.Write($"<nav class=\"side\" aria-label=\"Contents\"><details id=\"contents\"><summary>Contents<span class=\"js\"> and filters</span></summary>\n<div class=\"sc\">\n");
        WriteFilters(page, document);
        page.Write($"<ul class=\"top\">\n");
        WriteSections(page, document);
        page.Write($"</ul>\n<div class=\"tree\">\n");
        foreach (var capability in document.Capabilities)
            WriteCapability(page, capability);
        page.Write($"</div>\n</div></details></nav>\n");
    }

    private static void WriteFilters(Page page, Document document)
    {
        page.Write($"<div class=\"fs js\">\n<fieldset><legend>Outcome</legend>");
        var tally = Tally.Of(document.Examples);
        foreach (var (outcome, count) in new[] { (Outcome.Passed, tally.Passed), (Outcome.Failed, tally.Failed), (Outcome.NotRun, tally.NotRun) })
            page.Write($"<button type=\"button\" aria-pressed=\"false\" data-o=\"{Words.ClassOf(outcome)}\"><i class=\"o {Words.ClassOf(outcome)}\" aria-hidden=\"true\"></i>{Words.Of(outcome)} <small>{count}</small></button>\n");
        page.Write($"</fieldset>\n<fieldset><legend>Tags</legend>");
        var scenarios = document.Capabilities.SelectMany(capability => capability.Features).SelectMany(feature => feature.Rules).SelectMany(rule => rule.Scenarios);
        foreach (var tag in scenarios.SelectMany(scenario => scenario.Tags.Distinct(), (scenario, tag) => (tag, scenario.Examples.Count)).GroupBy(pair => pair.tag).OrderBy(group => group.Key, StringComparer.Ordinal))
            page.Write($"<button type=\"button\" aria-pressed=\"false\" data-t=\"{tag.Key}\"><bdi>{tag.Key}</bdi> <small>{tag.Sum(pair => pair.Count)}</small></button>\n");
        page.Write($"</fieldset></div>\n");
    }

    private static void WriteSections(Page page, Document document)
    {
        Item("verdict", "Is it fit to ship?");
        Item("promises", "Steps and invariants");
        if (document.Examples.Any(example => example.Outcome == Outcome.Failed))
            Item("failures", "What failed");
        Item("run", "This run");
        Item("changes", "What changed");
        Item("features", "What Tidal promises");
        if (document.Traceability.Count > 0)
            Item("traceability", "From the acceptance text");
        if (document.Glossary.Count > 0)
            Item("glossary", "Glossary");
        Item("gaps", "Gaps");

        void Item(string id, string title) => page.Write($"<li><a href=\"#{id}\">{title}</a>\n");
    }

    private static void WriteCapability(Page page, Capability capability)
    {
        page.Write($"<p class=\"cap\"><a href=\"#{capability.Id}\" dir=\"auto\">{capability.Title}</a></p>\n<ul>\n");
        foreach (var feature in capability.Features)
        {
            var tally = Tally.Of(feature);
            page.Write($"<li class=\"br\">");
            page.Mark(tally.Outcome);
            page.Write($"<a href=\"#{feature.Id}\" dir=\"auto\">{feature.Title}</a> <small title=\"{tally.InWords}\">{tally.All}</small>");
            page.Write($"<details><summary><span class=\"vh\">Rules and examples of {feature.Title}</span></summary>\n<ul>\n");
            foreach (var rule in feature.Rules)
                WriteRule(page, rule);
            page.Write($"</ul></details>\n");
        }
        page.Write($"</ul>\n");
    }

    private static void WriteRule(Page page, RuleDocument rule)
    {
        if (rule.Title.Length > 0)
        {
            page.Write($"<li class=\"ru\"><a href=\"#{rule.Id}\" dir=\"auto\">{rule.Title}</a>\n<ul>");
        }
        foreach (var scenario in rule.Scenarios)
        {
            page.Write($"<li>");
            page.Mark(Tally.Of(scenario.Examples).Outcome);
            page.Write($"<a href=\"#{scenario.Id}\" dir=\"auto\">{scenario.Title}</a>");
            if (scenario.IsOutline)
                page.Write($" <small>{scenario.Examples.Count}</small>");
            page.Write($"\n");
        }
        if (rule.Title.Length > 0)
            page.Write($"</ul>\n");
    }
}

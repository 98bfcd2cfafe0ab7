using Tidal.LivingDocumentation.Report.Model;

namespace Tidal.LivingDocumentation.Report.Html;

/// <summary>The features: what is promised, in prose and rules, and the examples of it.</summary>
internal static class FeatureSection
{
    public static void Write(Page page, Document document)
    {
        var prose = new Prose(document.Glossary);
        page.Write($"<section id=\"features\" aria-labelledby=\"features-h\">\n<h2 id=\"features-h\">What Tidal promises</h2>\n");
        page.Write($"<p class=\"paper\">On paper the examples that show the acceptance steps, those that failed and those that were opened are in full, the others by their titles.</p>\n");
        page.Write($"<p class=\"js found\"><span id=\"found\" role=\"status\" aria-live=\"polite\"></span> <button type=\"button\" id=\"clear\" hidden>Clear search and filters</button> ");
        page.Write($"<button type=\"button\" id=\"all\" aria-pressed=\"false\">Open all examples</button></p>\n");
        page.Write($"<p class=\"js none\" hidden>No example has all these words and marks.</p>\n");
        foreach (var capability in document.Capabilities)
        {
            page.Write($"<section class=\"ca\" id=\"{capability.Id}\">\n<h3 dir=\"auto\">{capability.Title}</h3>\n");
            if (capability.Prose.Length > 0)
                prose.Write(page, [capability.Prose]);
            foreach (var feature in capability.Features)
                WriteFeature(page, feature, prose);
            page.Write($"</section>\n");
        }
        page.Write($"</section>\n");
    }

    private static void WriteFeature(Page page, FeatureDocument feature, Prose prose)
    {
        var tally = Tally.Of(feature);
        page.Write($"<article class=\"fe\" id=\"{feature.Id}\">\n<header><h4 dir=\"auto\">{feature.Title}</h4>");
        page.MarkWord(tally.Outcome, tally.InWords);
        page.Tags(feature.Tags);
        page.Write($"</header>\n<div class=\"px\">");
        prose.Write(page, feature.Prose);
        page.Write($"</div>\n<p class=\"pa\"><code>{feature.Path}</code></p>\n");
        WriteBackground(page, feature.Background, feature.Id, "Before each example");
        foreach (var rule in feature.Rules)
            WriteRule(page, rule, prose);
        page.Write($"</article>\n");
    }

    private static void WriteRule(Page page, RuleDocument rule, Prose prose)
    {
        page.Write($"<section class=\"rl\" id=\"{rule.Id}\">\n");
        if (rule.Title.Length > 0)
        {
            page.Write($"<h5 dir=\"auto\">{rule.Title}</h5>");
            page.Tags(rule.Tags);
            page.Write($"\n");
        }
        page.Write($"<div class=\"px\">");
        prose.Write(page, rule.Prose);
        page.Write($"</div>\n");
        WriteBackground(page, rule.Background, rule.Id, "Before each example of this rule");
        if (rule.Scenarios.Count == 0)
            page.Write($"<p class=\"em\">No example shows this rule.</p>\n");
        foreach (var scenario in rule.Scenarios)
            ScenarioBlock.Write(page, scenario, prose, rule.Title.Length > 0);
        page.Write($"</section>\n");
    }

    private static void WriteBackground(Page page, IReadOnlyList<StepText> steps, string id, string title)
    {
        if (steps.Count == 0)
            return;
        page.Write($"<details class=\"bk\"><summary>{title}</summary>\n");
        new StepList(id).Write(page, steps);
        page.Write($"</details>\n");
    }
}

using System.Security.Cryptography;
using Tidal.LivingDocumentation.Tests.Model;

namespace Tidal.LivingDocumentation.Tests.Html;

public sealed class PageTests
{
    [Fact]
    public void Every_id_is_there_once()
    {
        foreach (var page in new[] { Rendered.Failing, Rendered.Passing })
            page.Page.QuerySelectorAll("[id]").Select(element => element.Id).Should().OnlyHaveUniqueItems();
    }

    [Fact]
    public void Every_link_leads_to_a_place_on_the_page()
    {
        foreach (var page in new[] { Rendered.Failing, Rendered.Passing })
        {
            var ids = page.Page.QuerySelectorAll("[id]").Select(element => "#" + element.Id).ToHashSet();
            page.Page.QuerySelectorAll("[href]").Select(link => link.GetAttribute("href")).Should().NotBeEmpty().And.AllSatisfy(link => ids.Should().Contain(link));
        }
    }

    [Fact]
    public void The_page_asks_nobody_for_anything()
    {
        var page = Rendered.Failing.Page;

        page.QuerySelectorAll("[src],[srcset],[action],[data],link,img,iframe,object,embed,base,form,audio,video").Should().BeEmpty();
        Rendered.Failing.Page.QuerySelector("style")!.TextContent.Should().NotMatchRegex(@"url\((?![""']?data:)").And.NotContain("@import").And.NotMatchRegex(@"url\([^)]*http:");
    }

    [Fact]
    public void The_browser_runs_the_pages_own_script_and_no_other()
    {
        var page = Rendered.Failing.Page;

        var script = page.QuerySelectorAll("script").Should().ContainSingle().Subject.TextContent;
        var hash = Convert.ToBase64String(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(script)));
        page.QuerySelector("meta[http-equiv='Content-Security-Policy']")!.GetAttribute("content").Should().Be(
            $"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{hash}'; img-src data:; base-uri 'none'; form-action 'none'");
        page.QuerySelectorAll("*").SelectMany(element => element.Attributes).Select(attribute => attribute.Name).Should().NotContain(name => name.StartsWith("on") || name == "style");
    }

    [Fact]
    public void Every_example_is_there_with_its_outcome()
    {
        foreach (var page in new[] { Rendered.Failing, Rendered.Passing })
        {
            page.Document.Examples.Select(example => example.Id).Should().AllSatisfy(id => page.Page.GetElementById(id).Should().NotBeNull());
            page.Page.QuerySelectorAll(".ex").Sum(scenario => int.Parse(scenario.GetAttribute("data-n")!)).Should().Be(page.Document.Examples.Count());
        }
    }

    [Fact]
    public void Every_step_is_there_word_for_word()
    {
        var page = Rendered.Failing;
        var scenarios = page.Document.Capabilities.SelectMany(capability => capability.Features).SelectMany(feature => feature.Rules).SelectMany(rule => rule.Scenarios);

        foreach (var scenario in scenarios)
        {
            foreach (var (step, number) in scenario.Steps.Select((step, index) => (step, index + 1)))
                page.Page.GetElementById($"{scenario.Id}.{number}")!.QuerySelector("bdi")!.TextContent.Should().Be(step.Text.Replace("\r", ""));
        }
    }

    [Fact]
    public void Headings_go_down_one_level_at_a_time()
    {
        var levels = Rendered.Failing.Page.QuerySelectorAll("h1,h2,h3,h4,h5,h6").Select(heading => heading.LocalName[1] - '0').ToList();

        levels.Count(level => level == 1).Should().Be(1);
        levels.Zip(levels.Skip(1)).Should().AllSatisfy(pair => pair.Second.Should().BeLessThanOrEqualTo(pair.First + 1));
    }

    [Fact]
    public void Whoever_listens_finds_names_for_everything()
    {
        var page = Rendered.Failing.Page;

        page.DocumentElement.GetAttribute("lang").Should().Be("en");
        page.QuerySelectorAll("main").Should().ContainSingle();
        page.QuerySelectorAll("th").Should().AllSatisfy(head => head.GetAttribute("scope").Should().NotBeNullOrEmpty());
        page.QuerySelectorAll("button").Should().AllSatisfy(button => (button.GetAttribute("type") + button.TextContent.Trim()).Should().MatchRegex("^button."));
        page.QuerySelectorAll("input").Should().AllSatisfy(input => page.QuerySelector($"label[for='{input.Id}']").Should().NotBeNull());
        page.QuerySelectorAll("summary").Should().AllSatisfy(summary => summary.TextContent.Trim().Should().NotBeEmpty());
        page.QuerySelectorAll("[tabindex='0']").Where(element => element.LocalName == "div").Should().AllSatisfy(
            box => (box.GetAttribute("aria-label") ?? box.GetAttribute("aria-labelledby")).Should().NotBeNullOrEmpty());
    }

    [Fact]
    public void Texts_that_look_like_markup_are_shown_as_they_are()
    {
        var page = Rendered.Failing;

        page.Page.QuerySelectorAll("img,svg script,main script,main b tag").Should().BeEmpty();
        page.Texts("h4").Should().Contain(HostileTexts.Word + " </title></script><!-- is a title");
        page.Texts(".sh").Should().Contain(new string('W', 300)).And.Contain("日本語の題");
        page.Texts("td").Should().Contain("]]> -->").And.Contain("<svg onload=alert(3)>").And.Contain("<script>alert(5)</script>");
        page.Texts("pre").Should().Contain("</pre></code><script>alert(4)</script>");
    }
}

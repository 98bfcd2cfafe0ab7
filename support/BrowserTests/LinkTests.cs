using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Tidal.BrowserTests;

/// <summary>A link to an example opens it, whatever it is folded into; without a script everything is there all the same.</summary>
[Collection(nameof(Browser))]
public sealed class LinkTests(Browser browser)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_link_to_an_example_opens_it(bool isRow)
    {
        var example = Documents.ModelOf(Documents.Failing).Examples.Last(example => example.Values.Count > 0 == isRow && example.Runs.Count > 0);

        await using var document = await browser.OpenAsync(Documents.FileOf(Documents.Failing), hash: "#" + example.Id);

        var place = document.Page.Locator($"[id='{example.Id}']");
        await Expect(place).ToBeInViewportAsync();
        (await place.EvaluateAsync<bool>("element => { for (let around = element; around; around = around.parentElement) if (around.tagName === 'DETAILS' && !around.open) return false; return true; }")).Should().BeTrue();
    }

    [Fact]
    public async Task Every_link_leads_somewhere_within_the_document()
    {
        await using var document = await browser.OpenAsync(Documents.FileOf(Documents.Failing));

        (await Checks.AstrayAsync(document)).Should().BeEmpty();
    }

    [Fact]
    public async Task Without_a_script_every_example_can_be_opened_and_nothing_is_offered_that_needs_one()
    {
        await using var document = await browser.OpenAsync(Documents.FileOf(Documents.Failing), new Reader(HasScript: false));
        var page = document.Page;
        var scenarios = page.Locator("details.ex");

        await Expect(page.Locator("details.ex > summary:visible")).ToHaveCountAsync(await scenarios.CountAsync());
        (await scenarios.CountAsync()).Should().BeGreaterThan(100);
        await Expect(page.GetByRole(AriaRole.Searchbox)).ToBeHiddenAsync();
        var closed = await page.Locator("details.ex:not([open]) > .eb").EvaluateAllAsync<string[]>("all => all.map(one => one.id)");
        foreach (var id in new[] { closed[0], closed[^1] })
        {
            var content = page.Locator($"[id='{id}']");
            await page.Locator("details.ex").Filter(new() { Has = content }).Locator("> summary").ClickAsync();
            await Expect(content).ToBeVisibleAsync();
        }
    }
}

using System.Globalization;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Tidal.BrowserTests;

/// <summary>Search and filters, by keyboard alone and by the names that a screen reader says.</summary>
[Collection(nameof(Browser))]
public sealed class SearchTests(Browser browser)
{
    [Theory]
    [MemberData(nameof(Documents.Names), MemberType = typeof(Documents))]
    public async Task A_search_says_what_it_finds_and_shows_nothing_else(string name)
    {
        await using var document = await browser.OpenAsync(Documents.FileOf(name));
        var page = document.Page;
        await page.Keyboard.PressAsync("/");
        await Expect(Search(page)).ToBeFocusedAsync();

        await page.Keyboard.TypeAsync("follower promoted");

        var found = await FoundAsync(page);
        found.Of.Should().Be(await AllExamplesAsync(page));
        found.Examples.Should().BeInRange(1, found.Of - 1);
        foreach (var scenario in await page.Locator("details.ex:visible").AllAsync())
            (await scenario.Locator("xpath=ancestor::article").TextContentAsync()).Should().ContainEquivalentOf("follower").And.ContainEquivalentOf("promoted");

        await page.TabToAsync(Clear(page));
        await page.Keyboard.PressAsync("Enter");
        await Expect(Clear(page)).ToBeHiddenAsync();
        await Expect(Search(page)).ToBeFocusedAsync();
        await Expect(page.Locator("details.ex:visible")).ToHaveCountAsync(await page.Locator("details.ex").CountAsync());
    }

    [Theory]
    [InlineData("Tags", "@uat-step-2")]
    [InlineData("Outcome", "Failed")]
    [InlineData("Outcome", "Not run")]
    public async Task A_filter_leaves_what_it_names_and_can_be_sent_as_an_address(string group, string wanted)
    {
        await using var document = await browser.OpenAsync(Documents.FileOf(Documents.Failing));
        var page = document.Page;
        var filter = page.GetByRole(AriaRole.Group, new() { Name = group }).GetByRole(AriaRole.Button, new() { Name = wanted });
        var promised = int.Parse((await filter.Locator("small").TextContentAsync())!, CultureInfo.InvariantCulture);
        await page.TabToAsync(filter);

        await page.Keyboard.PressAsync("Space");

        await Expect(filter).ToHaveAttributeAsync("aria-pressed", "true");
        (await FoundAsync(page)).Examples.Should().Be(promised).And.BePositive();

        await using var sent = await browser.OpenAsync(Documents.FileOf(Documents.Failing), hash: new Uri(page.Url).Fragment);
        (await FoundAsync(sent.Page)).Examples.Should().Be(promised);
        await Expect(sent.Page.GetByRole(AriaRole.Group, new() { Name = group }).GetByRole(AriaRole.Button, new() { Name = wanted })).ToHaveAttributeAsync("aria-pressed", "true");

        await page.Keyboard.PressAsync("Space");
        await Expect(filter).ToHaveAttributeAsync("aria-pressed", "false");
        await Expect(page.Locator("details.ex:visible")).ToHaveCountAsync(await page.Locator("details.ex").CountAsync());
    }

    [Fact]
    public async Task What_is_nowhere_is_said_to_be_nowhere()
    {
        await using var document = await browser.OpenAsync(Documents.FileOf(Documents.Failing));
        await document.Page.Keyboard.PressAsync("/");

        await document.Page.Keyboard.TypeAsync("<script>alert(1)</script> nowhere");

        (await FoundAsync(document.Page)).Examples.Should().Be(0);
        await Expect(document.Page.Locator("details.ex:visible")).ToHaveCountAsync(0);
    }

    private static ILocator Search(IPage page) => page.GetByRole(AriaRole.Searchbox, new() { Name = "Search" });

    private static ILocator Clear(IPage page) => page.GetByRole(AriaRole.Button, new() { Name = "Clear search and filters" });

    private static async Task<int> AllExamplesAsync(IPage page) =>
        await page.EvaluateAsync<int>("[...document.querySelectorAll('details.ex')].reduce((sum, scenario) => sum + Number(scenario.dataset.n), 0)");

    // "3 of 348 examples", as it is said to who listens.
    private static async Task<(int Examples, int Of)> FoundAsync(IPage page)
    {
        var status = page.GetByRole(AriaRole.Status).Filter(new() { HasTextRegex = new("^\\d+ of \\d+ examples$") });
        await Expect(status).ToBeVisibleAsync();
        var numbers = (await status.TextContentAsync())!.Split(' ');
        return (int.Parse(numbers[0], CultureInfo.InvariantCulture), int.Parse(numbers[2], CultureInfo.InvariantCulture));
    }
}

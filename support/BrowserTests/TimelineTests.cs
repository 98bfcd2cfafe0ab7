using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Tidal.BrowserTests;

/// <summary>A timeline says what happened: by arrow keys, by pointing, and in words beside it.</summary>
[Collection(nameof(Browser))]
public sealed class TimelineTests(Browser browser)
{
    [Theory]
    [MemberData(nameof(Documents.Names), MemberType = typeof(Documents))]
    public async Task Arrow_keys_go_from_event_to_event_and_say_each(string name)
    {
        await using var document = await browser.OpenAsync(Documents.FileOf(name));
        var page = document.Page;
        var timeline = await OpenFirstAsync(page);
        var events = await EventsAsync(timeline);
        events.Should().HaveCountGreaterThan(1);
        await timeline.FocusAsync();

        foreach (var (key, expected) in new[] { ("ArrowRight", events[0]), ("ArrowRight", events[1]), ("ArrowLeft", events[0]), ("End", events[^1]), ("Home", events[0]) })
        {
            await page.Keyboard.PressAsync(key);
            (await SaidAsync(page)).Should().Be(expected, "after {0}", key);
        }
        await page.Keyboard.PressAsync("Escape");
        (await SaidAsync(page)).Should().BeEmpty();
    }

    [Fact]
    public async Task Pointing_at_an_event_says_it()
    {
        await using var document = await browser.OpenAsync(Documents.FileOf(Documents.Failing));
        var timeline = await OpenFirstAsync(document.Page);

        await timeline.Locator("[data-e='1']").HoverAsync();

        (await SaidAsync(document.Page)).Should().Be("1.900sus-east/2replica1istheprimary,inepoch2");
        await Expect(document.Page.Locator("#tip")).ToBeInViewportAsync();
    }

    private static async Task<ILocator> OpenFirstAsync(IPage page)
    {
        var timeline = page.GetByRole(AriaRole.Group).And(page.Locator(".pc:has([data-e])")).First;
        // As by a link: what it is folded into is opened.
        await page.EvaluateAsync("""
            for (let around = document.querySelector('.pc:has([data-e])'); around; around = around.parentElement)
                if (around.tagName === 'DETAILS') around.open = true;
            """);
        await Expect(timeline).ToBeVisibleAsync();
        return timeline;
    }

    private static async Task<string[]> EventsAsync(ILocator timeline) =>
        [.. (await timeline.Locator("xpath=..").Locator("details.es li").AllTextContentsAsync()).Select(WithoutSpace)];

    // How much space stands between time, place and event is the page's affair.
    private static async Task<string> SaidAsync(IPage page) => WithoutSpace(await page.Locator("#tip").TextContentAsync() ?? "");

    private static string WithoutSpace(string text) => string.Concat(text.Where(letter => !char.IsWhiteSpace(letter)));
}

namespace Tidal.BrowserTests;

/// <summary>On a phone nothing is wider than the page.</summary>
[Collection(nameof(Browser))]
public sealed class WidthTests(Browser browser)
{
    [Theory]
    [MemberData(nameof(Documents.Names), MemberType = typeof(Documents))]
    public async Task Nothing_overflows_at_360_pixels_with_everything_opened(string name)
    {
        await using var document = await browser.OpenAsync(Documents.FileOf(name), new Reader(Reader.Phone));
        await document.OpenEverythingAsync();

        (await document.Page.EvaluateAsync<int>("document.documentElement.scrollWidth")).Should().BeLessThanOrEqualTo(Reader.Phone);
        // A wide element hides behind a page that does not scroll: nothing may stick out but inside something that scrolls by itself.
        var outside = await document.Page.EvaluateAsync<string[]>("""
            () => {
                const scrolls = element => element && element !== document.body && (['auto', 'scroll', 'hidden', 'clip'].includes(getComputedStyle(element).overflowX) || scrolls(element.parentElement));
                return [...document.body.querySelectorAll('*')]
                    .filter(element => element.getBoundingClientRect().right > innerWidth + 1 && element.getClientRects().length > 0 && !scrolls(element))
                    .slice(0, 5).map(element => element.outerHTML.slice(0, 200));
            }
            """);
        outside.Should().BeEmpty();
    }
}

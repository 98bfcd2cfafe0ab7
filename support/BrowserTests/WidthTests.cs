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

        (await Checks.TooWideAsync(document)).Should().BeEmpty();
    }
}

namespace Tidal.BrowserTests;

/// <summary>Everybody can use a document, in light and dark, at a desk and on a phone.</summary>
[Collection(nameof(Browser))]
public sealed class AccessibilityTests(Browser browser)
{
    // Hundreds of timelines are alike, and looking at each of their parts takes long.
    private const int Scenarios = 40;

    [Theory]
    [InlineData(Documents.Failing, Reader.Desk, false)]
    [InlineData(Documents.Failing, Reader.Desk, true)]
    [InlineData(Documents.Failing, Reader.Phone, false)]
    [InlineData(Documents.Failing, Reader.Phone, true)]
    [InlineData(Documents.Large, Reader.Desk, true)]
    [InlineData(Documents.Large, Reader.Phone, false)]
    [InlineData(Documents.Real, Reader.Desk, false)]
    [InlineData(Documents.Real, Reader.Desk, true)]
    [InlineData(Documents.Real, Reader.Phone, false)]
    [InlineData(Documents.Real, Reader.Phone, true)]
    public async Task Nothing_violates_WCAG(string name, int width, bool isDark)
    {
        if (!File.Exists(Documents.FileOf(name)))
            return;
        await using var document = await browser.OpenAsync(Documents.FileOf(name), new Reader(width, isDark));
        await document.OpenSomeAsync(Scenarios);

        (await Checks.ViolationsAsync(document)).Should().BeEmpty();
    }

    [Fact]
    public async Task Nothing_violates_WCAG_with_everything_opened()
    {
        await using var document = await browser.OpenAsync(Documents.FileOf(Documents.Failing));
        await document.OpenEverythingAsync();

        (await Checks.ViolationsAsync(document)).Should().BeEmpty();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Nothing_violates_WCAG_where_everything_is_well(bool isDark)
    {
        await using var document = await browser.OpenAsync(Documents.FileOf(Documents.Passing), new Reader(Reader.Desk, isDark));

        (await Checks.ViolationsAsync(document)).Should().BeEmpty();
    }
}

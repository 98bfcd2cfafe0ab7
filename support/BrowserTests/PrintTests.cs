using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Tidal.BrowserTests;

/// <summary>On paper what shows the acceptance steps, and what failed, is open, and what only a screen can do is left out.</summary>
[Collection(nameof(Browser))]
public sealed partial class PrintTests(Browser browser)
{
    [Fact]
    public async Task What_is_open_is_printed_with_all_that_is_folded_in_it()
    {
        await using var document = await browser.OpenAsync(Documents.FileOf(Documents.Failing));
        var page = document.Page;
        var closed = await PagesAsync(page);

        await page.GetByRole(AriaRole.Button, new() { Name = "Open all examples" }).ClickAsync();

        (await PagesAsync(page)).Should().BeGreaterThan(closed * 2);
        await page.EmulateMediaAsync(new() { Media = Media.Print });
        await page.EvaluateAsync("dispatchEvent(new Event('beforeprint'))");
        await Expect(page.Locator("#features details:not([open])")).ToHaveCountAsync(0);
        await Expect(page.Locator(".pc svg").First).ToBeVisibleAsync();
        await Expect(page.Locator("figure.ev pre").First).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Searchbox)).ToBeHiddenAsync();
    }

    private static async Task<int> PagesAsync(IPage page) => PagesIn().Count(Encoding.Latin1.GetString(await page.PdfAsync(new() { Format = "A4" })));

    [GeneratedRegex(@"/Type\s*/Page\b(?!s)")]
    private static partial Regex PagesIn();
}

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
    public async Task What_shows_the_acceptance_steps_is_printed_in_full()
    {
        await using var document = await browser.OpenAsync(Documents.FileOf(Documents.Failing));
        var page = document.Page;
        await page.EmulateMediaAsync(new() { Media = Media.Print });
        var screen = await page.EvaluateAsync<int>("document.documentElement.scrollHeight");

        var pdf = await page.PdfAsync(new() { Format = "A4" });

        // Hundreds of examples with their steps: a list of their titles alone is a few pages.
        PagesIn().Count(Encoding.Latin1.GetString(pdf)).Should().BeGreaterThan(screen / 1000);
        await page.EvaluateAsync("dispatchEvent(new Event('beforeprint'))");
        await Expect(page.Locator("details.ex[data-t*='@uat-step']:not([open]), details.ex[data-o='no']:not([open]), details.ex[open] details:not([open])")).ToHaveCountAsync(0);
        await Expect(page.Locator(".pc svg").First).ToBeVisibleAsync();
        await Expect(page.Locator("figure.ev pre").First).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Searchbox)).ToBeHiddenAsync();
    }

    [GeneratedRegex(@"/Type\s*/Page\b(?!s)")]
    private static partial Regex PagesIn();
}

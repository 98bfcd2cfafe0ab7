using Microsoft.Playwright;
using Tidal.LivingDocumentation.Records;
using static Microsoft.Playwright.Assertions;

namespace Tidal.BrowserTests;

/// <summary>Pictures for people to look at, in <c>artifacts/screenshots</c>: of the real run if there is one, and of what failed in a made-up one.</summary>
[Collection(nameof(Browser))]
public sealed class ScreenshotTests(Browser browser)
{
    private static string Shown => File.Exists(Documents.FileOf(Documents.Real)) ? Documents.Real : Documents.Failing;

    [Theory]
    [InlineData(Reader.Desk, false)]
    [InlineData(Reader.Desk, true)]
    [InlineData(Reader.Phone, false)]
    [InlineData(Reader.Phone, true)]
    public async Task Pictures_are_taken_of_what_readers_look_at(int width, bool isDark)
    {
        var reader = new Reader(width, isDark);
        await using var document = await browser.OpenAsync(Documents.FileOf(Shown), reader);
        await TakeAsync(document.Page, "first-screen", reader);
        await TakeAtAsync(document.Page, "figure.ev:has(.pc [data-e])", "timeline", reader);
        await TakeAtAsync(document.Page, "#traceability", "traceability", reader);
        await using var failing = await browser.OpenAsync(Documents.FileOf(Documents.Failing), reader);
        await TakeAsync(failing.Page, "failing-first-screen", reader);
        await TakeAtAsync(failing.Page, "#features .fb", "failure", reader);
        await TakeAtAsync(failing.Page, ".fe:has([id^='hostile--'])", "hostile", reader);
    }

    // As by a link: what it is folded into is opened first.
    private static async Task TakeAtAsync(IPage page, string place, string name, Reader reader)
    {
        var shown = page.Locator(place).First;
        await shown.EvaluateAsync("""
            async element => {
                for (let around = element; around; around = around.parentElement) if (around.tagName === 'DETAILS') around.open = true;
                for (let frame = 0; frame < 30; frame++) {
                    element.scrollIntoView({ block: 'start', behavior: 'instant' });
                    await new Promise(requestAnimationFrame);
                }
            }
            """);
        await Expect(shown).ToBeInViewportAsync();
        await TakeAsync(page, name, reader);
    }

    private static async Task TakeAsync(IPage page, string name, Reader reader)
    {
        var file = Path.Combine(RecordFiles.Root, "artifacts", "screenshots", $"{name}-{reader.Suffix}.png");
        await page.ScreenshotAsync(new() { Path = file });
        new FileInfo(file).Length.Should().BeGreaterThan(5_000, "there is something to be seen");
    }
}

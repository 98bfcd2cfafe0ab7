namespace Tidal.BrowserTests;

/// <summary>Documents open quickly, and ask nobody for anything.</summary>
[Collection(nameof(Browser))]
public sealed class OpeningTests(Browser browser)
{
    private const int BytesMost = 5_000_000;
    private const double MillisecondsMost = 1_000;

    [Theory]
    [MemberData(nameof(Documents.Names), MemberType = typeof(Documents))]
    public async Task A_document_is_one_small_file_that_opens_within_a_second(string name)
    {
        var file = Documents.FileOf(name);
        new FileInfo(file).Length.Should().BeLessThan(BytesMost);

        // The best of three: what is measured is the document, and not what else the machine has to do.
        var times = new List<double>();
        for (var attempt = 0; attempt < 3; attempt++)
        {
            await using var document = await browser.OpenAsync(file);
            times.Add(await document.Page.EvaluateAsync<double>("""
                async () => {
                    const paint = () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime;
                    while (paint() === undefined) await new Promise(requestAnimationFrame);
                    return Math.max(paint(), performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd);
                }
                """));
        }
        times.Min().Should().BeLessThan(MillisecondsMost, "{0} opens in {1} ms", name, string.Join(", ", times.Select(time => $"{time:0}")));
    }

    [Theory]
    [MemberData(nameof(Documents.Names), MemberType = typeof(Documents))]
    public async Task Everything_opened_is_as_quiet(string name)
    {
        await using var document = await browser.OpenAsync(Documents.FileOf(name));
        await document.OpenEverythingAsync();
        await document.Page.WaitForTimeoutAsync(500);
    }
}

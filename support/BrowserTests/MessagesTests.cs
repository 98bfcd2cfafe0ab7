using System.Text.Json;
using Microsoft.Playwright;
using Tidal.LivingDocumentation.Records;
using Tidal.LivingDocumentation.Tests.Model;
using static Microsoft.Playwright.Assertions;

namespace Tidal.BrowserTests;

/// <summary>The messages are Cucumber's: its schema, its parser and its formatter take them, and the formatter's page shows the run.</summary>
[Collection(nameof(Browser))]
public sealed class MessagesTests(Browser browser)
{
    private const string Feature = "features/failover/a-shard-primary-crashes.feature";

    [Fact]
    public async Task A_made_up_run_with_failures_is_shown_as_it_was()
    {
        var (_, main, second, _) = SampleDocument.Run(failing: true);
        var tests = main.Tests.Concat(second.Tests).ToList();
        var failed = tests.Count(test => !test.Passed);
        failed.Should().BePositive();

        var (report, found) = await ReportAsync(Documents.Failing);

        found.GetProperty("statuses").GetProperty("PASSED").GetInt32().Should().Be(tests.Count - failed);
        found.GetProperty("statuses").GetProperty("FAILED").GetInt32().Should().Be(failed);
        found.GetProperty("pictures").GetInt32().Should().Be(tests.Sum(test => test.Scenario?.Evidence.OfType<Picture>().Count() ?? 0));
        found.GetProperty("success").GetBoolean().Should().BeFalse();
        await using var document = await browser.OpenAsync(report);
        await Expect(document.Page.GetByTestId("cucumber.summary.status")).ToContainTextAsync($"({tests.Count - failed} / {tests.Count}) passed");
        await Expect(document.Page.Locator("li[data-status='FAILED']")).ToHaveCountAsync(failed);
        await Expect(document.Page.GetByRole(AriaRole.Button, new() { Name = $"{Feature} (real time)" })).ToBeVisibleAsync();
        await ShowsPassesAndAPictureAsync(document.Page);
        await document.Page.ScreenshotAsync(new() { Path = Path.Combine(RecordFiles.Root, "artifacts", "screenshots", "cucumber-report-1280-light.png") });
    }

    [Fact]
    public async Task The_real_run_is_shown_as_it_was()
    {
        if (!File.Exists(Documents.MessagesOf(Documents.Real)))
            return;
        var pass = RecordFiles.Read<PassRecord>(Documents.RealFile("passes/main.json"));

        var (report, found) = await ReportAsync(Documents.Real);

        var statuses = found.GetProperty("statuses").EnumerateObject().ToDictionary(status => status.Name, status => status.Value.GetInt32());
        statuses["PASSED"].Should().BeGreaterThanOrEqualTo(pass.Tests.Count(test => test.Passed));
        statuses.Values.Sum().Should().BeGreaterThanOrEqualTo(pass.Tests.Count);
        found.GetProperty("pictures").GetInt32().Should().BePositive();
        await using var document = await browser.OpenAsync(report);
        await Expect(document.Page.GetByTestId("cucumber.summary.status")).ToContainTextAsync($"({statuses["PASSED"]} / {statuses.Values.Sum()}) passed");
        await ShowsPassesAndAPictureAsync(document.Page);
    }

    // The report is left beside the messages.
    private static async Task<(string Report, JsonElement Found)> ReportAsync(string name)
    {
        var messages = Documents.MessagesOf(name);
        var report = Path.Combine(Path.GetDirectoryName(messages)!, "cucumber-report.html");
        return (report, JsonDocument.Parse(await NodeTools.RunAsync("check-messages.mjs", messages, report)).RootElement);
    }

    private static async Task ShowsPassesAndAPictureAsync(IPage page)
    {
        var feature = page.GetByRole(AriaRole.Button, new() { Name = Feature, Exact = true });
        if (await feature.GetAttributeAsync("aria-expanded") == "false")
            await feature.ClickAsync();
        var picture = page.Locator("details:visible:has(img)").First;
        await picture.Locator("summary").ClickAsync();
        await Expect(picture.GetByRole(AriaRole.Img).Or(picture.Locator("img"))).ToBeVisibleAsync();
        (await picture.Locator("img").EvaluateAsync<int>("async image => { await image.decode(); return image.naturalWidth; }")).Should().BePositive();
    }
}

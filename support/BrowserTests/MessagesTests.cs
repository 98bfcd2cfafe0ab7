using System.Text.Json;
using Tidal.LivingDocumentation.Records;
using Tidal.LivingDocumentation.Tests.Model;
using static Microsoft.Playwright.Assertions;

namespace Tidal.BrowserTests;

/// <summary>The messages are Cucumber's: its schema, its parser and its formatter take them, and the formatter's page shows the run.</summary>
[Collection(nameof(Browser))]
public sealed class MessagesTests(Browser browser)
{
    [Fact]
    public async Task A_made_up_run_is_counted_as_it_was()
    {
        var (_, main, second, _) = SampleDocument.Run(failing: true);
        var report = Documents.Below("cucumber-report.html");

        var found = JsonDocument.Parse(await NodeTools.RunAsync("check-messages.mjs", Documents.MessagesOf(Documents.Failing), report)).RootElement;

        var tests = main.Tests.Concat(second.Tests).ToList();
        var statuses = found.GetProperty("statuses");
        statuses.GetProperty("PASSED").GetInt32().Should().Be(tests.Count(test => test.Passed));
        statuses.GetProperty("FAILED").GetInt32().Should().Be(tests.Count(test => !test.Passed)).And.BePositive();
        found.GetProperty("pictures").GetInt32().Should().Be(tests.Sum(test => test.Scenario?.Evidence.OfType<Picture>().Count() ?? 0)).And.BePositive();
        found.GetProperty("success").GetBoolean().Should().BeFalse();
    }

    [Fact]
    public async Task Cucumber_s_formatter_shows_the_run_with_its_pictures()
    {
        var name = File.Exists(Documents.MessagesOf(Documents.Real)) ? Documents.Real : Documents.Failing;
        var report = name == Documents.Real ? Documents.RealFile("cucumber-report.html") : Documents.Below("cucumber-report.html");
        var found = JsonDocument.Parse(await NodeTools.RunAsync("check-messages.mjs", Documents.MessagesOf(name), report)).RootElement;
        var passed = found.GetProperty("statuses").GetProperty("PASSED").GetInt32();

        await using var document = await browser.OpenAsync(report);

        var page = document.Page;
        await Expect(page.GetByTestId("cucumber.summary.status")).ToContainTextAsync($"({passed} / ");
        await Expect(page.GetByText("features/failover/a-shard-primary-crashes.feature", new() { Exact = true }).First).ToBeVisibleAsync();
        await Expect(page.GetByText("features/failover/a-shard-primary-crashes.feature (real time)", new() { Exact = true }).First).ToBeVisibleAsync();
    }
}

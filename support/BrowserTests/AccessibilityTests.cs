using System.Text.Json;

namespace Tidal.BrowserTests;

/// <summary>What axe finds by the rules of WCAG 2.1, levels A and AA, contrast among them: nothing.</summary>
[Collection(nameof(Browser))]
public sealed class AccessibilityTests(Browser browser)
{
    private const string Rules = """
        async () => {
            const found = await axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'], resultTypes: ['violations'] });
            return JSON.stringify(found.violations.map(rule => ({
                rule: rule.id, help: rule.help, places: rule.nodes.length,
                first: rule.nodes.slice(0, 3).map(node => `${node.target} ${node.html.slice(0, 200)} ${node.failureSummary}`) })));
        }
        """;

    [Theory]
    [InlineData(Documents.Failing, Reader.Desk, false)]
    [InlineData(Documents.Failing, Reader.Desk, true)]
    [InlineData(Documents.Failing, Reader.Phone, false)]
    [InlineData(Documents.Failing, Reader.Phone, true)]
    [InlineData(Documents.Passing, Reader.Desk, false)]
    [InlineData(Documents.Real, Reader.Desk, false)]
    [InlineData(Documents.Real, Reader.Desk, true)]
    [InlineData(Documents.Real, Reader.Phone, false)]
    [InlineData(Documents.Real, Reader.Phone, true)]
    public async Task Everybody_can_use_it(string name, int width, bool isDark)
    {
        if (!File.Exists(Documents.FileOf(name)))
            return;
        await using var document = await browser.OpenAsync(Documents.FileOf(name), new Reader(width, isDark));
        await document.OpenEverythingAsync();
        await document.Page.EvaluateAsync(await File.ReadAllTextAsync(NodeTools.File("node_modules/axe-core/axe.min.js")));

        var violations = JsonDocument.Parse(await document.Page.EvaluateAsync<string>(Rules)).RootElement.EnumerateArray().Select(rule => rule.ToString());

        violations.Should().BeEmpty();
    }
}

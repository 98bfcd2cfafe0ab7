using System.Text.Json;

namespace Tidal.BrowserTests;

/// <summary>What is measured in an open document. Each says what is wrong, and nothing if nothing is.</summary>
internal static class Checks
{
    private const string Rules = """
        async () => {
            const found = await axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'], resultTypes: ['violations'] });
            return JSON.stringify(found.violations.map(rule => ({
                rule: rule.id, help: rule.help, places: rule.nodes.length,
                first: rule.nodes.slice(0, 3).map(node => `${node.target} ${node.html.slice(0, 200)} ${node.failureSummary}`) })));
        }
        """;

    /// <summary>What axe finds by the rules of WCAG 2.1, levels A and AA, contrast among them.</summary>
    public static async Task<IReadOnlyList<string>> ViolationsAsync(OpenDocument document)
    {
        await document.Page.EvaluateAsync(await File.ReadAllTextAsync(NodeTools.File("node_modules/axe-core/axe.min.js")));
        using var found = JsonDocument.Parse(await document.Page.EvaluateAsync<string>(Rules));
        return [.. found.RootElement.EnumerateArray().Select(rule => rule.ToString())];
    }

    /// <summary>What is wider than the window, though it stands in nothing that scrolls by itself.</summary>
    public static async Task<IReadOnlyList<string>> TooWideAsync(OpenDocument document) => await document.Page.EvaluateAsync<string[]>("""
        () => {
            const scrolls = element => element && element !== document.body && (['auto', 'scroll', 'hidden', 'clip'].includes(getComputedStyle(element).overflowX) || scrolls(element.parentElement));
            const wide = [...document.body.querySelectorAll('*')]
                .filter(element => element.getBoundingClientRect().right > innerWidth + 1 && element.getClientRects().length > 0 && !scrolls(element))
                .slice(0, 5).map(element => element.outerHTML.slice(0, 200));
            const width = document.documentElement.scrollWidth;
            return width > innerWidth ? [`the page is ${width} pixels wide`, ...wide] : wide;
        }
        """);

    /// <summary>Links to nowhere, or out of the document.</summary>
    public static async Task<IReadOnlyList<string>> AstrayAsync(OpenDocument document) => await document.Page.EvaluateAsync<string[]>("""
        () => [...document.querySelectorAll('[href],[src]')].map(link => link.getAttribute('href') ?? link.getAttribute('src'))
            .filter(to => !to.startsWith('#') || !document.getElementById(decodeURIComponent(to.slice(1))))
        """);
}

using Microsoft.Playwright;

namespace Tidal.BrowserTests;

/// <summary>
/// A document in its window. Whatever a document must never do is noted while it is open, and is an error when the window is closed: asking
/// for anything but its own file, an error on the console or in the script, a dialog.
/// </summary>
internal sealed class OpenDocument : IAsyncDisposable
{
    private readonly List<string> _misdeeds = [];

    public OpenDocument(IPage page, string file)
    {
        Page = page;
        var own = new Uri(file).AbsoluteUri;
        page.Request += (_, request) => Note(request.Url.Split('#')[0] == own || request.Url.StartsWith("data:", StringComparison.Ordinal), $"asks for {request.Url}");
        page.Console += (_, message) => Note(message.Type is not ("error" or "warning"), $"says on the console: {message.Text}");
        page.PageError += (_, error) => Note(false, $"has an error in its script: {error}");
        page.Dialog += (_, dialog) =>
        {
            Note(false, $"opens a dialog: {dialog.Message}");
            _ = dialog.DismissAsync();
        };
    }

    public IPage Page { get; }

    /// <summary>Opens all that is folded, for who wants to see everything.</summary>
    public Task OpenEverythingAsync() => Page.EvaluateAsync("document.querySelectorAll('details').forEach(folded => folded.open = true)");

    /// <summary>Opens some scenarios with all that is folded in them: enough where hundreds are alike.</summary>
    public Task OpenSomeAsync(int scenarios) =>
        Page.EvaluateAsync("count => [...document.querySelectorAll('.ex')].slice(0, count).forEach(one => [one, ...one.querySelectorAll('details')].forEach(folded => folded.open = true))", scenarios);

    public async ValueTask DisposeAsync()
    {
        await Page.Context.DisposeAsync();
        _misdeeds.Should().BeEmpty("a document keeps quiet");
    }

    private void Note(bool isFine, string what)
    {
        if (!isFine)
            _misdeeds.Add(what);
    }
}

using Microsoft.Playwright;
using Tidal.RealTimeLock;

[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace Tidal.BrowserTests;

/// <summary>
/// The browser, started once for all tests: the system's chromium, or the one that <c>CHROMIUM</c> names. Playwright's own browsers are not used.
/// </summary>
public sealed class Browser : IAsyncLifetime, IDisposable
{
    private readonly MachineLock _machine = MachineLock.Alone();
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    private static string Executable => Environment.GetEnvironmentVariable("CHROMIUM") ?? "/usr/bin/chromium";

    public async Task InitializeAsync()
    {
        if (!File.Exists(Executable))
            throw new FileNotFoundException($"No browser at {Executable}: install chromium, or name one in the variable CHROMIUM.");
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Executable,
            // The sandbox refuses to start for root, and these documents are our own.
            Args = ["--no-sandbox"],
        });
    }

    /// <summary>Opens a document in a window of its own, as its reader would have it.</summary>
    /// <param name="file">The file.</param>
    /// <param name="reader">How the reader looks at it.</param>
    /// <param name="hash">What stands behind the file's name, with its number sign.</param>
    internal async Task<OpenDocument> OpenAsync(string file, Reader? reader = null, string hash = "")
    {
        reader ??= new Reader();
        var context = await _browser!.NewContextAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = reader.Width, Height = reader.Height },
            ColorScheme = reader.IsDark ? ColorScheme.Dark : ColorScheme.Light,
            JavaScriptEnabled = reader.HasScript,
            Offline = true,
        });
        context.SetDefaultTimeout(10_000);
        var opened = new OpenDocument(await context.NewPageAsync(), file);
        await opened.Page.GotoAsync(new Uri(file).AbsoluteUri + hash);
        return opened;
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
    }

    public void Dispose() => _machine.Dispose();
}

/// <summary>How somebody looks at a document. Immutable.</summary>
/// <param name="Width">The window's width in pixels.</param>
/// <param name="IsDark">Whether the system is dark.</param>
/// <param name="HasScript">Whether scripts may run.</param>
internal sealed record Reader(int Width = Reader.Desk, bool IsDark = false, bool HasScript = true)
{
    public const int Desk = 1280;
    public const int Phone = 360;

    public int Height => Width == Phone ? 740 : 800;

    /// <summary>What the name of a picture of it ends with.</summary>
    public string Suffix => $"{Width}-{(IsDark ? "dark" : "light")}";
}

[CollectionDefinition(nameof(Browser))]
public sealed class BrowserUsers : ICollectionFixture<Browser>;

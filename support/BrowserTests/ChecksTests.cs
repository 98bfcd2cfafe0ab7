using Xunit.Sdk;

namespace Tidal.BrowserTests;

/// <summary>The checks find what they are there for: each in a small document with just that fault.</summary>
[Collection(nameof(Browser))]
public sealed class ChecksTests(Browser browser)
{
    [Theory]
    [InlineData("<img src='other.png' alt=''>", "asks for")]
    [InlineData("<style>p { background: url('other.png') }</style><p>Text", "asks for")]
    [InlineData("<script>fetch('https://example.com/')</script>", "asks for https://example.com/")]
    [InlineData("<script>console.error('Too late.')</script>", "says on the console: Too late.")]
    [InlineData("<script>throw new Error('No.')</script>", "has an error in its script")]
    [InlineData("<script>alert('Read me.')</script>", "opens a dialog: Read me.")]
    public async Task A_document_that_does_not_keep_quiet_is_found_out(string fault, string misdeed)
    {
        var document = await OpenAsync(fault);
        await document.Page.WaitForTimeoutAsync(200);

        (await FluentActions.Awaiting(() => document.DisposeAsync().AsTask()).Should().ThrowAsync<XunitException>()).WithMessage($"*{misdeed}*");
    }

    [Theory]
    [InlineData("<p style='color:#aaa'>Pale", "color-contrast")]
    [InlineData("<button></button>", "button-name")]
    [InlineData("<details><summary><a href='#x'>A link</a></summary></details><p id='x'>x", "nested-interactive")]
    public async Task What_not_everybody_can_use_is_found(string fault, string rule)
    {
        await using var document = await OpenAsync(fault);

        (await Checks.ViolationsAsync(document)).Should().ContainSingle().Which.Should().Contain($"\"{rule}\"");
    }

    [Theory]
    [InlineData("<p style='width:500px'>Wide", true)]
    [InlineData("<div style='overflow-x:auto'><p style='width:500px'>It scrolls</p></div>", false)]
    public async Task What_is_too_wide_is_found(string fault, bool isFound)
    {
        await using var document = await OpenAsync(fault);

        (await Checks.TooWideAsync(document)).Any().Should().Be(isFound);
    }

    [Theory]
    [InlineData("#nowhere")]
    [InlineData("https://example.com/")]
    public async Task A_link_astray_is_found(string to)
    {
        await using var document = await OpenAsync($"<a href='{to}'>Go</a><a href='#here' id='here'>Here</a>");

        (await Checks.AstrayAsync(document)).Should().Equal(to);
    }

    private async Task<OpenDocument> OpenAsync(string fault)
    {
        var file = Documents.Below("fault.html");
        await File.WriteAllTextAsync(file, $"<!doctype html><html lang='en'><head><meta charset='utf-8'><title>Fault</title></head><body>{fault}</body></html>");
        return await browser.OpenAsync(file, new Reader(Reader.Phone));
    }
}

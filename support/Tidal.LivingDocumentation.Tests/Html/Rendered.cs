using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Tidal.LivingDocumentation.Report.Html;
using Tidal.LivingDocumentation.Tests.Model;
using Document = Tidal.LivingDocumentation.Report.Model.Document;

namespace Tidal.LivingDocumentation.Tests.Html;

/// <summary>The page of a document, as text and as a browser would read it. A page that breaks the rules of HTML is an error.</summary>
internal sealed class Rendered
{
    private static readonly Lazy<Rendered> OfFailing = new(() => new Rendered(SampleDocument.Failing));
    private static readonly Lazy<Rendered> OfPassing = new(() => new Rendered(SampleDocument.Passing));

    public Rendered(Document document)
    {
        var to = new StringWriter();
        HtmlDocument.Write(document, to);
        (Document, Text) = (document, to.ToString());
        Page = new HtmlParser(new HtmlParserOptions { IsStrictMode = true }).ParseDocument(Text);
    }

    public static Rendered Failing => OfFailing.Value;

    public static Rendered Passing => OfPassing.Value;

    public Document Document { get; }

    public string Text { get; }

    public IHtmlDocument Page { get; }

    /// <summary>The texts of all elements of a kind, white space as a reader sees it.</summary>
    public IEnumerable<string> Texts(string selector) => Page.QuerySelectorAll(selector).Select(TextOf);

    /// <summary>An element's text, white space as a reader sees it.</summary>
    public static string TextOf(IElement element) => string.Join(' ', element.TextContent.Split((char[])[' ', '\n', '\t', '\u00a0'], StringSplitOptions.RemoveEmptyEntries));
}

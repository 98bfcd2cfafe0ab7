using System.Text;
using Tidal.LivingDocumentation.Records;
using Tidal.LivingDocumentation.Report.Building;
using Tidal.LivingDocumentation.Report.Html;
using Tidal.LivingDocumentation.Report.Messages;
using Tidal.LivingDocumentation.Report.Model;
using Tidal.LivingDocumentation.Tests.Model;

namespace Tidal.BrowserTests;

/// <summary>
/// The documents that the tests look at: made-up runs of the product's own features and a hostile one, and the real document if there is
/// one. Each is made once.
/// </summary>
internal static class Documents
{
    /// <summary>A run in which examples failed in all ways that there are, and some did not run; with hostile texts.</summary>
    public const string Failing = "failing";

    /// <summary>A run in which everything passed.</summary>
    public const string Passing = "passing";

    /// <summary>300 examples with a timeline each.</summary>
    public const string Large = "large";

    /// <summary>What the last <c>dotnet test</c> left behind.</summary>
    public const string Real = "real";

    private static readonly Dictionary<string, (string File, Document? Document)> Made = [];

    /// <summary>The documents that there are: the real one is not, before the first <c>dotnet test</c>.</summary>
    public static TheoryData<string> Names => File.Exists(RealFile("index.html")) ? new(Failing, Passing, Large, Real) : new(Failing, Passing, Large);

    /// <summary>A document's file.</summary>
    public static string FileOf(string name) => name == Real ? RealFile("index.html") : MadeUp(name).File;

    /// <summary>What a made-up document shows.</summary>
    public static Document ModelOf(string name) => MadeUp(name).Document!;

    /// <summary>A file that the last <c>dotnet test</c> left behind.</summary>
    public static string RealFile(string name) => Path.Combine(RecordFiles.FolderBelow(RecordFiles.Root), name);

    /// <summary>The messages of a made-up run, or of the real one.</summary>
    public static string MessagesOf(string name)
    {
        if (name == Real)
            return RealFile("messages.ndjson");
        var (sources, main, second, _) = SampleDocument.Run(name != Passing);
        var file = Below($"{name}.ndjson");
        using var stream = File.Create(file);
        MessagesFile.Write(sources.Features, main, second, stream);
        return file;
    }

    /// <summary>A file of the tests' own.</summary>
    public static string Below(string name)
    {
        var folder = Path.Combine(RecordFiles.Root, "artifacts", "browser-tests");
        Directory.CreateDirectory(folder);
        return Path.Combine(folder, name);
    }

    private static (string File, Document? Document) MadeUp(string name)
    {
        if (Made.TryGetValue(name, out var made))
            return made;
        var (sources, main, second, history) = SampleDocument.Run(name == Failing);
        var document = DocumentBuilder.Build(sources, name == Large ? LargeRun.Of(main) : main, name == Large ? null : second, history);
        var file = Below($"{name}.html");
        using var writer = new StreamWriter(file, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        HtmlDocument.Write(document, writer);
        return Made[name] = (file, document);
    }
}

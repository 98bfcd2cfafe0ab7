using System.Text;
using System.Text.Json;
using Tidal.LivingDocumentation.Records;
using Tidal.LivingDocumentation.Report.Building;
using Tidal.LivingDocumentation.Report.Features;
using Tidal.LivingDocumentation.Report.Html;
using Tidal.LivingDocumentation.Report.Messages;
using Tidal.LivingDocumentation.Report.Writing;

namespace Tidal.LivingDocumentation.Report;

/// <summary>Writes the living document, <c>artifacts/living-documentation/index.html</c> and the files beside it. Safe for several processes at a time.</summary>
public static class LivingDocument
{
    /// <summary>The name of the first pass, which runs everything.</summary>
    public const string MainPass = "main";

    /// <summary>The name of the second pass, in real time.</summary>
    public const string RealTimePass = "real-time";

    /// <summary>The folder of what is a part only.</summary>
    /// <param name="root">The checkout's root.</param>
    public static string FilteredBelow(string root) => Path.Combine(RecordFiles.FolderBelow(root), "filtered");

    /// <summary>How long to wait for another process that is writing.</summary>
    public static readonly TimeSpan LockWaitMax = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Writes what came of a pass. A whole first pass makes the document, together with the second pass of its build if there is one, and a second
    /// pass is added to the first of its build. What is a part only, a filtered run or a second pass without its first, is written
    /// to the folder <c>filtered</c> and leaves everything else as it is.
    /// </summary>
    /// <param name="root">The checkout's root.</param>
    /// <param name="pass">The pass.</param>
    /// <param name="passName"><see cref="MainPass"/> or <see cref="RealTimePass"/>.</param>
    /// <param name="isAgain">Whether it is a later run of some tests of the last pass of that name and build: it is added to that.</param>
    /// <returns>The path of the <c>index.html</c> that was written.</returns>
    /// <exception cref="SourceException">A feature, or a text beside the features, cannot be read.</exception>
    /// <exception cref="DocumentLockedException">Another process has been writing all the time.</exception>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public static string Write(string root, PassRecord pass, string passName, bool isAgain = false) => Write(root, pass, passName, isAgain, LockWaitMax);

    internal static string Write(string root, PassRecord pass, string passName, bool isAgain, TimeSpan lockWaitMax)
    {
        var isSecond = passName switch
        {
            MainPass => false,
            RealTimePass => true,
            _ => throw new ArgumentOutOfRangeException(nameof(passName), passName, $"A pass is {MainPass} or {RealTimePass}."),
        };
        var folder = RecordFiles.FolderBelow(root);
        using var held = FolderLock.Take(folder, lockWaitMax);
        var sources = ReportSources.Read(root);
        if (isAgain && Read<PassRecord>(PassFile(folder, passName)) is { } earlier && earlier.Build == pass.Build)
            pass = earlier.With(pass);
        if (isSecond || pass.Filter is null)
            Save(PassFile(folder, passName), pass);
        var main = isSecond ? Read<PassRecord>(PassFile(folder, MainPass)) : pass;
        var second = isSecond ? pass : Read<PassRecord>(PassFile(folder, RealTimePass));
        if (isSecond && main?.Build != pass.Build)
            return Write(FilteredBelow(root), sources, pass with { Filter = pass.Filter ?? "the second pass alone" }, null, RunHistory.Empty);
        if (main!.Filter is not null)
            return Write(FilteredBelow(root), sources, main, null, RunHistory.Empty);
        var history = Path.Combine(folder, "history.json");
        return Write(folder, sources, main, second, Read<RunHistory>(history) ?? RunHistory.Empty, history);
    }

    private static string Write(string folder, ReportSources sources, PassRecord main, PassRecord? second, RunHistory history, string? historyFile = null)
    {
        second = second?.Build == main.Build ? second : null;
        var document = DocumentBuilder.Build(sources, main, second, history);
        var index = Path.Combine(folder, "index.html");
        AtomicFile.Write(index, path =>
        {
            using var to = new StreamWriter(path, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { NewLine = "\n" };
            HtmlDocument.Write(document, to);
        });
        AtomicFile.Write(Path.Combine(folder, "messages.ndjson"), path =>
        {
            using var to = File.Create(path);
            MessagesFile.Write(sources.Features, main, second, to);
        });
        if (historyFile is not null)
            Save(historyFile, history.With(document));
        return index;
    }

    private static string PassFile(string folder, string passName) => Path.Combine(folder, "passes", $"{passName}.json");

    private static void Save<T>(string path, T record) => AtomicFile.Write(path, beside => RecordFiles.Write(beside, record));

    // What an older version left behind is as good as nothing.
    private static T? Read<T>(string path)
        where T : class
    {
        try
        {
            return File.Exists(path) ? RecordFiles.Read<T>(path) : null;
        }
        catch (Exception error) when (error is JsonException or NotSupportedException)
        {
            return null;
        }
    }
}

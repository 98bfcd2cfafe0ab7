using Microsoft.VisualStudio.TestPlatform.ObjectModel;
using Microsoft.VisualStudio.TestPlatform.ObjectModel.Client;
using Tidal.LivingDocumentation.Records;
using Tidal.LivingDocumentation.Report;

namespace Tidal.LivingDocumentation.TestLogger;

/// <summary>
/// Says where the document is that was written while tests ran: for those that run the second pass in a process of its own, whose words nobody
/// sees. They are the last of a whole run.
/// </summary>
[FriendlyName("living-documentation-place")]
[ExtensionUri("logger://tidal/living-documentation-place/v1")]
public sealed class LivingDocumentationPlaceLogger : ITestLogger
{
    private readonly TextWriter _output;
    private readonly string? _givenRoot;

    /// <summary>What the test runner makes.</summary>
    public LivingDocumentationPlaceLogger()
        : this(Console.Out, root: null)
    {
    }

    /// <summary>A logger whose words go elsewhere.</summary>
    /// <param name="output">Where it says something.</param>
    /// <param name="root">The checkout's root; null for the one that this library was built in.</param>
    public LivingDocumentationPlaceLogger(TextWriter output, string? root) => (_output, _givenRoot) = (output, root);

    /// <inheritdoc/>
    public void Initialize(TestLoggerEvents events, string testRunDirectory)
    {
        ArgumentNullException.ThrowIfNull(events);
        Dictionary<string, DateTime> before = [];
        events.TestRunStart += (_, _) => Guarded(() => before = Documents().ToDictionary(file => file.FullName, file => file.LastWriteTimeUtc));
        events.TestRunComplete += (_, _) => Guarded(() => Say(before));
    }

    // By what stood there before, not by the time: file systems keep a clock of their own.
    private void Say(Dictionary<string, DateTime> before)
    {
        var written = Documents().Where(file => file.LastWriteTimeUtc != before.GetValueOrDefault(file.FullName)).MaxBy(file => file.LastWriteTimeUtc);
        if (written is not null)
            _output.WriteLine($"Living document: {Announcement.Uri(written.FullName)}");
    }

    private IEnumerable<FileInfo> Documents()
    {
        var root = _givenRoot ?? RecordFiles.RootAbove(Path.GetDirectoryName(typeof(LivingDocumentationPlaceLogger).Assembly.Location)!);
        return new[] { RecordFiles.FolderBelow(root), LivingDocument.FilteredBelow(root) }
            .Select(folder => new FileInfo(Path.Combine(folder, "index.html"))).Where(file => file.Exists);
    }

    private void Guarded(Action action)
    {
        try
        {
            action();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            _output.WriteLine($"Where the living document is cannot be told: {Announcement.OneLine(error.Message)}");
        }
    }
}

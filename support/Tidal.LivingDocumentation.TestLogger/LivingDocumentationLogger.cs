using Microsoft.VisualStudio.TestPlatform.ObjectModel;
using Microsoft.VisualStudio.TestPlatform.ObjectModel.Client;
using Tidal.LivingDocumentation.Records;
using Tidal.LivingDocumentation.Report;

namespace Tidal.LivingDocumentation.TestLogger;

/// <summary>
/// Listens to the test runner, makes the living document of what it reports, and says where it is. Whatever goes wrong is said in a line and
/// fails nothing: the tests' outcome is the runner's. Parameter <c>pass</c>: <c>main</c>, or <c>real-time</c> for the second pass.
/// </summary>
[FriendlyName("living-documentation")]
[ExtensionUri("logger://tidal/living-documentation/v1")]
public sealed class LivingDocumentationLogger : ITestLoggerWithParameters
{
    /// <summary>The name of the pass that a plain run of the features is.</summary>
    public const string MainPass = "main";

    private readonly Lock _gate = new();
    private readonly TextWriter _output;
    private readonly string? _givenRoot;
    private string _passName = MainPass;
    private PassCollector? _pass;

    /// <summary>What the test runner makes.</summary>
    public LivingDocumentationLogger()
        : this(Console.Out, root: null)
    {
    }

    /// <summary>A logger whose words and files go elsewhere.</summary>
    /// <param name="output">Where it says something.</param>
    /// <param name="root">The checkout's root; null for the one that this library was built in.</param>
    public LivingDocumentationLogger(TextWriter output, string? root) => (_output, _givenRoot) = (output, root);

    private string Root => _givenRoot ?? RecordFiles.RootAbove(Path.GetDirectoryName(typeof(LivingDocumentationLogger).Assembly.Location)!);

    /// <inheritdoc/>
    public void Initialize(TestLoggerEvents events, string testRunDirectory) => Initialize(events, []);

    /// <inheritdoc/>
    public void Initialize(TestLoggerEvents events, Dictionary<string, string?> parameters)
    {
        ArgumentNullException.ThrowIfNull(events);
        ArgumentNullException.ThrowIfNull(parameters);
        _passName = parameters.GetValueOrDefault("pass") ?? MainPass;
        events.TestRunStart += (_, started) => Guarded(() => Begin(events, started.TestRunCriteria));
    }

    private void Begin(TestLoggerEvents events, TestRunCriteria criteria)
    {
        var root = Root;
        var pass = _pass = new PassCollector(root, RunFilter.Of(criteria), DateTimeOffset.UtcNow);
        events.TestResult += (_, told) =>
        {
            lock (_gate)
                Guarded(() => pass.Add(told.Result));
        };
        // Before the document is written, so that the two belong together.
        Guarded(() => TrxFile.Follow(events, DocumentFolder.Of(root, _passName, pass.Filter), _passName), "There is no TRX file");
        events.TestRunComplete += (_, ended) =>
        {
            lock (_gate)
                Guarded(() => End(root, pass, ended.IsCanceled));
        };
    }

    private void End(string root, PassCollector pass, bool isCancelled)
    {
        // A filter that fits nothing here was meant for other tests.
        if (pass.Count == 0)
            return;
        var record = pass.ToRecord(DateTimeOffset.UtcNow, isCancelled);
        var path = LivingDocument.Write(root, record, _passName);
        _output.WriteLine(Announcement.Of(path, record, _passName, root));
    }

    private void Guarded(Action action, string consequence = "The living document could not be written")
    {
        try
        {
            action();
        }
        catch (Exception error)
        {
            _output.WriteLine($"{consequence}: {error.GetType().Name}: {Announcement.OneLine(error.Message)}");
        }
    }
}

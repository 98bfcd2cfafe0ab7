using Microsoft.VisualStudio.TestPlatform.ObjectModel;
using Microsoft.VisualStudio.TestPlatform.ObjectModel.Client;
using Tidal.LivingDocumentation.Records;
using Tidal.LivingDocumentation.Report;

namespace Tidal.LivingDocumentation.TestLogger;

/// <summary>
/// Listens to the test runner, makes the living document of what it reports, and says where it is. Whatever goes wrong is said in a line and
/// fails nothing: the tests' outcome is the runner's. Parameter <c>pass</c>: <c>main</c>, or <c>real-time</c> for the second pass; <c>again</c>: whether
/// it is a later run of some of its tests.
/// </summary>
[FriendlyName("living-documentation")]
[ExtensionUri("logger://tidal/living-documentation/v1")]
public sealed class LivingDocumentationLogger : ITestLoggerWithParameters
{
    private const string NoDocument = "The living document could not be written";
    private const string NoTrx = "The TRX file beside the living document could not be written";

    private readonly Lock _gate = new();
    private readonly HashSet<string> _said = [];
    private readonly TextWriter _output;
    private readonly string? _givenRoot;
    private string _passName = LivingDocument.MainPass;
    private bool _isAgain;

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
        _passName = parameters.GetValueOrDefault("pass") ?? LivingDocument.MainPass;
        _isAgain = bool.TryParse(parameters.GetValueOrDefault("again"), out var isAgain) && isAgain;
        events.TestRunStart += (_, started) => Guarded(() => Begin(events, started.TestRunCriteria));
    }

    private void Begin(TestLoggerEvents events, TestRunCriteria criteria)
    {
        var root = Root;
        var pass = new PassCollector(root, RunFilter.Of(criteria), DateTimeOffset.UtcNow);
        TrxFile? trx = null;
        Guarded(() => trx = new TrxFile(DocumentFolder.Of(root, _passName, pass.Filter), _isAgain ? $"{_passName}-again" : _passName), NoTrx);
        events.TestRunMessage += (_, told) => Guarded(() => trx?.Tell(told), NoTrx);
        events.TestResult += (_, told) =>
        {
            Guarded(() => pass.Add(told.Result));
            Guarded(() => trx?.Tell(told), NoTrx);
        };
        events.TestRunComplete += (_, ended) =>
        {
            // A filter that fits nothing here was meant for other tests.
            if (pass.Count == 0)
                return;
            // That of the last whole run is worth more than half a one.
            if (!ended.IsCanceled)
                Guarded(() => trx?.Complete(ended), NoTrx);
            Guarded(() => Write(root, pass.ToRecord(DateTimeOffset.UtcNow, ended.IsCanceled)));
        };
    }

    private void Write(string root, PassRecord record)
    {
        var path = LivingDocument.Write(root, record, _passName, _isAgain);
        _output.WriteLine(Announcement.Of(path, record, _passName, root));
    }

    private void Guarded(Action action, string consequence = NoDocument)
    {
        try
        {
            // Results may come from several threads.
            lock (_gate)
                action();
        }
        catch (Exception error)
        {
            // What goes wrong with every result is said once.
            if (_said.Add(consequence))
                _output.WriteLine($"{consequence}: {error.GetType().Name}: {Announcement.OneLine(error.Message)}");
        }
    }
}

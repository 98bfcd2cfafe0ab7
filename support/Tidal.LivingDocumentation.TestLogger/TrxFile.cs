using System.Reflection;
using Microsoft.VisualStudio.TestPlatform.ObjectModel;
using Microsoft.VisualStudio.TestPlatform.ObjectModel.Client;
using Microsoft.VisualStudio.TestPlatform.ObjectModel.Logging;
using Tidal.LivingDocumentation.Report;

namespace Tidal.LivingDocumentation.TestLogger;

/// <summary>
/// The usual TRX file beside the document, by the test runner's own logger for it. That logger writes one file where the command line asks for
/// it; this is one more, which takes nothing from it, and is told of a run only what the document is told too.
/// </summary>
internal sealed class TrxFile : TestLoggerEvents
{
    private const string Library = "Microsoft.VisualStudio.TestPlatform.Extensions.Trx.TestLogger";

    /// <summary>Begins a file; it is written at <see cref="Complete"/>, and if there is no result it is not.</summary>
    /// <param name="folder">Its folder.</param>
    /// <param name="passName">The pass's name.</param>
    /// <exception cref="IOException">The test runner has no logger for it.</exception>
    public TrxFile(string folder, string passName)
    {
        var library = Assembly.LoadFrom(Path.Combine(AppContext.BaseDirectory, "Extensions", Library + ".dll"));
        var type = library.GetTypes().Single(type => !type.IsAbstract && typeof(ITestLoggerWithParameters).IsAssignableFrom(type));
        ((ITestLoggerWithParameters)Activator.CreateInstance(type, nonPublic: true)!).Initialize(this, new Dictionary<string, string?>
        {
            [DefaultLoggerParameterNames.TestRunDirectory] = folder,
            ["LogFileName"] = NameOf(passName),
            ["WarnOnFileOverwrite"] = "false",
        });
    }

    /// <inheritdoc/>
    public override event EventHandler<TestRunMessageEventArgs>? TestRunMessage;

    /// <inheritdoc/>
    public override event EventHandler<TestResultEventArgs>? TestResult;

    /// <inheritdoc/>
    public override event EventHandler<TestRunCompleteEventArgs>? TestRunComplete;

    /// <inheritdoc/>
    public override event EventHandler<TestRunStartEventArgs>? TestRunStart { add { } remove { } }

    /// <inheritdoc/>
    public override event EventHandler<DiscoveryStartEventArgs>? DiscoveryStart { add { } remove { } }

    /// <inheritdoc/>
    public override event EventHandler<TestRunMessageEventArgs>? DiscoveryMessage { add { } remove { } }

    /// <inheritdoc/>
    public override event EventHandler<DiscoveredTestsEventArgs>? DiscoveredTests { add { } remove { } }

    /// <inheritdoc/>
    public override event EventHandler<DiscoveryCompleteEventArgs>? DiscoveryComplete { add { } remove { } }

    /// <summary>The file's name.</summary>
    public static string NameOf(string passName) => passName == LivingDocument.MainPass ? "results.trx" : $"results-{passName}.trx";

    public void Tell(TestRunMessageEventArgs message) => TestRunMessage?.Invoke(this, message);

    public void Tell(TestResultEventArgs result) => TestResult?.Invoke(this, result);

    public void Complete(TestRunCompleteEventArgs ended) => TestRunComplete?.Invoke(this, ended);
}

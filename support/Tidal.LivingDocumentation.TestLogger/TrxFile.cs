using System.Reflection;
using Microsoft.VisualStudio.TestPlatform.ObjectModel;
using Microsoft.VisualStudio.TestPlatform.ObjectModel.Client;

namespace Tidal.LivingDocumentation.TestLogger;

/// <summary>
/// The usual TRX file beside the document, by the test runner's own logger for it. Named on the command line that logger writes one file, where
/// it is told to; this is one more, which takes nothing from it.
/// </summary>
internal static class TrxFile
{
    private const string Library = "Microsoft.VisualStudio.TestPlatform.Extensions.Trx.TestLogger";

    /// <summary>Lets a logger of its own write what happens from now on.</summary>
    /// <exception cref="FileNotFoundException">The test runner has none.</exception>
    public static void Follow(TestLoggerEvents events, string folder, string passName)
    {
        var library = Assembly.LoadFrom(Path.Combine(AppContext.BaseDirectory, "Extensions", Library + ".dll"));
        var type = library.GetTypes().Single(type => !type.IsAbstract && typeof(ITestLoggerWithParameters).IsAssignableFrom(type));
        var logger = (ITestLoggerWithParameters)Activator.CreateInstance(type, nonPublic: true)!;
        logger.Initialize(events, new Dictionary<string, string?>
        {
            [DefaultLoggerParameterNames.TestRunDirectory] = folder,
            ["LogFileName"] = passName == LivingDocumentationLogger.MainPass ? "results.trx" : $"results-{passName}.trx",
            ["WarnOnFileOverwrite"] = "false",
        });
    }
}

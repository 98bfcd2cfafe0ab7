using System.Diagnostics;
using System.Globalization;
using System.Xml.Linq;

namespace Tidal.RealTimePass.Tests;

/// <summary>A run of the features' assembly in real time, and what came of it. Immutable.</summary>
/// <param name="ExitCode">Zero if all passed.</param>
/// <param name="Said">What it printed.</param>
/// <param name="Failed">The scenarios that failed.</param>
internal sealed record PassRun(int ExitCode, string Said, IReadOnlyList<FailedScenario> Failed)
{
    /// <summary>Scenarios at once: they wait for most of their time, but a cluster that is started takes both processors of a small machine.</summary>
    private const int AtOnce = 2;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(20);

    /// <summary>Runs scenarios.</summary>
    /// <param name="filter">Which.</param>
    /// <param name="number">Which run it is: from the second one on they add to the results of the first.</param>
    /// <exception cref="TimeoutException">It did not end.</exception>
    public static async Task<PassRun> StartAsync(string filter, int number)
    {
        var results = Path.Combine(Root.FullName, "artifacts", "test-results", "realtime-pass");
        var file = number == 1 ? "realtime-pass.trx" : string.Create(CultureInfo.InvariantCulture, $"realtime-pass-{number}.trx");
        Directory.CreateDirectory(results);
        File.Delete(Path.Combine(results, file));
        using var run = Process.Start(Command(filter, results, file, isAgain: number > 1))!;
        using var timeout = new CancellationTokenSource(Patience);
        var (output, errors) = (run.StandardOutput.ReadToEndAsync(timeout.Token), run.StandardError.ReadToEndAsync(timeout.Token));
        try
        {
            await run.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            run.Kill(entireProcessTree: true);
            throw new TimeoutException($"The second pass is not over after {Patience}.");
        }
        var path = Path.Combine(results, file);
        return new PassRun(run.ExitCode, $"{await output}{await errors}", File.Exists(path) ? FailedScenario.In(XDocument.Load(path)) : []);
    }

    // …/bin/<configuration>/<framework>/
    private static DirectoryInfo Own { get; } = new(AppContext.BaseDirectory);

    private static DirectoryInfo Root { get; } = FindRoot();

    private static ProcessStartInfo Command(string filter, string results, string file, bool isAgain)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Root.FullName };
        string[] arguments = ["test", BuiltBeside("features", "TidalBdd.Features.dll"), "--filter", filter,
            "--logger", $"trx;LogFileName={file}", "--results-directory", results,
            "--test-adapter-path", BuiltBeside("support", "Tidal.LivingDocumentation.TestLogger", ""),
            "--logger", $"living-documentation;pass=real-time;again={isAgain}",
            "--", $"xUnit.MaxParallelThreads={AtOnce}"];
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        start.Environment["TIDAL_SUBSTRATE"] = "realtime";
        // Reqnroll's own reports are of the first pass, and stay so.
        start.Environment["REQNROLL_FORMATTERS_DISABLED"] = "true";
        return start;
    }

    /// <summary>What another project was built to, in the same configuration: its folders below the checkout, and the file.</summary>
    private static string BuiltBeside(params string[] path) =>
        Path.Combine([Root.FullName, .. path[..^1], "bin", Own.Parent!.Name, Own.Name, path[^1]]);

    private static DirectoryInfo FindRoot()
    {
        var root = Own;
        while (!File.Exists(Path.Combine(root.FullName, "TidalBdd.sln")))
            root = root.Parent ?? throw new DirectoryNotFoundException("TidalBdd.sln is in no folder above the tests.");
        return root;
    }
}

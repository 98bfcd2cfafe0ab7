using System.Diagnostics;

namespace Tidal.RealTimePass.Tests;

/// <summary>
/// The second pass: the scenarios of the acceptance steps, the same text, on threads and with a real clock. A run of the features'
/// own assembly, so that it works with whatever runs them; its results lie in artifacts/test-results/realtime-pass.
/// </summary>
public sealed class RealTimePassTests
{
    /// <summary>Scenarios at once: they wait for most of their time, but a cluster that is started takes both processors of a small machine.</summary>
    private const int AtOnce = 2;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(20);

    [Fact]
    [Trait("Category", "uat")]
    [Trait("Category", "realtime")]
    public async Task The_scenarios_of_the_acceptance_steps_pass_in_real_time_too()
    {
        using var run = Process.Start(Run())!;
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
        var said = $"{await output}{await errors}";
        run.ExitCode.Should().Be(0, said);
        said.Should().Contain("Passed!", "it has run something");
    }

    private static ProcessStartInfo Run()
    {
        // …/bin/<configuration>/<framework>/
        var own = new DirectoryInfo(AppContext.BaseDirectory);
        var root = own;
        while (!File.Exists(Path.Combine(root.FullName, "TidalBdd.sln")))
            root = root.Parent ?? throw new DirectoryNotFoundException("TidalBdd.sln is in no folder above the tests.");
        var assembly = Path.Combine(root.FullName, "features", "bin", own.Parent!.Name, own.Name, "TidalBdd.Features.dll");
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = root.FullName };
        var document = Path.Combine(root.FullName, "support", "Tidal.LivingDocumentation.TestLogger", "bin", own.Parent!.Name, own.Name);
        string[] arguments = ["test", assembly, "--filter", "Category=uat&Category!=realtime", "--logger", "trx;LogFileName=realtime-pass.trx", "--results-directory", ResultsIn(root),
            "--test-adapter-path", document, "--logger", "living-documentation;pass=real-time", "--", $"xUnit.MaxParallelThreads={AtOnce}"];
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        start.Environment["TIDAL_SUBSTRATE"] = "realtime";
        // Reqnroll's own reports are of the first pass, and stay so.
        start.Environment["REQNROLL_FORMATTERS_DISABLED"] = "true";
        return start;
    }

    // Where .ci/run counts, beside the results of all others.
    private static string ResultsIn(DirectoryInfo root) => Path.Combine(root.FullName, "artifacts", "test-results", "realtime-pass");
}

using System.Runtime.InteropServices;
using Tidal.Hosting;

namespace Tidal.Cli;

/// <summary>Runs the phases of a benchmark, one after the other. Used by one thread.</summary>
/// <param name="options">Which, and how long.</param>
/// <param name="told">Told what goes on, in a line.</param>
internal sealed class BenchRun(BenchOptions options, Action<string> told)
{
    /// <summary>The machine and what runs on it, in a line.</summary>
    public static string Machine =>
        $"{RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}, {RuntimeInformation.FrameworkDescription}, "
        + $"{Wording.Count(Environment.ProcessorCount, "processor")}, {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 30} GiB";

    /// <summary>Measures.</summary>
    /// <param name="cancellation">Interrupts it.</param>
    public BenchReport Run(CancellationToken cancellation)
    {
        var report = new BenchReport { Batch = options.Batch, Machine = Machine, Date = DateTimeOffset.UtcNow };
        foreach (var (phase, text, run) in Phases(cancellation))
        {
            if (!options.Phases.HasFlag(phase))
                continue;
            cancellation.ThrowIfCancellationRequested();
            told(text);
            report = run(report);
            // What a phase leaves behind is not the next one's.
            GC.Collect();
        }
        return report;
    }

    private IEnumerable<(BenchPhases Phase, string Text, Func<BenchReport, BenchReport> Run)> Phases(CancellationToken cancellation)
    {
        var peak = new PeakBench(options, cancellation);
        yield return (BenchPhases.Peak, "peak: as many signals as the cluster takes, logs in memory", peak.RunInMemory);
        yield return (BenchPhases.File, "file: the same with logs in files", peak.RunInFiles);
        yield return (BenchPhases.Latency, $"latency: {Wording.Count(options.Rate, "signal")} a second", new LatencyBench(options, cancellation).Run);
        yield return (BenchPhases.Failover, $"failover: {Wording.Count(options.Failovers, "primary").Replace("primarys", "primaries", StringComparison.Ordinal)} stopped", new FailoverBench(options, cancellation).Run);
        yield return (BenchPhases.Recovery, "recovery: a replica starts on a long log", Recover);
        yield return (BenchPhases.Retrieve, "retrieve: one shard is filled and queried", report => new RetrieveBench(options, cancellation).Run(report));
        yield return (BenchPhases.Retrieve, "retrieve: a cluster is filled and queried", new EndToEndBench(options, cancellation).Run);

        BenchReport Recover(BenchReport report)
        {
            var directory = BenchHost.NewDirectory(options);
            try
            {
                using var files = FileLogStore.Open(directory);
                return new RecoveryBench(options, cancellation).Run(report, files);
            }
            finally
            {
                Directory.Delete(directory, recursive: true);
            }
        }
    }
}

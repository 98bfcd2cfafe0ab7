using System.Runtime.InteropServices;
using Tidal.Log;

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
        yield return (BenchPhases.Recovery, "recovery: a replica starts on a long log", report => new RecoveryBench(options, cancellation).Run(report, new MemoryLogStore()));
        yield return (BenchPhases.Retrieve, "retrieve: one shard is filled and queried", new RetrieveBench(options, cancellation).Run);
    }
}

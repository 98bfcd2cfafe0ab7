using System.Diagnostics;

namespace Tidal.Cli;

/// <summary>
/// As many signals a second as the cluster accepts and replicates to every replica of their shard: clients that write their next call
/// when the one before is acknowledged. The time counted is from the first send until the last replica has applied the last signal.
/// </summary>
/// <param name="options">How long and how many.</param>
/// <param name="cancellation">Interrupts it.</param>
internal sealed class PeakBench(BenchOptions options, CancellationToken cancellation)
{
    private const int LanesARegion = 6;

    private const double WarmUpPart = 0.25;

    /// <summary>Measures with logs in memory.</summary>
    /// <param name="report">What was measured before.</param>
    public BenchReport RunInMemory(BenchReport report)
    {
        using var host = BenchHost.Start(options, inFiles: false, cancellation);
        var peak = Measure(host);
        return (report with
        {
            AcceptedPerSecondMemory = peak.PerSecond,
            BytesAllocatedPerSignal = (double)(peak.BytesAllocated - peak.LogBytes) / peak.Signals,
            LogBytesPerSignal = (double)peak.LogBytes / peak.Signals,
        }).With(PhaseOf("peak", peak, "memory")).With(host.Audit());
    }

    /// <summary>Measures with logs in files, and a flush to the disk before each acknowledgement.</summary>
    /// <param name="report">What was measured before.</param>
    public BenchReport RunInFiles(BenchReport report)
    {
        using var host = BenchHost.Start(options, inFiles: true, cancellation);
        var peak = Measure(host);
        return (report with { AcceptedPerSecondFile = peak.PerSecond }).With(PhaseOf("file", peak, "files, flushed to the disk")).With(host.Audit());
    }

    private readonly record struct Peak(double WarmUpSeconds, double Seconds, long Signals, long BytesAllocated, long LogBytes, long Retries, TimeSpan Processor)
    {
        public double PerSecond => Signals / Seconds;
    }

    private MeasuredPhase PhaseOf(string name, in Peak peak, string stores) => new(
        name, peak.WarmUpSeconds, peak.Seconds, options.Batch, peak.Signals,
        FormattableString.Invariant($"signals of {LanesARegion} clients a region, logs in {stores}, {Wording.Count(options.LoadItems, "item")}, {peak.Processor.TotalMicroseconds / peak.Signals:0.0} us of a processor a signal, {Wording.Count(peak.Retries, "call")} made again"));

    private Peak Measure(BenchHost host)
    {
        var load = host.NewLoad(LanesARegion, options.Batch);
        var watch = Stopwatch.StartNew();
        load.RunClosed(options.WarmUpSeconds, (long)(options.SignalsMax * WarmUpPart));
        host.WaitUntilLevel();
        var warmUp = watch.Elapsed.TotalSeconds;
        var (before, logBefore) = (host.Ledger.Count, LogBytesOf(host));
        var (allocatedBefore, byLoadBefore) = (GC.GetTotalAllocatedBytes(precise: true), GC.GetAllocatedBytesForCurrentThread());
        var processorBefore = Environment.CpuUsage.TotalTime;
        var begin = Stopwatch.GetTimestamp();
        load.RunClosed(options.Seconds, options.SignalsMax);
        host.WaitUntilLevel();
        var seconds = Stopwatch.GetElapsedTime(begin, host.Watch.LastRise).TotalSeconds;
        var processor = Environment.CpuUsage.TotalTime - processorBefore;
        // What the load makes, it makes on this thread.
        var byLoad = GC.GetAllocatedBytesForCurrentThread() - byLoadBefore;
        var allocated = GC.GetTotalAllocatedBytes(precise: true) - allocatedBefore - byLoad;
        return new Peak(warmUp, seconds, host.Ledger.Count - before, allocated, LogBytesOf(host) - logBefore, load.Retries, processor);
    }

    private static long LogBytesOf(BenchHost host) => host.Cluster.InspectAll(replicas => replicas.Sum(replica => replica.Raft.Log.Bytes));
}

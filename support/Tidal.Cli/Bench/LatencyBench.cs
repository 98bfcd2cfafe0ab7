using System.Diagnostics;
using Tidal.Testing;

namespace Tidal.Cli;

/// <summary>
/// How long acknowledgement and replication take at a steady rate. Sends are planned beforehand and each time is counted from when its
/// call was meant to be sent, so that a cluster that keeps its clients waiting is not asked less for it.
/// </summary>
/// <param name="options">How long and how many.</param>
/// <param name="cancellation">Interrupts it.</param>
internal sealed class LatencyBench(BenchOptions options, CancellationToken cancellation)
{
    private const int LanesARegion = 32;
    private const int SignalsACall = 25;

    /// <summary>Measures.</summary>
    /// <param name="report">What was measured before.</param>
    public BenchReport Run(BenchReport report)
    {
        using var host = BenchHost.Start(options, inFiles: false, cancellation);
        var load = host.NewLoad(LanesARegion, SignalsACall);
        var watch = Stopwatch.StartNew();
        load.RunOpen(options.Rate, options.WarmUpSeconds, null);
        host.WaitUntilLevel();
        var (warmUp, before) = (watch.Elapsed.TotalSeconds, host.Ledger.Count);
        var (ack, lag) = (new Histogram(), new Histogram());
        host.Watch.MeasureLag(lag);
        watch.Restart();
        load.RunOpen(options.Rate, options.Seconds, ack);
        var seconds = watch.Elapsed.TotalSeconds;
        host.WaitUntilLevel();
        host.Watch.MeasureLag(null);
        var signals = host.Ledger.Count - before;
        var note = FormattableString.Invariant(
            $"signals, {signals / seconds:N0} a second of {options.Rate:N0} meant, {LanesARegion} clients a region, {load.Retries} calls made again");
        return (report with { AckMilliseconds = Spread.Milliseconds(ack), LagMilliseconds = Spread.Milliseconds(lag) })
            .With(new MeasuredPhase("latency", warmUp, seconds, SignalsACall, signals, note)).With(host.Audit());
    }
}

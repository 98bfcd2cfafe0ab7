using System.Globalization;

namespace Tidal.Cli;

/// <summary>A figure as a reader sees it.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Value">How much it is.</param>
/// <param name="Target">What is wanted; empty for nothing.</param>
/// <param name="IsReached">Whether it is; null where nothing is wanted.</param>
internal sealed record BenchFigure(string Name, string Value, string Target = "", bool? IsReached = null)
{
    private const double AcceptedMemory = 250_000;
    private const double AcceptedFile = 75_000;
    private const double LagMilliseconds = 20;
    private const double FailoverSeconds = 1.5;
    private const double RecoveryRecords = 3_000_000;
    private const double RetrieveMicroseconds = 250;

    /// <summary>The key of a query that is asked in one shard begins with none of these.</summary>
    private const string EndToEnd = "endToEnd";

    /// <summary>The figures of a report that were measured, in order.</summary>
    /// <param name="report">The report.</param>
    public static IEnumerable<BenchFigure> Of(BenchReport report) =>
        [.. OfLoad(report), .. OfTimes(report), .. OfRecovery(report), .. report.Queries.Select(OfQuery), .. OfMemory(report)];

    private static IEnumerable<BenchFigure> OfLoad(BenchReport report)
    {
        if (report.AcceptedPerSecondMemory is { } memory)
            yield return AtLeast("signals a second on all replicas, memory", memory, AcceptedMemory);
        if (report.AcceptedPerSecondFile is { } file)
            yield return AtLeast("signals a second on all replicas, files", file, AcceptedFile);
        if (report.BytesAllocatedPerSignal is { } allocated)
            yield return new BenchFigure("bytes allocated a signal, logs left out", Number(allocated, 1), "0", allocated < 0.5);
        if (report.BytesAllocatedPerSignal is { } perSignal)
            yield return new BenchFigure("  for each replica that applies it", Number(perSignal / BenchCluster.Topology.RegionCount / BenchCluster.Topology.ReplicaCount, 1));
        if (report.LogBytesPerSignal is { } log)
            yield return new BenchFigure("bytes of log a signal, over all replicas", Number(log, 1));
    }

    private static IEnumerable<BenchFigure> OfTimes(BenchReport report)
    {
        if (report.AckMilliseconds is { } ack)
            yield return new BenchFigure("acknowledgement, ms: p50, p99, p99.9", Spread(ack, 2));
        if (report.LagMilliseconds is { } lag)
            yield return new BenchFigure("lag between regions, ms: p50, p99, p99.9", Spread(lag, 2), $"p99 < {LagMilliseconds} ms", lag.P99 < LagMilliseconds);
        if (report.FailoverSeconds is { } worst)
            yield return new BenchFigure($"failover, s: the worst of {report.Failovers.Count}", Number(worst, 3), $"< {Number(FailoverSeconds, 1)} s", worst < FailoverSeconds);
        if (report.FailoverSecondsMedian is { } median)
            yield return new BenchFigure("  the median", Number(median, 3));
    }

    private static IEnumerable<BenchFigure> OfRecovery(BenchReport report)
    {
        if (report.RecoveryRecordsPerSecond is { } records)
            yield return AtLeast("records recovered a second, memory", records, RecoveryRecords);
        if (report.RecoveryRecordsPerSecondFile is { } files)
            yield return new BenchFigure("  from files", Number(files, 0));
        if (report.RecoveryRecordsPerSecondScan is { } scan)
            yield return new BenchFigure("  opening the log alone", Number(scan, 0));
    }

    private static IEnumerable<BenchFigure> OfMemory(BenchReport report)
    {
        if (report.BytesAllocatedPerQuery is { } query)
            yield return new BenchFigure("bytes allocated a query of a shard", Number(query, 0));
        if (report.BytesPerItemSignal is { } cell)
            yield return new BenchFigure("bytes of memory an (item, signal)", Number(cell, 0));
        if (report.BytesPerItem is { } item)
            yield return new BenchFigure("  an item without any signal", Number(item, 0));
    }

    private static BenchFigure OfQuery(QueryFigure query)
    {
        var name = $"{query.Case}, us: p50, p99";
        var value = $"{Number(query.Microseconds.P50, 0)} / {Number(query.Microseconds.P99, 0)}";
        return query.Case.StartsWith(EndToEnd, StringComparison.Ordinal)
            ? new BenchFigure(name, value)
            : new BenchFigure(name, value, $"p99 < {RetrieveMicroseconds} us", query.Microseconds.P99 < RetrieveMicroseconds);
    }

    private static BenchFigure AtLeast(string name, double value, double target) =>
        new(name, Number(value, 0), $">= {Number(target, 0)}", value >= target);

    private static string Spread(Spread spread, int digits) =>
        $"{Number(spread.P50, digits)} / {Number(spread.P99, digits)} / {Number(spread.P999, digits)}";

    private static string Number(double number, int digits) => number.ToString($"N{digits}", CultureInfo.InvariantCulture);
}

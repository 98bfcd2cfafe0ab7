using Tidal.Testing;

namespace Tidal.Cli;

/// <summary>How times, or other numbers, are spread.</summary>
/// <param name="P50">Half of them are at most this.</param>
/// <param name="P99">99 of 100 are.</param>
/// <param name="P999">999 of 1,000 are.</param>
internal readonly record struct Spread(double P50, double P99, double P999)
{
    /// <summary>Of durations, in microseconds.</summary>
    /// <param name="times">The durations.</param>
    public static Spread Microseconds(Histogram times) =>
        new(times.At(0.5).TotalMicroseconds, times.At(0.99).TotalMicroseconds, times.At(0.999).TotalMicroseconds);

    /// <summary>Of durations, in milliseconds.</summary>
    /// <param name="times">The durations.</param>
    public static Spread Milliseconds(Histogram times) =>
        new(times.At(0.5).TotalMilliseconds, times.At(0.99).TotalMilliseconds, times.At(0.999).TotalMilliseconds);
}

/// <summary>A query's times.</summary>
/// <param name="Case">What was asked, as a key of the JSON report.</param>
/// <param name="Microseconds">How long it took.</param>
/// <param name="Asked">How often it was asked.</param>
internal sealed record QueryFigure(string Case, Spread Microseconds, long Asked);

/// <summary>A phase that was measured.</summary>
/// <param name="Name">Its name, as a key of the JSON report.</param>
/// <param name="WarmUpSeconds">How long it warmed up.</param>
/// <param name="Seconds">How long it was measured.</param>
/// <param name="Batch">Signals or records a batch; 0 where there are none.</param>
/// <param name="Count">Signals, records or queries measured.</param>
/// <param name="Note">What it was made of, in a line.</param>
internal sealed record MeasuredPhase(string Name, double WarmUpSeconds, double Seconds, int Batch, long Count, string Note);

/// <summary>What came of a benchmark: null is what was not measured. Immutable.</summary>
internal sealed record BenchReport
{
    /// <summary>Peak sustained signals a second, accepted and replicated to every replica of their shard, with logs in memory.</summary>
    public double? AcceptedPerSecondMemory { get; init; }

    /// <summary>The same with logs in files.</summary>
    public double? AcceptedPerSecondFile { get; init; }

    /// <summary>From the intended send time to the acknowledgement, milliseconds.</summary>
    public Spread? AckMilliseconds { get; init; }

    /// <summary>From the commit at its origin to the commit in another region, milliseconds.</summary>
    public Spread? LagMilliseconds { get; init; }

    /// <summary>From the stop of a primary to the next acknowledged write of its shard, seconds: of each, in order.</summary>
    public IReadOnlyList<double> Failovers { get; init; } = [];

    /// <summary>The worst of those.</summary>
    public double? FailoverSeconds => Failovers.Count == 0 ? null : Failovers.Max();

    /// <summary>The median of those.</summary>
    public double? FailoverSecondsMedian => Failovers.Count == 0 ? null : Failovers.Order().ElementAt(Failovers.Count / 2);

    /// <summary>Records a second when a replica starts on a long log in memory: scan, checksums, decoding, application.</summary>
    public double? RecoveryRecordsPerSecond { get; init; }

    /// <summary>The same with the log in a file.</summary>
    public double? RecoveryRecordsPerSecondFile { get; init; }

    /// <summary>In memory, without decoding and application: what opening the log takes.</summary>
    public double? RecoveryRecordsPerSecondScan { get; init; }

    /// <summary>Queries, in order.</summary>
    public IReadOnlyList<QueryFigure> Queries { get; init; } = [];

    /// <summary>Bytes of memory an item and signal type, the item's share of itself and its record included.</summary>
    public double? BytesPerItemSignal { get; init; }

    /// <summary>Of which without any signal: bytes an item with its record.</summary>
    public double? BytesPerItem { get; init; }

    /// <summary>Bytes allocated by the whole process a signal accepted, without the logs' own bytes.</summary>
    public double? BytesAllocatedPerSignal { get; init; }

    /// <summary>The logs' own bytes a signal, over all replicas.</summary>
    public double? LogBytesPerSignal { get; init; }

    /// <summary>Bytes allocated by a query of one shard for 100 trending items.</summary>
    public double? BytesAllocatedPerQuery { get; init; }

    /// <summary>The phases, in order.</summary>
    public IReadOnlyList<MeasuredPhase> Phases { get; init; } = [];

    /// <summary>What was wrong: a wrong count, a lost signal, unequal replicas.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];

    /// <summary>Signals a call in the peak phases.</summary>
    public required int Batch { get; init; }

    /// <summary>Processors that the process may use.</summary>
    public int Cores { get; init; } = Environment.ProcessorCount;

    /// <summary>The machine and what runs on it.</summary>
    public required string Machine { get; init; }

    /// <summary>When it was measured.</summary>
    public required DateTimeOffset Date { get; init; }

    /// <summary>Whether nothing was wrong. How fast it was makes no difference.</summary>
    public bool Passed => Problems.Count == 0;

    /// <summary>The same with one more phase.</summary>
    /// <param name="phase">The phase.</param>
    public BenchReport With(MeasuredPhase phase) => this with { Phases = [.. Phases, phase] };

    /// <summary>The same with more that is wrong.</summary>
    /// <param name="problems">What is.</param>
    public BenchReport With(IReadOnlyList<string> problems) => this with { Problems = [.. Problems, .. problems] };
}

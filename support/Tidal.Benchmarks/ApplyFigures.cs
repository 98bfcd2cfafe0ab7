using System.Diagnostics;
using System.Globalization;
using Tidal.Crdt;
using Tidal.Log;
using Tidal.Replication;
using Tidal.Schema;

namespace Tidal.Benchmarks;

/// <summary>
/// The figures of the apply path in a minute, by the processor time of one thread, so that they hold on a machine that does other
/// things too: <c>-- figures</c>.
/// </summary>
public static class ApplyFigures
{
    private const int Signals = 300_000;

    /// <summary>Measures and prints.</summary>
    public static void Print()
    {
        foreach (var isZipf in new[] { false, true })
        {
            foreach (var batch in new[] { 1, 64, 1_000 })
                Print($"apply, {(isZipf ? "zipf" : "uniform")}, batches of {batch}", Apply(isZipf, batch));
        }
        Memory();
        Recovery(100);
        Recovery(1_000);
    }

    private static (double Nanoseconds, double Bytes) Apply(bool isZipf, int batch)
    {
        var (load, state, clock) = (new SignalLoad(100_000, 1_000_000, isZipf), new ShardState(_ => SignalLoad.Schema), new HybridLogicalClock());
        Measure(state, load.Take(1_000, 1_000, seed: 1), clock);
        Measure(state, load.Take(Signals / batch, batch, seed: 2), clock);
        // The same items and users once more: the steady state.
        var best = (Nanoseconds: double.MaxValue, Bytes: 0.0);
        for (var round = 0; round < 3; round++)
        {
            var measured = Measure(state, load.Take(Signals / batch, batch, seed: 2), clock);
            if (measured.Nanoseconds < best.Nanoseconds)
                best = measured;
        }
        return best;
    }

    private static (double Nanoseconds, double Bytes) Measure(ShardState state, List<Envelope> envelopes, HybridLogicalClock clock)
    {
        var signals = envelopes.Sum(envelope => BatchHeader.Read(envelope.Payload.Span).Count);
        GC.Collect();
        var (time, bytes) = (Time, GC.GetAllocatedBytesForCurrentThread());
        foreach (var envelope in envelopes)
            state.Apply(envelope, clock);
        return ((Time - time).TotalNanoseconds / signals, (GC.GetAllocatedBytesForCurrentThread() - bytes) / (double)signals);
    }

    private static void Memory()
    {
        foreach (var isZipf in new[] { false, true })
        {
            var (load, state, clock) = (new SignalLoad(100_000, 1_000_000, isZipf), new ShardState(_ => SignalLoad.Schema), new HybridLogicalClock());
            state.Apply(load.Take(1, 1, seed: 1)[0], clock);
            var envelopes = load.Take(1_000, 1_000, seed: 1);
            var before = GC.GetTotalMemory(true);
            foreach (var envelope in envelopes)
                state.Apply(envelope, clock);
            var bytes = GC.GetTotalMemory(true) - before;
            var items = state.TenantOf(TenantId.First).State.Items;
            var pairs = items.Sum(item => SignalLoad.Schema.Signals.Count(type => item.Signals(type.Id, CohortScope.Everyone) is not null));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"memory, {(isZipf ? "zipf" : "uniform")}: {bytes / 1e6:F0} MB for 1,000,000 signals, {items.Count} items, {pairs} pairs of item and type: {bytes / (double)pairs:F0} bytes each, cohorts, seen sets and sessions included"));
            GC.KeepAlive(envelopes);
            GC.KeepAlive(state);
        }
    }

    private static void Recovery(int batch)
    {
        var (load, store, signals) = (new SignalLoad(100_000, 1_000_000, true), new MemoryLogStore(), 1_000_000);
        var log = SegmentedLog.Open(store, default, default);
        foreach (var envelope in load.Take(signals / batch, batch, seed: 1))
            log.Append(envelope);
        log.Flush();
        for (var round = 0; round < 3; round++)
            Recover(store, batch, signals);
    }

    private static void Recover(MemoryLogStore store, int batch, int signals)
    {
        var (state, clock) = (new ShardState(_ => SignalLoad.Schema), new HybridLogicalClock());
        GC.Collect();
        var began = Time;
        var log = SegmentedLog.Open(store, default, default);
        var scanned = Time;
        for (var index = log.FirstIndex; index <= log.LastIndex; index++)
            BatchReader.Verify(log.Read(index).Payload);
        var verified = Time;
        for (var index = log.FirstIndex; index <= log.LastIndex; index++)
            state.Apply(log.Read(index), clock);
        var applied = Time;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"recovery, batches of {batch}, zipf: scan {Rate(signals, scanned - began)}, scan and verify {Rate(signals, verified - began)}, scan and apply {Rate(signals, scanned - began + (applied - verified))} million records a second"));
    }

    private static string Rate(int signals, TimeSpan time) => (signals / time.TotalSeconds / 1e6).ToString("F2", CultureInfo.InvariantCulture);

    private static void Print(string what, (double Nanoseconds, double Bytes) measured) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: {measured.Nanoseconds:F0} ns and {measured.Bytes:F1} bytes a signal"));

    private static TimeSpan Time => Process.GetCurrentProcess().TotalProcessorTime;
}

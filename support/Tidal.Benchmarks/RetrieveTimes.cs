using System.Diagnostics;
using Tidal.Query;

namespace Tidal.Benchmarks;

/// <summary>
/// How long one shard takes for a query, at the median and at the 99th percentile, on one thread and while signals come in
/// between; and what the indexes add to a signal.
/// </summary>
internal static class RetrieveTimes
{
    private const int Warm = 300;
    private const int Measured = 1_000;
    private const int SignalsBetween = 20;
    private static readonly string[] Queries =
    [
        "RETRIEVE items LIMIT 100",
        "RETRIEVE items COHORT locale:EU LIMIT 100",
        "RETRIEVE items FILTER topic:t3 LIMIT 100",
        "RETRIEVE items FOR USER @u LIMIT 100",
        "RETRIEVE items FOR USER @u DIVERSITY max_per_creator:3 LIMIT 100",
        "RETRIEVE items USING PROFILE top LIMIT 100",
        "RETRIEVE items USING PROFILE new LIMIT 100",
    ];

    private static readonly string[] MoreCohorts =
        ["RETRIEVE items COHORT locale:US", "RETRIEVE items COHORT locale:IN", "RETRIEVE items COHORT locale:DE"];

    public static void Print(int items)
    {
        Console.WriteLine($"{items:N0} items, {Environment.ProcessorCount} processors");
        var shard = new RankedShard(items);
        PrintSignals("signal, nothing asked", shard);
        foreach (var query in Queries)
            PrintQuery(shard, query);
        PrintSignals("signal, all asked", shard);
        foreach (var query in MoreCohorts)
            new ShardQueryExecutor(default).Execute(shard.State, shard.Plan(query), null);
        PrintSignals("signal, 4 of 10 cohorts", shard);
    }

    private static void PrintQuery(RankedShard shard, string query)
    {
        var (executor, plan) = (new ShardQueryExecutor(default), shard.Plan(query));
        var first = Stopwatch.GetTimestamp();
        executor.Execute(shard.State, plan, null);
        var made = Stopwatch.GetElapsedTime(first);
        var signals = shard.Signals((Warm + Measured) * SignalsBetween);
        var times = new double[Measured];
        long considered = 0, bytes = 0;
        for (var ask = -Warm; ask < Measured; ask++)
        {
            shard.Take(signals.AsSpan((ask + Warm) * SignalsBetween, SignalsBetween).ToArray());
            var (before, start) = (GC.GetAllocatedBytesForCurrentThread(), Stopwatch.GetTimestamp());
            var answer = executor.Execute(shard.State, plan, null);
            if (ask < 0)
                continue;
            times[ask] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
            bytes += GC.GetAllocatedBytesForCurrentThread() - before;
            considered += answer.CandidatesConsidered;
        }
        Array.Sort(times);
        Console.WriteLine($"{query,-66} p50 {times[Measured / 2],7:F1} us  p99 {times[Measured * 99 / 100],7:F1} us  first {made.TotalMilliseconds,6:F1} ms  looked at {considered / Measured,6:N0}  {bytes / Measured:N0} B");
    }

    private static void PrintSignals(string what, RankedShard shard)
    {
        const int Count = 100_000;
        var signals = shard.Signals(Count);
        shard.Take(signals[..(Count / 5)]);
        var (before, start) = (GC.GetAllocatedBytesForCurrentThread(), Process.GetCurrentProcess().TotalProcessorTime);
        shard.Take(signals);
        var spent = Process.GetCurrentProcess().TotalProcessorTime - start;
        Console.WriteLine($"{what,-66} {spent.TotalNanoseconds / Count:F0} ns  {(double)(GC.GetAllocatedBytesForCurrentThread() - before) / Count:F1} B");
    }
}

using System.Diagnostics;
using Tidal.Hosting;
using Tidal.Log;
using Tidal.Testing;

namespace Tidal.Cli;

/// <summary>Queries of a whole cluster, from a client's call to its answer: 15 shards through one region's gateway. Used by one thread.</summary>
/// <param name="options">How many items, and how long.</param>
/// <param name="cancellation">Interrupts it.</param>
internal sealed class EndToEndBench(BenchOptions options, CancellationToken cancellation)
{
    private const int HiddenItems = 1_000;
    private const double FillSecondsMax = 600;
    private const int WarmUpQueries = 20;
    private const string Reader = "reader";

    private int _degraded;

    /// <summary>Measures.</summary>
    /// <param name="report">What was measured before.</param>
    public BenchReport Run(BenchReport report)
    {
        using var host = BenchHost.Start(options with { LoadItems = options.ClusterItems }, inFiles: false, cancellation);
        Fill(host);
        var client = host.Cluster.ClientIn(default, BenchCluster.Tenant);
        var watch = Stopwatch.StartNew();
        var queries = Cases().Select(query => Ask(client, query.Case, query.Text)).ToList();
        var note = $"queries, {Wording.Count(options.ClusterItems, "item")} on nine replicas each, 15 shards asked, {Wording.Count(_degraded, "degraded answer")}";
        return (report with { Queries = [.. report.Queries, .. queries] })
            .With(new MeasuredPhase("endToEnd", 0, watch.Elapsed.TotalSeconds, 0, queries.Sum(query => query.Asked), note)).With(host.Audit());
    }

    private static IEnumerable<(string Case, Func<int, string> Text)> Cases()
    {
        yield return ("endToEndTrending", _ => "RETRIEVE items LIMIT 100");
        yield return ("endToEndTrendingCohort", number => $"RETRIEVE items COHORT locale:{BenchCluster.Locales[number % BenchCluster.Locales.Count]} LIMIT 100");
        yield return ("endToEndFiltered", number => $"RETRIEVE items FILTER topic:t{number % ShardContents.Topics} LIMIT 100");
        yield return ("endToEndUser1000Hides", _ => $"RETRIEVE items FOR USER @{Reader} LIMIT 100");
        yield return ("endToEndTop", _ => "RETRIEVE items USING PROFILE top LIMIT 100");
        yield return ("endToEndNew", _ => "RETRIEVE items USING PROFILE new LIMIT 100");
    }

    // Twice as many signals as items, by popularity; then what the reader hides.
    private void Fill(BenchHost host)
    {
        host.NewLoad(lanes: 2, options.Batch).RunClosed(FillSecondsMax, 2L * options.ClusterItems);
        var writer = new RecordWriter(host.Cluster, default, recordsACall: 500);
        var hidden = Enumerable.Range(0, int.MaxValue).Select(_ => host.Source.Next().Item).Distinct().Take(Math.Min(HiddenItems, options.ClusterItems / 2));
        foreach (var item in hidden)
            writer.Write(LogRecord.HardNegative(default, default, host.Cluster.Now.ToUnixTimeMilliseconds(), new(Reader), host.Ledger.Items[item].Value, TargetKind.Item, NegativeKind.Hide));
        writer.Finish();
        host.WaitUntilLevel();
    }

    private QueryFigure Ask(TidalClient client, string name, Func<int, string> text)
    {
        for (var i = 0; i < WarmUpQueries; i++)
            Answer(client, text(i));
        var times = new Histogram();
        var watch = Stopwatch.StartNew();
        for (var asked = 0; asked < options.QueriesMin || watch.Elapsed.TotalSeconds < options.Seconds / 6; asked++)
        {
            cancellation.ThrowIfCancellationRequested();
            var query = text(asked);
            var begin = Stopwatch.GetTimestamp();
            Answer(client, query);
            times.Add((long)Stopwatch.GetElapsedTime(begin).TotalMicroseconds);
        }
        return new QueryFigure(name, Spread.Microseconds(times), times.Count);
    }

    // On a machine that has no time for its threads a shard may be late: that is slow, and not wrong, but it is told.
    private void Answer(TidalClient client, string query)
    {
        var answer = client.RetrieveAsync(query).GetAwaiter().GetResult();
        if (answer.Stats.IsDegraded)
            _degraded++;
        else if (answer.Items.Count == 0)
            throw new InvalidOperationException($"A cluster full of items lists none for {query}.");
    }
}

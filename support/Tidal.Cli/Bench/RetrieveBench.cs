using System.Diagnostics;
using Tidal.Crdt;
using Tidal.Log;
using Tidal.Query;
using Tidal.Replication;
using Tidal.Signals;
using Tidal.Testing;

namespace Tidal.Cli;

/// <summary>One shard with many items, as a replica holds it: the memory that it takes, and queries of it. Used by one thread.</summary>
/// <param name="options">How many items, and how long.</param>
/// <param name="cancellation">Interrupts it.</param>
internal sealed class RetrieveBench(BenchOptions options, CancellationToken cancellation)
{
    private const int RecordsABatch = 1_000;
    private const int WarmUpQueries = 5;
    private const int PlansOfACase = 64;
    private const int HiddenItems = 1_000;

    private readonly ShardState _state = new(_ => BenchCluster.Schema);
    private readonly ShardQueryExecutor _executor = new(default);
    private readonly ShardContents _contents = new(options.Items, DateTimeOffset.UtcNow.AddHours(-1).ToUnixTimeMilliseconds(), options.Seed);

    private TenantState State => _state.TenantOf(BenchCluster.Tenant).State;

    /// <summary>Measures.</summary>
    /// <param name="report">What was measured before.</param>
    public BenchReport Run(BenchReport report)
    {
        report = Fill(report);
        var watch = Stopwatch.StartNew();
        var queries = Cases().Select(query => Ask(query.Case, query.Plans)).ToList();
        var asked = queries.Sum(query => query.Asked);
        return (report with { Queries = [.. report.Queries, .. queries], BytesAllocatedPerQuery = BytesAQuery() }).With(new MeasuredPhase(
            "retrieve", 0, watch.Elapsed.TotalSeconds, 0, asked, $"{Wording.Count(options.Items, "item")} in one shard, top 100, read at one time after the other"));
    }

    private BenchReport Fill(BenchReport report)
    {
        var clock = new HybridLogicalClock();
        var log = new OriginBatches(RecordsABatch, envelope =>
        {
            cancellation.ThrowIfCancellationRequested();
            _state.Apply(envelope, clock);
        });
        var before = GC.GetTotalMemory(forceFullCollection: true);
        _contents.WriteItems(log);
        var withItems = GC.GetTotalMemory(forceFullCollection: true);
        _contents.WriteOneOfEach(log);
        var withSignals = GC.GetTotalMemory(forceFullCollection: true);
        _contents.WritePopular(log, options.Items);
        GC.KeepAlive(_state);
        return report with
        {
            BytesPerItem = (double)(withItems - before) / options.Items,
            BytesPerItemSignal = (double)(withSignals - before) / options.Items / BenchCluster.Schema.Signals.Count,
        };
    }

    private IEnumerable<(string Case, RetrievePlan[] Plans)> Cases()
    {
        var hidden = new HiddenTargets(Enumerable.Range(0, HiddenItems)
            .Select(number => new HardNegativeTarget(TargetKind.Item, ShardContents.ItemOf(_contents.Popular(number)).Value, NegativeKind.Hide)));
        yield return ("trending", PlansOf(_ => "RETRIEVE items LIMIT 100"));
        yield return ("trendingCohort", PlansOf(number => $"RETRIEVE items COHORT locale:{BenchCluster.Locales[number % BenchCluster.Locales.Count]} LIMIT 100"));
        yield return ("filtered", PlansOf(number => $"RETRIEVE items FILTER topic:t{number % ShardContents.Topics} LIMIT 100"));
        yield return ("user1000Hides", [.. PlansOf(number => $"RETRIEVE items FOR USER @u{number} LIMIT 100").Select(plan => plan with { Hidden = hidden })]);
        yield return ("top", PlansOf(_ => "RETRIEVE items USING PROFILE top LIMIT 100"));
        yield return ("new", PlansOf(_ => "RETRIEVE items USING PROFILE new LIMIT 100"));
    }

    // What a gateway does once for all shards is not the shard's work.
    private RetrievePlan[] PlansOf(Func<int, string> text) =>
    [
        .. Enumerable.Range(0, PlansOfACase).Select(number =>
            RetrievePlan.Of(RetrieveParser.Parse(text(number)), BenchCluster.Schema, _contents.Now + number * 1_000, BenchCluster.Tenant)),
    ];

    private QueryFigure Ask(string name, RetrievePlan[] plans)
    {
        for (var i = 0; i < WarmUpQueries; i++)
            Answer(plans[i % plans.Length]);
        var times = new Histogram();
        var until = Stopwatch.GetTimestamp() + (long)(options.Seconds / 6 * Stopwatch.Frequency);
        for (var asked = 0; asked < options.QueriesMin || Stopwatch.GetTimestamp() < until; asked++)
        {
            cancellation.ThrowIfCancellationRequested();
            var begin = Stopwatch.GetTimestamp();
            Answer(plans[asked % plans.Length]);
            times.Add((long)Stopwatch.GetElapsedTime(begin).TotalMicroseconds);
        }
        return new QueryFigure(name, Spread.Microseconds(times), times.Count);
    }

    private double BytesAQuery()
    {
        var plans = Cases().First().Plans;
        Answer(plans[0]);
        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var plan in plans)
            Answer(plan);
        return (double)(GC.GetAllocatedBytesForCurrentThread() - before) / plans.Length;
    }

    private void Answer(RetrievePlan plan)
    {
        var answer = _executor.Execute(State, plan, [default]);
        if (answer.Items.Count == 0)
            throw new InvalidOperationException("A shard full of items lists none.");
    }
}

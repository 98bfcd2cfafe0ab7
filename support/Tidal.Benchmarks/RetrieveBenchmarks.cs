using BenchmarkDotNet.Attributes;
using Tidal.Query;

namespace Tidal.Benchmarks;

/// <summary>
/// One shard's part of a query over a million items. What it takes while signals come in is told by <c>-- retrieve</c>.
/// </summary>
[MemoryDiagnoser]
public class RetrieveBenchmarks
{
    private readonly ShardQueryExecutor _executor = new(default);
    private RankedShard? _shard;
    private RetrievePlan? _plan;

    /// <summary>The query.</summary>
    [Params(
        "RETRIEVE items LIMIT 100",
        "RETRIEVE items COHORT locale:EU LIMIT 100",
        "RETRIEVE items FILTER topic:t3 LIMIT 100",
        "RETRIEVE items FOR USER @u LIMIT 100",
        "RETRIEVE items USING PROFILE top LIMIT 100",
        "RETRIEVE items USING PROFILE new LIMIT 100")]
    public string Query { get; set; } = "";

    [GlobalSetup]
    public void Fill() => _plan = (_shard = new RankedShard(1_000_000)).Plan(Query);

    [Benchmark]
    public ShardAnswer Retrieve() => _executor.Execute(_shard!.State, _plan!, null);
}

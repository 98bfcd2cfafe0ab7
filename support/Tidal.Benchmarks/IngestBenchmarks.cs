using BenchmarkDotNet.Attributes;
using Tidal.Log;
using Tidal.Placement;

namespace Tidal.Benchmarks;

/// <summary>A signal from the gateway to its commit, its application and back: one a call, or many; all on one thread.</summary>
[MemoryDiagnoser]
public class IngestBenchmarks
{
    private const int Signals = 64_000;

    private readonly OneNode _node = new();
    private readonly List<LogRecord[]> _calls = [];

    /// <summary>Records a call; 1 is a <see cref="WriteCall"/>.</summary>
    [Params(1, 64, 1000)]
    public int PerCall { get; set; }

    [IterationSetup]
    public void Make()
    {
        _calls.Clear();
        for (var made = 0; made < Signals; made += PerCall)
            _calls.Add(_node.Signals(PerCall));
    }

    [Benchmark(OperationsPerInvoke = Signals)]
    public void Ingest()
    {
        foreach (var records in _calls)
            _node.Carry(PerCall == 1 ? new WriteCall { Record = records[0] } : new WriteBatchCall(records));
    }
}

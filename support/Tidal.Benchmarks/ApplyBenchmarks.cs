using BenchmarkDotNet.Attributes;
using Tidal.Crdt;
using Tidal.Log;
using Tidal.Replication;

namespace Tidal.Benchmarks;

/// <summary>A committed signal taken into a replica's state: decoded, known again by its operation, counted.</summary>
[MemoryDiagnoser]
public class ApplyBenchmarks
{
    private const int Signals = 48_000;
    private readonly HybridLogicalClock _clock = new();
    private ShardState _state = new(_ => SignalLoad.Schema);
    private SignalLoad _load = new(100_000, 1_000_000, false);
    private List<Envelope> _envelopes = [];

    /// <summary>Records in a batch.</summary>
    [Params(1, 64, 1_000)]
    public int Batch { get; set; }

    /// <summary>Whether few items get most of the signals.</summary>
    [Params(false, true)]
    public bool IsZipf { get; set; }

    [GlobalSetup]
    public void Begin()
    {
        (_state, _load) = (new ShardState(_ => SignalLoad.Schema), new SignalLoad(100_000, 1_000_000, IsZipf));
        foreach (var envelope in _load.Take(1_000, 1_000, seed: 1))
            _state.Apply(envelope, _clock);
        Fill();
        Apply();
    }

    [IterationSetup]
    public void Fill() => _envelopes = _load.Take(Signals / Batch, Batch, seed: 2);

    [Benchmark(OperationsPerInvoke = Signals)]
    public void Apply()
    {
        foreach (var envelope in _envelopes)
            _state.Apply(envelope, _clock);
    }
}

using BenchmarkDotNet.Attributes;
using Tidal.Signals;

namespace Tidal.Benchmarks;

/// <summary>The arithmetic of one signal: adding it to a decayed sum, and reading the sum.</summary>
[MemoryDiagnoser]
public class DecayBenchmarks
{
    private const long HalfLifeMilliseconds = 6 * 3_600_000;
    private const int Events = 1000;
    private readonly long[] _times = [.. Enumerable.Range(0, Events).Select(number => 1_442_018_952_942L + number * 7919L)];
    private ForwardScore _sum;

    [GlobalSetup]
    public void Sum() => _sum = Add();

    [Benchmark(OperationsPerInvoke = Events)]
    public ForwardScore Add()
    {
        var sum = ForwardScore.Zero;
        foreach (var time in _times)
            sum = sum.Plus(1, time, HalfLifeMilliseconds);
        return sum;
    }

    [Benchmark(OperationsPerInvoke = Events)]
    public double Read()
    {
        double total = 0;
        foreach (var time in _times)
            total += _sum.At(time, HalfLifeMilliseconds);
        return total;
    }
}

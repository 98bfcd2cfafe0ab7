using BenchmarkDotNet.Running;
using Tidal.Benchmarks;

if (args is ["figures"])
    ApplyFigures.Print();
else if (args is ["retrieve", .. var items])
    RetrieveTimes.Print(items is [var given] ? int.Parse(given) : 1_000_000);
else
    BenchmarkSwitcher.FromAssembly(typeof(DecayBenchmarks).Assembly).Run(args);

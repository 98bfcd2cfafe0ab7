using BenchmarkDotNet.Running;
using Tidal.Benchmarks;

if (args is ["figures"])
    ApplyFigures.Print();
else
    BenchmarkSwitcher.FromAssembly(typeof(DecayBenchmarks).Assembly).Run(args);

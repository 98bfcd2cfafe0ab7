using BenchmarkDotNet.Running;

BenchmarkSwitcher.FromAssembly(typeof(Tidal.Benchmarks.DecayBenchmarks).Assembly).Run(args);

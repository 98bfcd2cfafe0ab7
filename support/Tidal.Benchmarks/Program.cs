using BenchmarkDotNet.Running;

if (args is ["retrieve", .. var items])
    Tidal.Benchmarks.RetrieveTimes.Print(items is [var given] ? int.Parse(given) : 1_000_000);
else
    BenchmarkSwitcher.FromAssembly(typeof(Tidal.Benchmarks.DecayBenchmarks).Assembly).Run(args);

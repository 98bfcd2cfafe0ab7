namespace Tidal.Cli;

/// <summary>A part of the benchmark that can be asked for on its own.</summary>
[Flags]
internal enum BenchPhases
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The most signals a second with logs in memory.</summary>
    Peak = 1,

    /// <summary>The most signals a second with logs in files.</summary>
    File = 2,

    /// <summary>Times of acknowledgement and replication at a steady rate.</summary>
    Latency = 4,

    /// <summary>From the stop of a primary to the next acknowledgement.</summary>
    Failover = 8,

    /// <summary>A replica's start on a long log.</summary>
    Recovery = 16,

    /// <summary>Queries, and the memory that items take.</summary>
    Retrieve = 32,

    /// <summary>Everything.</summary>
    All = Peak | File | Latency | Failover | Recovery | Retrieve,
}

/// <summary>What <c>tidal bench</c> was asked to do. Immutable.</summary>
internal sealed record BenchOptions
{
    /// <summary>What is measured.</summary>
    public BenchPhases Phases { get; init; } = BenchPhases.All;

    /// <summary>How long each timed phase lasts, without its warm-up, in seconds.</summary>
    public double Seconds { get; init; } = 10;

    /// <summary>How long a timed phase warms up, in seconds.</summary>
    public double WarmUpSeconds { get; init; } = 8;

    /// <summary>Items of the one shard that is queried.</summary>
    public int Items { get; init; } = 1_000_000;

    /// <summary>Items of the cluster that is queried end to end; each is on nine replicas.</summary>
    public int ClusterItems { get; init; } = 100_000;

    /// <summary>Items that signals of the load are for.</summary>
    public int LoadItems { get; init; } = 20_000;

    /// <summary>Users that signals of the load are from.</summary>
    public int LoadUsers { get; init; } = 5_000;

    /// <summary>Signals a second where the rate is steady.</summary>
    public int Rate { get; init; } = 25_000;

    /// <summary>Signals a call where as many as possible are written.</summary>
    public int Batch { get; init; } = 1_000;

    /// <summary>The most signals that a peak phase accepts, warm-up included: each takes memory in nine logs.</summary>
    public int SignalsMax { get; init; } = 6_000_000;

    /// <summary>Records of the log that a replica starts on.</summary>
    public int RecoveryRecords { get; init; } = 2_000_000;

    /// <summary>How many primaries are stopped.</summary>
    public int Failovers { get; init; } = 5;

    /// <summary>The least number of times that each query is asked.</summary>
    public int QueriesMin { get; init; } = 100;

    /// <summary>Where logs in files are kept meanwhile; null for a temporary directory.</summary>
    public string? Directory { get; init; }

    /// <summary>What every random choice comes from.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Whether the report is wanted as JSON.</summary>
    public bool Json { get; init; }

    /// <summary>The same in a few seconds: to see that it works, not how fast it is.</summary>
    public BenchOptions Quick() => this with
    {
        Seconds = 0.5,
        WarmUpSeconds = 0.2,
        Items = 5_000,
        ClusterItems = 1_000,
        LoadItems = 500,
        LoadUsers = 200,
        Rate = 2_000,
        Batch = 200,
        SignalsMax = 60_000,
        RecoveryRecords = 20_000,
        Failovers = 1,
        QueriesMin = 10,
    };
}

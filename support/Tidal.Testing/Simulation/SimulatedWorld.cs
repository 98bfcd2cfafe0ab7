using Tidal.Log;
using Tidal.Replication;
using Tidal.Schema;
using Tidal.Testing.History;
using Tidal.Testing.Oracles;

namespace Tidal.Testing.Simulation;

/// <summary>What the parts of a simulated cluster share: virtual time, the network, the clocks, the variety.</summary>
internal sealed class SimulatedWorld
{
    private readonly long _startMilliseconds;
    private readonly long[] _clockSkewMilliseconds;
    private ulong _stores;

    public SimulatedWorld(ClusterOptions options, ITenantDirectory tenants, Func<Address, IActor> actors)
    {
        Options = options;
        _startMilliseconds = options.Start.ToUnixTimeMilliseconds();
        Tenants = tenants;
        Random = new DeterministicRandom(EntityHash.Mix(options.Seed));
        Network = new SimulatedNetwork(options, Time, History, actors);
        _clockSkewMilliseconds = new long[options.Topology.RegionCount];
    }

    public ClusterOptions Options { get; }

    public ITenantDirectory Tenants { get; }

    public VirtualTime Time { get; } = new();

    public ClusterHistory History { get; } = new();

    /// <summary>What was committed, for audits.</summary>
    public CommittedBatches Committed { get; } = new();

    public SimulatedNetwork Network { get; }

    public LeakWatcher Leaks { get; } = new();

    public DeterministicRandom Random { get; }

    /// <summary>What a node of a region reads off its clocks now.</summary>
    public ClockReading ReadClock(RegionId region) => new(
        Time.NowMicroseconds,
        _startMilliseconds + Time.NowMicroseconds / 1000 + _clockSkewMilliseconds[region.Ordinal]);

    /// <summary>A store id never used before.</summary>
    public StoreId NewStoreId() => new(EntityHash.Mix(Options.Seed * 1_000_003 + ++_stores) | 1);

    /// <summary>A seed for a machine.</summary>
    public ulong NewSeed() => Random.NextBits();
}

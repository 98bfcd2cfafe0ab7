using Tidal.Log;
using Tidal.Placement;
using Tidal.Replication;
using Tidal.Schema;
using Tidal.Testing.History;
using Tidal.Testing.Oracles;

namespace Tidal.Testing.Simulation;

/// <summary>What the parts of a simulated cluster share: virtual time, the network, the clocks, the variety.</summary>
internal sealed class SimulatedWorld
{
    private readonly IReadOnlyDictionary<TenantId, SignalSchema> _schemas;
    private readonly RoutingTable _foundingTable;
    private ulong _stores;

    public SimulatedWorld(
        ClusterOptions options, RoutingTable foundingTable, IReadOnlyDictionary<TenantId, SignalSchema> schemas, Func<Address, IActor> actors,
        ClusterHistory history, ClusterTee tee)
    {
        (Options, History, Tee) = (options, history, tee);
        (_foundingTable, _schemas) = (foundingTable, schemas);
        Random = new DeterministicRandom(EntityHash.Mix(options.Seed));
        Network = new SimulatedNetwork(options, Time, History, actors);
        Clocks = new SimulatedClocks(options, Time);
    }

    public ClusterOptions Options { get; }

    public VirtualTime Time { get; } = new();

    public ClusterHistory History { get; }

    public SimulatedNetwork Network { get; }

    public DeterministicRandom Random { get; }

    /// <summary>The clocks of all nodes and gateways.</summary>
    public SimulatedClocks Clocks { get; }

    /// <summary>What is written to the disks.</summary>
    public ClusterTee Tee { get; }

    /// <summary>Who watches.</summary>
    public ClusterWatches Watches { get; } = new();

    /// <summary>What a node or a gateway knows of the routing table when the cluster is founded: it comes with its configuration.</summary>
    public NodeDirectory FoundingDirectory()
    {
        var directory = NewDirectory();
        directory.Take(_foundingTable);
        return directory;
    }

    /// <summary>What one knows of it that starts again: nothing.</summary>
    public NodeDirectory NewDirectory() => new(_schemas);

    /// <summary>A store id never used before.</summary>
    public StoreId NewStoreId() => new(EntityHash.Mix(Options.Seed * 1_000_003 + ++_stores) | 1);

    /// <summary>A seed for a machine.</summary>
    public ulong NewSeed() => Random.NextBits();
}

using System.Security.Cryptography;
using Tidal.Log;
using Tidal.Placement;
using Tidal.Replication;
using Tidal.Schema;

namespace Tidal.Hosting;

/// <summary>What the threads of a cluster share. Safe for use by several threads, once the cluster is put together.</summary>
internal sealed class HostContext
{
    private readonly IReadOnlyDictionary<TenantId, SignalSchema> _schemas;
    private readonly Func<Address, ILogStore> _stores;
    private readonly Lock _seedLock = new();
    private readonly DeterministicRandom _seeds;

    public HostContext(
        TidalClusterOptions options, ICoordinator coordinator, IReadOnlyDictionary<TenantId, SignalSchema> schemas, Func<Address, ILogStore> stores)
    {
        (Options, Coordinator, _schemas, _stores) = (options, coordinator, schemas, stores);
        Clock = new HostClock(options.Clock);
        Failures = new FailureLog(options.Topology);
        Metrics = new TidalMetrics(options.Topology);
        _seeds = new DeterministicRandom(options.Seed ?? RandomBits());
        var transport = new InProcessTransport(this);
        Transport = options.Transport?.Invoke(transport) ?? transport;
        Gateways = [.. options.Topology.Regions.Select(region => new GatewayHost(this, region))];
        Nodes = [.. from region in options.Topology.Regions from replica in options.Topology.Replicas select new NodeHost(this, new NodeId(region, replica))];
        ControlPlane = new ControlPlaneHost(this);
    }

    public TidalClusterOptions Options { get; }

    public ICoordinator Coordinator { get; }

    public HostClock Clock { get; }

    public FailureLog Failures { get; }

    public TidalMetrics Metrics { get; }

    public ITransport Transport { get; }

    /// <summary>In region order.</summary>
    public GatewayHost[] Gateways { get; }

    /// <summary>In order of region and place.</summary>
    public NodeHost[] Nodes { get; }

    public ControlPlaneHost ControlPlane { get; }

    public IClusterObserver? Observer => Options.Observer;

    /// <summary>All threads that machines run on.</summary>
    public IEnumerable<HostThread> Threads => [.. Gateways, .. Nodes.SelectMany(node => node.Workers), ControlPlane];

    public NodeHost NodeAt(NodeId node) => Nodes[node.Region.Ordinal * Options.Topology.ReplicaCount + node.Replica.Number];

    public SignalSchema SchemaOf(TenantId tenant) =>
        _schemas.TryGetValue(tenant, out var schema) ? schema : throw new RoutingTableException($"There is no {tenant}.");

    /// <summary>Opens the store of a replica.</summary>
    public ILogStore StoreOf(Address replica) => _stores(replica);

    /// <summary>What one knows of the routing table that starts again: nothing.</summary>
    public NodeDirectory NewDirectory() => new(_schemas);

    /// <summary>What a node or a gateway knows of it when the cluster starts: it comes with its configuration.</summary>
    public NodeDirectory StartingDirectory()
    {
        var directory = NewDirectory();
        directory.Take(Coordinator.Current);
        return directory;
    }

    /// <summary>A store id never used before.</summary>
    public static StoreId NewStoreId() => new(RandomBits() | 1);

    /// <summary>A seed for a machine.</summary>
    public ulong NewSeed()
    {
        lock (_seedLock)
            return _seeds.NextBits();
    }

    /// <summary>Keeps a failure, and tells who watches.</summary>
    /// <param name="place">Where.</param>
    /// <param name="cause">What was thrown.</param>
    /// <param name="stops">Whether the place has stopped with it.</param>
    public ClusterFailure Failed(Address place, Exception cause, bool stops = true)
    {
        var failure = new ClusterFailure(place, cause, Clock.NowMicroseconds);
        Failures.Add(failure, stops);
        try
        {
            Observer?.OnFailed(failure);
        }
        catch (Exception observers)
        {
            Failures.Add(new ClusterFailure(place, observers, Clock.NowMicroseconds), stops: false);
        }
        return failure;
    }

    private static ulong RandomBits() => BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));
}

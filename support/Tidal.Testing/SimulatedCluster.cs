using Tidal.Log;
using Tidal.Placement;
using Tidal.Query;
using Tidal.Replication;
using Tidal.Schema;
using Tidal.Testing.History;
using Tidal.Testing.Oracles;
using Tidal.Testing.Simulation;

namespace Tidal.Testing;

/// <summary>
/// A whole multi-region cluster in one thread and in virtual time: the engine's own state machines, a simulated network,
/// simulated disks, and faults as scoped objects. The same options and the same calls give the same run, to the last
/// message (the approach of FoundationDB's and TigerBeetle's simulators). Not safe for use by several threads.
/// </summary>
public sealed partial class SimulatedCluster : IDisposable
{
    private readonly SimulatedWorld _world;
    private readonly InMemoryCoordinator _coordinator;
    private readonly Dictionary<TenantId, SignalSchema> _schemas = [];
    private readonly SimulatedNode[,] _nodes;
    private readonly SimulatedGateway[] _gateways;
    private readonly SimulatedControlPlane _controlPlane;

    /// <summary>Founds a cluster and starts every replica; no primary is elected yet.</summary>
    /// <param name="options">What it is made of.</param>
    public SimulatedCluster(ClusterOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Options = options;
        _coordinator = new InMemoryCoordinator(options.Topology);
        Router = new ShardRouter(Topology.ShardCount);
        PlaceTenants();
        _world = new SimulatedWorld(options, _coordinator.Current, _schemas, ActorAt);
        _nodes = new SimulatedNode[Topology.RegionCount, Topology.ReplicaCount];
        _gateways = [.. Topology.Regions.Select(region => new SimulatedGateway(_world, region))];
        _controlPlane = new SimulatedControlPlane(_world, _coordinator);
        Invariants = new InvariantWatch(Topology, () => Elapsed);
        Add(Invariants);
        Leaks = new LeakWatcher(_world.Tee);
        Add(Leaks);
        Build();
    }

    /// <summary>What it is made of.</summary>
    public ClusterOptions Options { get; }

    /// <summary>Its regions, shards and replicas.</summary>
    public Topology Topology => Options.Topology;

    /// <summary>Tells in which shard an entity lies.</summary>
    public ShardRouter Router { get; }

    /// <summary>What happened so far.</summary>
    public ClusterHistory History => _world.History;

    /// <summary>How long it has run, in virtual time.</summary>
    public TimeSpan Elapsed => TimeSpan.FromMicroseconds(_world.Time.NowMicroseconds);

    /// <summary>The true time: the start plus what has elapsed. A region's wall clock may differ.</summary>
    public DateTimeOffset Now => Options.Start + Elapsed;

    /// <summary>Events handled so far: messages, timers, flushes.</summary>
    public long EventsHandled => _world.Time.EventsHandled;

    /// <summary>The replicas of a shard in a region that are alive, in order of their places. Read them, never drive them.</summary>
    /// <param name="region">The region.</param>
    /// <param name="shard">The shard.</param>
    public IEnumerable<ShardReplica> Replicas(RegionId region, ShardId shard) => Topology.Replicas
        .Select(replica => _nodes[region.Ordinal, replica.Number][shard].Machine)
        .OfType<ShardReplica>();

    /// <summary>Every replica that is alive, in order of region, shard and place.</summary>
    public IEnumerable<ShardReplica> AllReplicas =>
        from region in Topology.Regions
        from shard in Topology.Shards
        from replica in Replicas(region, shard)
        select replica;

    /// <summary>The primary of a shard in a region, or null while there is none that may answer.</summary>
    /// <param name="region">The region.</param>
    /// <param name="shard">The shard.</param>
    public ShardReplica? PrimaryOf(RegionId region, ShardId shard)
    {
        ShardReplica? primary = null;
        foreach (var replica in Replicas(region, shard))
        {
            if (replica.Raft.IsReadyPrimary && (primary is null || replica.Raft.Epoch > primary.Raft.Epoch))
                primary = replica;
        }
        return primary;
    }

    /// <summary>How far every region is behind every other, as the origins' gauges say.</summary>
    public IEnumerable<ReplicationLag> Lags =>
        from region in Topology.Regions
        from shard in Topology.Shards
        let primary = PrimaryOf(region, shard)
        where primary is not null
        from lag in primary.Lags
        select lag;

    /// <summary>What is watched in every cluster, from its founding on.</summary>
    public InvariantWatch Invariants { get; }

    /// <summary>Watches that nothing hidden is shown.</summary>
    public LeakWatcher Leaks { get; }

    /// <summary>Adds a watch, which is told of what happens from now on; it must only look.</summary>
    /// <param name="watch">The watch.</param>
    public void Add(IClusterWatch watch) => _world.Watches.Add(watch);

    /// <inheritdoc/>
    public void Dispose() => _world.History.Dispose();

    internal SimulatedWorld World => _world;

    internal void WriteFault(HistoryKind kind, Address place, string text) =>
        _world.History.Write(_world.Time.NowMicroseconds, kind, place, text);

    internal SimulatedNode NodeAt(NodeId node) => _nodes[node.Region.Ordinal, node.Replica.Number];

    internal SimulatedReplica ReplicaAt(Address address) => _nodes[address.Region.Ordinal, address.Replica.Number][address.Shard];

    private IActor ActorAt(Address address) =>
        address.IsGateway ? _gateways[address.Region.Ordinal]
        : address.IsControlPlane ? address == Address.OfControlPlane(address.Region) ? _controlPlane : _upgrade!
        : address.IsNode ? _nodes[address.Region.Ordinal, address.Replica.Number]
        : ReplicaAt(address);

    private void Build()
    {
        foreach (var region in Topology.Regions)
        {
            foreach (var replica in Topology.Replicas)
                _nodes[region.Ordinal, replica.Number] = new SimulatedNode(_world, new NodeId(region, replica));
        }
        foreach (var region in Topology.Regions)
        {
            foreach (var shard in Topology.Shards)
                FoundGroup(region, shard);
        }
    }

    private void FoundGroup(RegionId region, ShardId shard, ulong epoch = 0)
    {
        _world.Watches.OnFounded(region, shard);
        _world.Tee.Founded(region, shard);
        var voters = Topology.Replicas.Select(replica => new Voter(replica, _world.NewStoreId())).ToArray();
        foreach (var voter in voters)
        {
            var replica = ReplicaAt(new Address(region, shard, voter.Replica));
            ReplicaStore.Found(replica.Store, new ShardPlace(region, shard), voters, voter.Store, epoch);
            replica.Start();
        }
    }
}

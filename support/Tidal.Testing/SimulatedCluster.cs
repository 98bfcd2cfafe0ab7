using Tidal.Log;
using Tidal.Placement;
using Tidal.Query;
using Tidal.Replication;
using Tidal.Schema;
using Tidal.Testing.Oracles;
using Tidal.Testing.Simulation;

namespace Tidal.Testing;

/// <summary>
/// A whole multi-region cluster in one thread and in virtual time: the engine's own state machines, a simulated network,
/// simulated disks, and faults as scoped objects. The same options and the same calls give the same run, to the last
/// message (the approach of FoundationDB's and TigerBeetle's simulators). Not safe for use by several threads.
/// </summary>
public sealed partial class SimulatedCluster : ClusterUnderTest
{
    private readonly SimulatedWorld _world;
    private readonly InMemoryCoordinator _coordinator;
    private readonly SimulatedNode[,] _nodes;
    private readonly SimulatedGateway[] _gateways;
    private readonly SimulatedControlPlane _controlPlane;

    /// <summary>Founds a cluster and starts every replica; no primary is elected yet.</summary>
    /// <param name="options">What it is made of.</param>
    public SimulatedCluster(ClusterOptions options)
        : base(options)
    {
        _coordinator = new InMemoryCoordinator(options.Topology);
        PlaceTenants();
        _world = new SimulatedWorld(options, _coordinator.Current, Schemas, ActorAt, History, Tee);
        _nodes = new SimulatedNode[Topology.RegionCount, Topology.ReplicaCount];
        _gateways = [.. Topology.Regions.Select(region => new SimulatedGateway(_world, region))];
        _controlPlane = new SimulatedControlPlane(_world, _coordinator);
        _coordinator.Watch(FollowMoves);
        Invariants = new InvariantWatch(Topology, () => Elapsed);
        Add(Invariants);
        Add(Leaks);
        Build();
    }

    /// <inheritdoc/>
    public override RoutingTable Table => _coordinator.Current;

    /// <summary>Events handled so far: messages, timers, flushes.</summary>
    public long EventsHandled => _world.Time.EventsHandled;

    /// <inheritdoc/>
    public override IEnumerable<ShardReplica> Replicas(RegionId region, ShardId shard) => Topology.Replicas
        .Select(replica => _nodes[region.Ordinal, replica.Number][shard].Machine)
        .OfType<ShardReplica>();

    /// <inheritdoc/>
    public override T Look<T>(Func<T> look)
    {
        ArgumentNullException.ThrowIfNull(look);
        return look();
    }

    /// <summary>What is watched in every cluster, from its founding on.</summary>
    public InvariantWatch Invariants { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<InvariantViolation> Violations => Invariants.Violations;

    /// <summary>Adds a watch, which is told of what happens from now on; it must only look.</summary>
    /// <param name="watch">The watch.</param>
    public void Add(IClusterWatch watch) => _world.Watches.Add(watch);

    internal SimulatedWorld World => _world;

    internal override long NowMicroseconds => _world.Time.NowMicroseconds;

    private protected override IClusterWatch Watches => _world.Watches;

    internal SimulatedNode NodeAt(NodeId node) => _nodes[node.Region.Ordinal, node.Replica.Number];

    internal SimulatedReplica ReplicaAt(Address address) => _nodes[address.Region.Ordinal, address.Replica.Number][address.Shard];

    private IActor ActorAt(Address address) =>
        address.IsGateway ? _gateways[address.Region.Ordinal]
        : address.IsControlPlane ? address == Address.OfControlPlane(address.Region) ? _controlPlane : _upgrade!
        : address.IsNode ? _nodes[address.Region.Ordinal, address.Replica.Number]
        : ReplicaAt(address);

    private void PlaceTenants()
    {
        foreach (var (tenant, id) in Options.Tenants.Zip(Schemas.Keys))
        {
            var regions = tenant.Regions?.Select(Topology.Region) ?? Topology.Regions;
            var placement = new TenantPlacement(id, tenant.Name, [.. regions])
            {
                Residency = tenant.Residency is { } allowed ? [.. allowed.Select(Topology.Region)] : null,
                Quotas = tenant.Quotas,
            };
            _coordinator.TryReplace(Table.Version, Table.With(placement));
        }
    }

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

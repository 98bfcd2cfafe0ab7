using Tidal.Placement;
using Tidal.Replication;
using Tidal.Schema;
using Tidal.Testing.History;
using Tidal.Testing.Oracles;

namespace Tidal.Testing;

/// <summary>
/// A whole multi-region cluster with faults that can be put into it and oracles that look at it from outside: what drivers, clients
/// and audits know of one, whatever drives its state machines. There are two: <see cref="SimulatedCluster"/>, in virtual time, and
/// <see cref="RealTime.RealTimeCluster"/>, with threads and a real clock. Clients, faults and waits are for one thread, which is the
/// one that lets time pass.
/// </summary>
public abstract partial class ClusterUnderTest : IDisposable
{
    private readonly Dictionary<TenantId, SignalSchema> _schemas = [];

    private protected ClusterUnderTest(ClusterOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Options = options;
        Router = new ShardRouter(Topology.ShardCount);
        foreach (var tenant in options.Tenants)
            _schemas.Add(new TenantId((uint)_schemas.Count + 1), tenant.Schema ?? options.Schema);
        Leaks = new LeakWatcher(Tee);
    }

    /// <summary>What it is made of.</summary>
    public ClusterOptions Options { get; }

    /// <summary>Its regions, shards and replicas.</summary>
    public Topology Topology => Options.Topology;

    /// <summary>Tells in which shard an entity lies.</summary>
    public ShardRouter Router { get; }

    /// <summary>What happened so far.</summary>
    public ClusterHistory History { get; } = new();

    /// <summary>Watches that nothing hidden is shown.</summary>
    public LeakWatcher Leaks { get; }

    /// <summary>The invariants that were seen to break, in order; the first ones of many.</summary>
    public abstract IReadOnlyList<InvariantViolation> Violations { get; }

    /// <summary>
    /// The replicas of a shard in a region that are alive, in order of their places. Read them, never drive them; and only inside
    /// <see cref="Look{T}"/>, or where something is waited for.
    /// </summary>
    /// <param name="region">The region.</param>
    /// <param name="shard">The shard.</param>
    public abstract IEnumerable<ShardReplica> Replicas(RegionId region, ShardId shard);

    /// <summary>Looks at replicas while the cluster stands still.</summary>
    /// <typeparam name="T">What is seen.</typeparam>
    /// <param name="look">Looks; must not change anything, and leave nothing to be looked at later.</param>
    public abstract T Look<T>(Func<T> look);

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

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>What is written to the stores.</summary>
    internal ClusterTee Tee { get; } = new();

    /// <summary>What the tenants count.</summary>
    private protected IReadOnlyDictionary<TenantId, SignalSchema> Schemas => _schemas;

    /// <summary>Ends it.</summary>
    /// <param name="disposing">Whether by <see cref="Dispose()"/>.</param>
    protected virtual void Dispose(bool disposing) => History.Dispose();
}

using Tidal.Hosting;
using Tidal.Placement;
using Tidal.Replication;
using Tidal.Schema;
using Tidal.Testing.History;
using Tidal.Testing.Oracles;

namespace Tidal.Testing.RealTime;

/// <summary>
/// A whole multi-region cluster in real time: the product's own <see cref="TidalCluster"/>, each replica on a thread of its own, with
/// faults that are real: messages that are dropped, threads that stop. What is seen of it when: clocks, epochs and who acknowledges
/// in them (invariants 7 and 9) and leaks (6) as they happen, on the thread where they do; what is acknowledged and counted, on
/// which replica, and the ground truth (1 to 5) by the audit, once it is quiet. Clients, faults and waits are for one thread.
/// </summary>
public sealed partial class RealTimeCluster : ClusterUnderTest
{
    private const int PoolThreadsMin = 16;

    private readonly TidalCluster _cluster;
    private readonly ClusterDisks _disks;
    private readonly PumpedThread _clients;
    private readonly RealTimeWatch _watch;
    private readonly StallThread _machine;
    private FaultyTransport _network = null!;
    private bool _isLookedAt;
    private ILookup<(RegionId, ShardId), ShardReplica>? _standing;

    /// <summary>Founds a cluster, and waits for its primaries.</summary>
    /// <param name="options">
    /// What it is made of. Between regions messages take the latency of <see cref="ClusterOptions.RegionLink"/>; inside a region, and to
    /// the disks, they take no time. The clock begins at <see cref="ClusterOptions.Start"/>.
    /// </param>
    public RealTimeCluster(ClusterOptions options)
        : base(options)
    {
        Clock = new DayClock(options.Start);
        _disks = new ClusterDisks(Tee);
        _clients = new PumpedThread(() => NowMicroseconds);
        _watch = new RealTimeWatch(this);
        foreach (var region in Topology.Regions)
        {
            foreach (var shard in Topology.Shards)
                Tee.Founded(region, shard);
        }
        _machine = new StallThread(() => NowMicroseconds, Options.Replication.Raft, stall => Post(() => History.WriteStall(NowMicroseconds, stall)));
        // Tests hold threads of the pool while they let time pass; the cluster's own calls need some as well.
        ThreadPool.GetMinThreads(out var workers, out var completions);
        ThreadPool.SetMinThreads(Math.Max(workers, PoolThreadsMin), completions);
        _cluster = Task.Run(() => TidalCluster.StartAsync(OptionsOfHost())).GetAwaiter().GetResult();
    }

    /// <inheritdoc/>
    public override IReadOnlyList<InvariantViolation> Violations => _watch.Violations;

    /// <inheritdoc/>
    public override RoutingTable Table => _cluster.Table;

    /// <summary>When the group of a replica first acknowledged a write in an epoch after one, since the cluster was founded; null if it has not.</summary>
    /// <param name="replica">The replica.</param>
    /// <param name="epoch">The epoch.</param>
    public TimeSpan? FirstAcknowledged(Address replica, ulong epoch) =>
        _watch.FirstAcknowledged(replica, epoch) is { } microseconds ? TimeSpan.FromMicroseconds(microseconds) : null;

    /// <summary>How long batches take from the region that commits them to each other one.</summary>
    public LagMeter Lag => _watch.Lag;

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The cluster does not stand still: <see cref="ClusterUnderTest.Look{T}"/>.</exception>
    public override IEnumerable<ShardReplica> Replicas(RegionId region, ShardId shard)
    {
        _isLookedAt = true;
        return (_standing ?? throw new InvalidOperationException("Replicas are looked at only while the cluster stands still."))[(region, shard)];
    }

    /// <inheritdoc/>
    public override T Look<T>(Func<T> look)
    {
        ArgumentNullException.ThrowIfNull(look);
        if (_standing is not null)
            return look();
        return _cluster.InspectAll(replicas =>
        {
            _standing = replicas.ToLookup(replica => (replica.Self.Region, replica.Self.Shard));
            try
            {
                return look();
            }
            finally
            {
                _standing = null;
            }
        });
    }

    /// <inheritdoc/>
    public override MigrationProgress? ProgressOf(TenantId tenant) => _cluster.ProgressOf(tenant);

    /// <inheritdoc/>
    public override IEnumerable<TenantStep> TenantSteps =>
        from tenant in Tenants
        from reached in ProgressOf(tenant)?.Steps ?? []
        where reached.WallMilliseconds is not null
        select new TenantStep((reached.WallMilliseconds!.Value - Options.Start.ToUnixTimeMilliseconds()) * 1000, tenant, reached.Step);

    /// <inheritdoc/>
    public override void ChangeTable(Func<RoutingTable, RoutingTable> change) => _cluster.ChangeTable(change);

    /// <summary>Hands a call to a region's gateway, from any thread; it is completed on the gateway's.</summary>
    /// <param name="region">The region.</param>
    /// <param name="call">The call.</param>
    public void BeginOutside(RegionId region, ClientCall call) => _cluster.Begin(region, call);

    internal void Post(Action action) => _clients.Post(action);

    private DayClock Clock { get; }

    private protected override IClusterWatch Watches => _watch;

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Task.Run(async () => await _cluster.DisposeAsync().ConfigureAwait(false)).GetAwaiter().GetResult();
            _network.Dispose();
            _machine.Dispose();
            _clients.Dispose();
        }
        base.Dispose(disposing);
    }

    private TidalClusterOptions OptionsOfHost() => new()
    {
        Topology = Topology,
        Tenants = [.. Options.Tenants.Zip(Schemas.Values, (tenant, schema) => new HostedTenant(tenant.Name, schema)
        {
            Regions = tenant.Regions,
            Residency = tenant.Residency,
            Quotas = tenant.Quotas,
        })],
        Replication = Options.Replication,
        Gateway = Options.Gateway,
        ControlPlane = Options.ControlPlane,
        Clock = Clock,
        WorkersPerNode = Topology.ShardCount,
        Seed = Options.Seed,
        ShutdownTimeout = TimeSpan.FromSeconds(10),
        OrderTimeout = TimeSpan.FromSeconds(30),
        Stores = _disks.Open,
        Transport = inner => _network = new FaultyTransport(inner, Options, () => Clock.NowMicroseconds),
        Observer = _watch,
    };
}

using Tidal.Log;
using Tidal.Placement;
using Tidal.Replication;
using Tidal.Schema;

namespace Tidal.Hosting;

/// <summary>
/// A whole multi-region cluster in one process and in real time: each node on its own worker threads, each region's gateway and the
/// control plane on theirs, all of them the same state machines that are simulated in virtual time. Safe for use by several threads.
/// <para>
/// A replica whose store or machine fails stops, and the others of its group go on; what failed is kept in <see cref="Failures"/>.
/// Once it leaves a group without a quorum, or a region without its gateway, every call of that region throws
/// <see cref="ClusterFailedException"/>. What was never thrown to a caller, or mended by <see cref="Start(Address)"/>, is thrown when the
/// cluster is disposed.
/// </para>
/// <para>
/// Disposing it is a clean shutdown: no call is taken any more, those under way end acknowledged or unknown, and everything that was
/// acknowledged is durable.
/// </para>
/// </summary>
public sealed partial class TidalCluster : IAsyncDisposable
{
    private readonly HostContext _context;
    private readonly Dictionary<TenantId, SignalSchema> _schemas = [];
    private readonly Dictionary<Address, ILogStore> _memoryStores = [];

    private TidalCluster(TidalClusterOptions options)
    {
        Options = options;
        Router = new ShardRouter(Topology.ShardCount);
        var coordinator = options.Coordinator ?? (ICoordinator?)OpenCoordinator() ?? new InMemoryCoordinator(Topology);
        try
        {
            PlaceTenants(coordinator);
            _context = new HostContext(options, coordinator, _schemas, options.Stores ?? StoreOf);
        }
        catch
        {
            _ownCoordinator?.Dispose();
            throw;
        }
        _context.Metrics.Observe(new ClusterReadings(this, _context.Metrics));
    }

    /// <summary>
    /// Founds a cluster, or takes it up from stores that hold its logs, and waits until every shard of every region has a primary.
    /// </summary>
    /// <param name="options">What it is made of.</param>
    /// <param name="cancellation">Ends the start; what was started is stopped again.</param>
    /// <exception cref="ClusterFailedException">Stores cannot be read, and too few replicas of a shard are left.</exception>
    /// <exception cref="TimeoutException">A shard has no primary within <see cref="TidalClusterOptions.StartTimeout"/>.</exception>
    public static async Task<TidalCluster> StartAsync(TidalClusterOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var cluster = new TidalCluster(options);
        try
        {
            await cluster.StartAllAsync(cancellation).ConfigureAwait(false);
            return cluster;
        }
        catch
        {
            await cluster.GiveUpAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>What it is made of.</summary>
    public TidalClusterOptions Options { get; }

    /// <summary>Its regions, shards and replicas.</summary>
    public Topology Topology => Options.Topology;

    /// <summary>The newest routing table.</summary>
    public RoutingTable Table => _context.Coordinator.Current;

    /// <summary>Tells in which shard an entity lies.</summary>
    public ShardRouter Router { get; }

    /// <summary>The monotonic time that the machines are given: microseconds since the cluster was made.</summary>
    public long NowMicroseconds => _context.Clock.NowMicroseconds;

    /// <summary>The wall clock.</summary>
    public DateTimeOffset Now => _context.Clock.Wall;

    /// <summary>What a tenant counts.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <exception cref="RoutingTableException">There is no such tenant.</exception>
    public SignalSchema SchemaOf(TenantId tenant) => _context.SchemaOf(tenant);

    /// <summary>
    /// Hands a call to a region's gateway. It is completed once, on the gateway's thread, or at once on the caller's where too many
    /// calls wait for the gateway (<see cref="MailboxOptions.CallsMax"/>): <see cref="ClientCall.Completed"/> must be quick and not block.
    /// </summary>
    /// <param name="region">The region.</param>
    /// <param name="call">The call, made for this one use.</param>
    /// <exception cref="ObjectDisposedException">The cluster is shut down, or about to be.</exception>
    /// <exception cref="ClusterFailedException">A failure in the background has left the region without its gateway or one of its shards.</exception>
    public void Begin(RegionId region, ClientCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        MustBeOpen();
        _context.Failures.MustServe(region);
        var gateway = _context.Gateways[region.Ordinal];
        var posted = gateway.Post(new Letter(default, Address.OfGateway(region), call), LetterKind.Call);
        ObjectDisposedException.ThrowIf(posted == Posted.Closed, this);
        if (posted == Posted.NoRoom)
            gateway.Refuse(call);
    }

    /// <summary>A new client of a tenant in a region; its session is opened with its first write.</summary>
    /// <param name="region">The region.</param>
    /// <param name="tenant">Whose data it reads and writes.</param>
    /// <param name="options">How it retries; null for the defaults.</param>
    public TidalClient ClientIn(RegionId region, TenantId tenant, TidalClientOptions? options = null)
    {
        MustBeOpen();
        return new TidalClient(this, region, tenant, options ?? new TidalClientOptions());
    }

    /// <summary>The primary of a shard in a region that may answer, as last published by its thread; null while there is none.</summary>
    /// <param name="region">The region.</param>
    /// <param name="shard">The shard.</param>
    public Address? PrimaryOf(RegionId region, ShardId shard)
    {
        var (primary, newest) = ((Address?)null, 0L);
        foreach (var replica in Topology.Replicas)
        {
            var address = new Address(region, shard, replica);
            if (HostedAt(address).PrimaryEpoch is var epoch && epoch > newest)
                (primary, newest) = (address, epoch);
        }
        return primary;
    }

    /// <summary>What has failed in the background and was not mended since, the first first.</summary>
    public IReadOnlyList<ClusterFailure> Failures => _context.Failures.All;

    /// <summary>How many messages were dropped because there was no room where they were to wait.</summary>
    public long MessagesDropped => Mailboxes.Sum(mailbox => mailbox.Dropped);

    /// <summary>What waits for each thread, and what was dropped there.</summary>
    public IReadOnlyList<MailboxReading> Mailboxes => [.. _context.Threads.Select(thread => thread.Reading)];

    /// <summary>Whether no call is taken any more.</summary>
    internal bool IsClosing => _isClosing;

    private HostedReplica HostedAt(Address replica) => _context.NodeAt(replica.Node)[replica.Shard];

    private void MustBeOpen() => ObjectDisposedException.ThrowIf(_isClosing, this);
}

using Tidal.Schema;
using Tidal.Testing.Oracles;

namespace Tidal.Testing.Drivers;

/// <summary>
/// What the bindings of the features stand on: says in code what their steps say in words. One cluster, one client of each
/// tenant in each region, named faults, the last answer. Not safe for use by several threads.
/// </summary>
public sealed partial class ClusterDriver : IDisposable
{
    /// <summary>How long anything may take that a feature states no bound for.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Dictionary<(TenantId, RegionId), ClusterClient> _clients = [];
    private readonly SubstrateKind _substrate;
    private ClusterUnderTest? _cluster;
    private ClusterOptions? _founded;
    private bool _audited;

    /// <summary>A driver without a cluster yet.</summary>
    /// <param name="seed">Decides everything that varies.</param>
    /// <param name="substrate">What the cluster runs on.</param>
    public ClusterDriver(ulong seed, SubstrateKind substrate = SubstrateKind.VirtualTime) => (Seed, _substrate) = (seed, substrate);

    /// <summary>Decides everything that varies.</summary>
    public ulong Seed { get; }

    /// <summary>What the features count: a view, which makes its item seen, counts half after 6 hours, a like, worth three, after 24; a skip ranks nothing.</summary>
    public static SignalSchema Schema { get; } = new SchemaBuilder()
        .Signal("view", TimeSpan.FromHours(6), marksSeen: true)
        .Signal("like", TimeSpan.FromHours(24), weight: 3)
        .Signal("skip", TimeSpan.FromHours(6), weight: 0)
        .Cohort("locale")
        .Build();

    /// <summary>The cluster; it starts when it is first needed, so that a feature may say bit by bit what it is to be.</summary>
    /// <exception cref="InvalidOperationException">None was founded yet.</exception>
    public ClusterUnderTest Cluster => _cluster ??= Start(_founded ?? throw new InvalidOperationException("The scenario has no cluster yet."));

    /// <summary>The cluster, where only a simulated one will do.</summary>
    private SimulatedCluster Simulated(string toDo) => Cluster as SimulatedCluster ?? throw new VirtualTimeOnlyException(toDo);

    /// <summary>Whether a cluster was founded, and something happened to it since it was audited last.</summary>
    public bool IsToBeAudited => HasCluster && !_audited;

    /// <summary>Whether a cluster has started.</summary>
    public bool HasCluster => _cluster is not null;

    /// <summary>Founds a cluster, with one tenant in all regions as long as no others are named.</summary>
    /// <param name="topology">Its regions, shards and replicas.</param>
    public void Found(Topology topology) => _founded = new ClusterOptions { Seed = Seed, Schema = Schema, Topology = topology };

    /// <summary>Says what the nodes of a cluster are to do that has not started yet.</summary>
    /// <param name="change">Changes how they replicate.</param>
    /// <exception cref="InvalidOperationException">It was not founded, or has started.</exception>
    private void Configure(Func<ClusterOptions, ClusterOptions> change) => _founded = _founded is { } options && !HasCluster
        ? change(options)
        : throw new InvalidOperationException("That is said of a cluster that is founded and has not started.");

    private ClusterUnderTest Start(ClusterOptions options)
    {
        var cluster = Substrate.Found(_substrate, options);
        if (!cluster.RunUntil(() => cluster.HasAllPrimaries, Patience))
            throw new TimeoutException($"Not every shard has a primary after {Patience}.");
        BeginNotes(cluster);
        return cluster;
    }

    /// <summary>Lets time pass.</summary>
    /// <param name="time">How much.</param>
    public void Pass(TimeSpan time) => Cluster.Run(time);

    /// <summary>Lets the cluster become quiet: faults that still last go on.</summary>
    /// <exception cref="TimeoutException">It did not.</exception>
    public void BecomeQuiet()
    {
        if (!Cluster.RunUntilQuiet(Patience))
            throw new TimeoutException($"The cluster is not quiet after {Patience}.");
    }

    /// <summary>Stops a scenario in which an invariant is broken: what follows from it is not worth looking at.</summary>
    /// <exception cref="InvalidOperationException">One is.</exception>
    public void StopIfViolated()
    {
        _audited = false;
        if (_cluster?.Violations is [var violation, ..])
            throw new InvalidOperationException($"Broken: {violation}.");
    }

    /// <summary>Ends all faults, lets every tenant come to where it is wanted and the cluster become quiet, and audits it: the invariants and every score.</summary>
    /// <returns>What is wrong, in words; null when nothing is.</returns>
    public string? EndFaultsAndAudit()
    {
        Notes.AuditBegan = Cluster.Elapsed;
        EndStreams();
        EndLoadAndDowngrade();
        EndAllFaults();
        EndMeasuredTraffic();
        EndMoves();
        // Whatever a client still waits for gets its outcome, known or unknown.
        Cluster.RunUntilAnswered();
        BecomeQuiet();
        var findings = ClusterAudit.Run(Cluster);
        _audited = true;
        Notes.Audit = findings;
        return findings.IsClean ? null : findings.ToString();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _measured?.Dispose();
        _cluster?.Dispose();
    }

    /// <summary>The region of a name.</summary>
    /// <param name="name">The name.</param>
    public RegionId Region(string name) => Cluster.Topology.Region(name);

    /// <summary>The tenant's shard of an item.</summary>
    /// <param name="item">The item.</param>
    public ShardId ShardOf(string item) => Cluster.Router.ShardOf(Tenant, new ItemId(item));

    /// <summary>The tenant's client in a region.</summary>
    /// <param name="region">The region's name.</param>
    public ClusterClient ClientIn(string region)
    {
        var id = Region(region);
        if (!_clients.TryGetValue((Tenant, id), out var client))
            _clients.Add((Tenant, id), client = Cluster.NewClient(id, Tenant));
        return client;
    }

    /// <summary>
    /// A time of the cluster's first day: <c>06:00:01</c>, with hours beyond 24 for the days after, or with
    /// <c>the day before</c>, <c>three days before</c> or <c>ten days before</c>.
    /// </summary>
    /// <param name="text">The time.</param>
    public DateTimeOffset TimeOf(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parts = text.Split(' ', 2);
        var clock = parts[0].Split(':').Select(part => int.Parse(part, System.Globalization.CultureInfo.InvariantCulture)).ToArray();
        var days = parts.Length == 1 ? 0 : parts[1] switch
        {
            "the day before" => -1,
            "three days before" => -3,
            "ten days before" => -10,
            _ => throw new FormatException($"'{text}' is no time: hh:mm:ss, alone or with 'the day before', 'three days before' or 'ten days before', was expected."),
        };
        return Cluster.Options.Start + new TimeSpan(days, clock[0], clock[1], clock[2]);
    }
}

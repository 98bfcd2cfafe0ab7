using Tidal.Hosting;
using Tidal.Log;

namespace Tidal.Cli;

/// <summary>
/// A cluster of this process for a phase of the benchmark, with what watches it, and the load's items and users in it. Used by one thread.
/// </summary>
internal sealed class BenchHost : IDisposable
{
    private const int RecordsACall = 500;

    private static readonly TimeSpan LevelTimeout = TimeSpan.FromSeconds(60);

    private readonly BenchOptions _options;
    private readonly CancellationToken _cancellation;
    private readonly string? _directory;

    private BenchHost(BenchOptions options, string? directory, CancellationToken cancellation)
    {
        (_options, _directory, _cancellation) = (options, directory, cancellation);
        Cluster = TidalCluster.StartAsync(ClusterOptions(options, directory, Watch), cancellation).GetAwaiter().GetResult();
        Ledger = new LoadLedger(options.LoadItems, options.LoadUsers, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
        Source = new LoadSource(Ledger, Cluster.Router, options.Seed);
    }

    /// <summary>The cluster.</summary>
    public TidalCluster Cluster { get; }

    /// <summary>What follows its commits.</summary>
    public CommitWatch Watch { get; } = new();

    /// <summary>The load's items and users, and what was acknowledged.</summary>
    public LoadLedger Ledger { get; }

    /// <summary>Where the load's signals come from.</summary>
    public LoadSource Source { get; }

    /// <summary>Starts a cluster and writes the load's items and users.</summary>
    /// <param name="options">How many.</param>
    /// <param name="inFiles">Whether its logs are files.</param>
    /// <param name="cancellation">Interrupts it.</param>
    public static BenchHost Start(BenchOptions options, bool inFiles, CancellationToken cancellation)
    {
        var host = new BenchHost(options, inFiles ? NewDirectory(options) : null, cancellation);
        try
        {
            host.WriteItemsAndUsers();
            return host;
        }
        catch
        {
            host.Dispose();
            throw;
        }
    }

    /// <summary>A new directory for logs in files, where the options say.</summary>
    /// <param name="options">Where.</param>
    public static string NewDirectory(BenchOptions options) => options.Directory is { } parent
        ? Directory.CreateDirectory(Path.Combine(parent, $"tidal-bench-{Guid.NewGuid():N}")).FullName
        : Directory.CreateTempSubdirectory("tidal-bench-").FullName;

    /// <summary>A load on the cluster.</summary>
    /// <param name="lanes">Clients a region.</param>
    /// <param name="batch">Signals a call.</param>
    public BenchLoad NewLoad(int lanes, int batch) => new(Cluster, Ledger, Source, lanes, batch, _cancellation);

    /// <summary>Waits until all replicas hold the same.</summary>
    /// <exception cref="TimeoutException">They do not come to it.</exception>
    public void WaitUntilLevel()
    {
        if (!Watch.WaitUntilLevel(LevelTimeout, _cancellation))
            throw new TimeoutException($"The replicas do not hold the same {Wording.Span(LevelTimeout)} after the last write.");
    }

    /// <summary>What is wrong with the cluster, quiet now, by what the load was told.</summary>
    public IReadOnlyList<string> Audit()
    {
        WaitUntilLevel();
        return new LoadAudit(Cluster, Ledger).Run(_cancellation);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Cluster.DisposeAsync().AsTask().GetAwaiter().GetResult();
        if (_directory is not null)
            Directory.Delete(_directory, recursive: true);
    }

    private static TidalClusterOptions ClusterOptions(BenchOptions options, string? directory, CommitWatch watch) => new()
    {
        // A look must come through all that waits at full load, on whatever machine.
        OrderTimeout = TimeSpan.FromMinutes(1),
        Topology = BenchCluster.Topology,
        Tenants = [new HostedTenant("bench", BenchCluster.Schema)],
        DataDirectory = directory,
        Observer = watch,
        Seed = options.Seed,
    };

    // The regions take turns, so that each is the home of a third of the items. A user's locale must be known everywhere before the first signal.
    private void WriteItemsAndUsers()
    {
        var regions = Cluster.Topology.Regions.ToList();
        var writers = regions.ToDictionary(region => region, region => new RecordWriter(Cluster, region, RecordsACall));
        for (var item = 0; item < Ledger.Items.Length; item++)
            writers[regions[item % regions.Count]].Write(LogRecord.ForItem(default, default, Now, Ledger.Items[item], regions[item % regions.Count], ShardContents.AttributesOf(item)));
        for (var user = 0; user < Ledger.Users.Length; user++)
        {
            var locale = new AttributeValue(BenchCluster.CohortAttribute, BenchCluster.Locales[LoadLedger.LocaleOf(user)]);
            writers[regions[user % regions.Count]].Write(LogRecord.ForUser(default, default, Now, Ledger.Users[user], [locale]));
        }
        foreach (var writer in writers.Values)
            writer.Finish();
        WaitUntilLevel();
    }

    private static long Now => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
}

using System.Diagnostics;
using Tidal.Log;
using Tidal.Placement;
using Tidal.Query;
using Tidal.Replication;
using Tidal.Schema;

namespace Tidal.Cli;

/// <summary>A replica's start on a long log: how many records a second it reads, checks, decodes and applies. Used by one thread.</summary>
/// <param name="options">How many records.</param>
/// <param name="cancellation">Interrupts it.</param>
internal sealed class RecoveryBench(BenchOptions options, CancellationToken cancellation)
{
    private const int StartsMeasured = 3;

    private static readonly ShardPlace Place = new(default, default);
    private static readonly StoreId Own = new(1);

    // A log as long as this has checkpoints; what is measured is the reading of what they do not stand for.
    private static readonly ReplicationOptions WithoutCheckpoints = new() { CheckpointEveryBytes = long.MaxValue };

    private readonly int _batch = BatchOf(options);
    private readonly int _records = (options.RecoveryRecords + BatchOf(options) - 1) / BatchOf(options) * BatchOf(options);

    /// <summary>Measures.</summary>
    /// <param name="report">What was measured before.</param>
    /// <param name="files">A store in files.</param>
    public BenchReport Run(BenchReport report, ILogStore files)
    {
        var watch = Stopwatch.StartNew();
        var memory = new MemoryLogStore();
        Fill(memory);
        Fill(files);
        var filled = watch.Elapsed.TotalSeconds;
        var (inMemory, scan) = Measure(memory);
        var (inFiles, _) = Measure(files);
        var measured = report with
        {
            RecoveryRecordsPerSecond = inMemory,
            RecoveryRecordsPerSecondScan = scan,
            RecoveryRecordsPerSecondFile = inFiles,
        };
        return measured.With(new MeasuredPhase(
            "recovery", filled, watch.Elapsed.TotalSeconds - filled, _batch, _records, $"the best of {StartsMeasured} starts on {Bytes(memory)} of log"));
    }

    // As many as a call of the peak phases leaves to each shard.
    private static int BatchOf(BenchOptions options) => Math.Max(1, options.Batch / BenchCluster.Topology.ShardCount);

    private static string Bytes(MemoryLogStore store) => $"{store.List().Sum(store.Length) >> 20} MiB";

    private void Fill(ILogStore store)
    {
        ReplicaStore.Found(store, Place, [.. BenchCluster.Topology.Replicas.Select(replica => new Voter(replica, new StoreId((ulong)replica.Number + 1)))], Own);
        var log = SegmentedLog.Open(store, Place.Region, Place.Shard);
        var batches = new OriginBatches(_batch, envelope =>
        {
            cancellation.ThrowIfCancellationRequested();
            log.Append(envelope);
        })
        { Index = log.LastIndex };
        var contents = new ShardContents(options.LoadItems, DateTimeOffset.UtcNow.AddHours(-1).ToUnixTimeMilliseconds(), options.Seed);
        contents.WritePopular(batches, _records + _batch);
        log.Flush();
    }

    private (double Started, double Opened) Measure(ILogStore store)
    {
        var (opening, starting) = (TimeSpan.MaxValue, TimeSpan.MaxValue);
        for (var i = 0; i <= StartsMeasured; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            GC.Collect();
            var watch = Stopwatch.StartNew();
            var opened = ReplicaStore.Open(store, Place, isSingle: false, new StoreId(9));
            var open = watch.Elapsed;
            var replica = Start(opened);
            var start = watch.Elapsed;
            MustHoldAll(replica);
            // The first one warms up.
            if (i > 0)
                (opening, starting) = (Least(opening, open), Least(starting, start));
        }
        return (_records / starting.TotalSeconds, _records / opening.TotalSeconds);
    }

    private static TimeSpan Least(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static ShardReplica Start(ReplicaStore store)
    {
        var tenants = new NodeDirectory(new Dictionary<TenantId, SignalSchema> { [BenchCluster.Tenant] = BenchCluster.Schema });
        var self = new Address(Place.Region, Place.Shard, default);
        var replica = new ShardReplica(new ReplicaSettings(self, BenchCluster.Topology, WithoutCheckpoints, tenants, Seed: 1), store);
        replica.Start(new ClockReading(0, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()));
        return replica;
    }

    // The last batch is not known to be committed: its successor would say so.
    private void MustHoldAll(ShardReplica replica)
    {
        var held = replica.State.TenantOf(BenchCluster.Tenant).SignalRecords;
        if (held != _records)
            throw new InvalidOperationException($"A start on {_records} records has applied {held}.");
    }
}

using System.Diagnostics;
using Tidal.Placement;
using Tidal.Replication;
using Tidal.Schema;

namespace Tidal.Cli;

/// <summary>
/// How long a shard takes no writes after its primary died: primaries are stopped under load, without a word, and writes to their
/// shards are sent every few milliseconds from then on. The time is from the order to stop until the first of those is acknowledged.
/// </summary>
/// <param name="options">How often, and under how much load.</param>
/// <param name="cancellation">Interrupts it.</param>
internal sealed class FailoverBench(BenchOptions options, CancellationToken cancellation)
{
    private const int LanesARegion = 16;
    private const int SignalsACall = 25;
    private const int RateMax = 5_000;

    private static readonly TimeSpan ProbeEvery = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    /// <summary>Measures.</summary>
    /// <param name="report">What was measured before.</param>
    public BenchReport Run(BenchReport report)
    {
        using var host = BenchHost.Start(options, inFiles: false, cancellation);
        var rate = Math.Min(RateMax, options.Rate);
        var load = host.NewLoad(LanesARegion, SignalsACall);
        load.RunOpen(rate, options.WarmUpSeconds, null);
        using var over = new CancellationTokenSource();
        var watch = Stopwatch.StartNew();
        var underLoad = Task.Factory.StartNew(
            () => load.RunOpen(rate, 0, null, over.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        var probed = new List<AcknowledgedSignal>();
        List<double> failovers;
        try
        {
            failovers = [.. Enumerable.Range(0, options.Failovers).Select(number => FailOver(host, PlaceOf(number), probed))];
        }
        finally
        {
            over.Cancel();
            underLoad.GetAwaiter().GetResult();
        }
        // Now that the load's thread has ended.
        foreach (var signal in probed)
            host.Ledger.Add(signal);
        var note = $"primaries stopped, one after the other, under {Wording.Count(rate, "signal")} a second";
        return (report with { Failovers = failovers })
            .With(new MeasuredPhase("failover", options.WarmUpSeconds, watch.Elapsed.TotalSeconds, SignalsACall, options.Failovers, note)).With(host.Audit());
    }

    private static (RegionId Region, ShardId Shard) PlaceOf(int number) =>
        (new RegionId((ushort)(number % BenchCluster.Topology.RegionCount)), new ShardId((ushort)(number % BenchCluster.Topology.ShardCount)));

    private double FailOver(BenchHost host, (RegionId Region, ShardId Shard) place, List<AcknowledgedSignal> probed)
    {
        cancellation.ThrowIfCancellationRequested();
        var probes = new Probes(host, place.Region, place.Shard);
        // The probing itself is warm, and its session known, before anything fails.
        probes.Send();
        probes.WaitForAll();
        var primary = WaitForPrimary(host, place.Region, place.Shard);
        var begin = Stopwatch.GetTimestamp();
        host.Cluster.Stop(primary);
        var answered = probes.SendUntilAnswered(cancellation);
        var seconds = Stopwatch.GetElapsedTime(begin, answered).TotalSeconds;
        host.Cluster.Start(primary);
        probes.WaitForAll();
        probed.AddRange(probes.Acknowledged);
        WaitUntilBack(host, primary);
        return seconds;
    }

    private static Address WaitForPrimary(BenchHost host, RegionId region, ShardId shard)
    {
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < Timeout)
        {
            if (host.Cluster.PrimaryOf(region, shard) is { } primary)
                return primary;
            Thread.Sleep(1);
        }
        throw new TimeoutException($"{region}, {shard} has no primary.");
    }

    // One of three may be gone at a time.
    private static void WaitUntilBack(BenchHost host, Address place)
    {
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < Timeout)
        {
            if (host.Cluster.InspectAsync(place, replica => replica?.Raft.IsVoter == true).GetAwaiter().GetResult() && host.Watch.IsLevelAt(place))
                return;
            Thread.Sleep(10);
        }
        throw new TimeoutException($"{place} has not come level.");
    }

    /// <summary>Writes to one shard, a signal each.</summary>
    private sealed class Probes(BenchHost host, RegionId region, ShardId shard)
    {
        // As many as a session may have outstanding.
        private const int OutstandingMax = 60;

        private readonly ClientSession _session = new(BenchCalls.OpenSession(host.Cluster, region));
        private readonly LoadSource _source = new(host.Ledger, host.Cluster.Router, seed: 0);
        private readonly List<(AcknowledgedSignal Signal, WriteCall Call)> _sent = [];
        private readonly Lock _lock = new();
        private long _answeredAt;
        private int _outstanding;

        public IEnumerable<AcknowledgedSignal> Acknowledged => _sent.Select(probe => probe.Signal);

        public void Send()
        {
            _source.ReadClock();
            var signal = _source.NextIn(shard);
            Interlocked.Increment(ref _outstanding);
            var call = new WriteCall
            {
                Tenant = BenchCluster.Tenant,
                Record = _source.RecordOf(signal, _session.NextOperation(BenchCluster.Tenant, shard)),
                Completed = Completed,
            };
            _sent.Add((signal, call));
            host.Cluster.Begin(region, call);
        }

        public long SendUntilAnswered(CancellationToken cancellation)
        {
            lock (_lock)
                _answeredAt = 0;
            var watch = Stopwatch.StartNew();
            while (watch.Elapsed < Timeout)
            {
                if (Volatile.Read(ref _answeredAt) is var answered and not 0)
                    return answered;
                if (Volatile.Read(ref _outstanding) < OutstandingMax)
                    Send();
                cancellation.WaitHandle.WaitOne(ProbeEvery);
                cancellation.ThrowIfCancellationRequested();
            }
            throw new TimeoutException($"{region}, {shard} takes no writes.");
        }

        // What was refused or is unknown is written again, until it is acknowledged: it may be in a log.
        public void WaitForAll()
        {
            for (var place = 0; place < _sent.Count; place++)
            {
                var (signal, call) = _sent[place];
                SpinWait.SpinUntil(() => call.IsCompleted, Timeout);
                while (call.Result?.Outcome != Replication.WriteOutcomeKind.Acknowledged)
                {
                    var before = call;
                    Thread.Sleep(ProbeEvery);
                    call = BenchCalls.Wait(host.Cluster, region, completed => before.Retry(completed));
                    _sent[place] = (signal, call);
                }
            }
        }

        private void Completed(ClientCall call)
        {
            Interlocked.Decrement(ref _outstanding);
            if (((WriteCall)call).Result!.Outcome != Replication.WriteOutcomeKind.Acknowledged)
                return;
            lock (_lock)
            {
                if (_answeredAt == 0)
                    _answeredAt = Stopwatch.GetTimestamp();
            }
        }
    }
}

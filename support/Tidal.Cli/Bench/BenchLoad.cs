using System.Diagnostics;
using Tidal.Hosting;
using Tidal.Testing;

namespace Tidal.Cli;

/// <summary>
/// A load on a cluster from this process: clients in every region, each with a session and one call of many signals under way at a
/// time. What is refused for now, or unknown, is tried again under its operation id. Driven by one thread.
/// </summary>
internal sealed class BenchLoad
{
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan StallTimeout = TimeSpan.FromSeconds(60);

    private readonly TidalCluster _cluster;
    private readonly LoadLedger _ledger;
    private readonly LoadSource _source;
    private readonly List<LoadLane> _lanes = [];
    private readonly Queue<LoadLane> _ended = [];
    private readonly SortedDictionary<string, int> _retries = new(StringComparer.Ordinal);
    private readonly CancellationToken _cancellation;

    /// <summary>A load; its clients' sessions are opened.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="ledger">Where what is acknowledged is noted.</param>
    /// <param name="source">Where signals come from.</param>
    /// <param name="lanes">Clients a region.</param>
    /// <param name="batch">Signals a call.</param>
    /// <param name="cancellation">Interrupts it.</param>
    public BenchLoad(TidalCluster cluster, LoadLedger ledger, LoadSource source, int lanes, int batch, CancellationToken cancellation)
    {
        (_cluster, _ledger, _source, _cancellation) = (cluster, ledger, source, cancellation);
        foreach (var region in cluster.Topology.Regions)
        {
            for (var lane = 0; lane < lanes; lane++)
                _lanes.Add(new LoadLane(region, BenchCalls.OpenSession(cluster, region), batch, Ended));
        }
    }

    /// <summary>How many calls were made again, and why.</summary>
    public string Retries
    {
        get
        {
            var why = string.Join(", ", _retries.Select(reason => $"{reason.Value} {reason.Key}"));
            return $"{Wording.Count(_retries.Values.Sum(), "call")} made again{(why.Length == 0 ? "" : $" ({why})")}";
        }
    }

    /// <summary>Writes as fast as the clients are answered.</summary>
    /// <param name="seconds">For how long.</param>
    /// <param name="signalsMax">The most signals acknowledged, all in all.</param>
    public void RunClosed(double seconds, long signalsMax)
    {
        var end = Stopwatch.GetTimestamp() + (long)(seconds * Stopwatch.Frequency);
        var underWay = 0;
        foreach (var lane in _lanes)
            underWay += Send(lane, Stopwatch.GetTimestamp());
        while (underWay > 0)
        {
            if (!TryTakeEnded(out var lane, long.MaxValue) || IsTriedAgain(lane))
                continue;
            underWay--;
            if (Stopwatch.GetTimestamp() < end && _ledger.Count < signalsMax)
                underWay += Send(lane, Stopwatch.GetTimestamp());
        }
    }

    /// <summary>Writes at a rate that is fixed beforehand, whatever the answers do.</summary>
    /// <param name="rate">Signals a second, over all regions.</param>
    /// <param name="seconds">For how long.</param>
    /// <param name="times">From when each signal was meant to be sent to its acknowledgement, in microseconds; null for nobody.</param>
    /// <param name="until">Ends it earlier when cancelled.</param>
    public void RunOpen(int rate, double seconds, Histogram? times, CancellationToken until = default)
    {
        var free = new Queue<LoadLane>[_cluster.Topology.RegionCount];
        foreach (var region in _cluster.Topology.Regions)
            free[region.Ordinal] = new Queue<LoadLane>(_lanes.Where(lane => lane.Region == region));
        var batch = _lanes[0].BatchSize;
        var calls = until.CanBeCanceled ? long.MaxValue : (long)(rate * seconds / batch);
        var (begin, made, underWay) = (Stopwatch.GetTimestamp(), 0L, 0);
        while (underWay > 0 || (made < calls && !until.IsCancellationRequested))
        {
            var meantAt = begin + (long)((double)made * batch / rate * Stopwatch.Frequency);
            var mayBegin = made < calls && !until.IsCancellationRequested;
            // The regions take turns; a call whose region has no free client waits for one, and its wait counts.
            var lanes = free[made % free.Length];
            if (mayBegin && meantAt <= Stopwatch.GetTimestamp() && lanes.TryDequeue(out var lane))
            {
                underWay += Send(lane, meantAt);
                made++;
                continue;
            }
            if (TryTakeEnded(out var ended, mayBegin && lanes.Count > 0 ? meantAt : long.MaxValue) && !IsTriedAgain(ended))
            {
                underWay--;
                times?.Add((long)Stopwatch.GetElapsedTime(ended.MeantAt, ended.CompletedAt).TotalMicroseconds, batch);
                free[ended.Region.Ordinal].Enqueue(ended);
            }
        }
    }

    private int Send(LoadLane lane, long meantAt)
    {
        _source.ReadClock();
        _cluster.Begin(lane.Region, lane.Fill(_source, meantAt));
        return 1;
    }

    private bool IsTriedAgain(LoadLane lane)
    {
        var why = lane.Call!.IsAcknowledged ? null : lane.WhyNotAcknowledged();
        if (lane.Settle(_ledger) is not { } retry)
            return false;
        _retries[why!] = _retries.GetValueOrDefault(why!) + 1;
        _cancellation.WaitHandle.WaitOne(RetryPause);
        _cluster.Begin(lane.Region, retry);
        return true;
    }

    // On a gateway's thread.
    private void Ended(LoadLane lane)
    {
        lock (_ended)
        {
            _ended.Enqueue(lane);
            Monitor.Pulse(_ended);
        }
    }

    private bool TryTakeEnded(out LoadLane lane, long until)
    {
        lock (_ended)
        {
            _cancellation.ThrowIfCancellationRequested();
            if (_ended.Count == 0 && TimeUntil(until) is var time && time > TimeSpan.Zero && !Monitor.Wait(_ended, time) && time == StallTimeout)
                throw new TimeoutException($"No call was answered for {Wording.Span(StallTimeout)}.");
            return _ended.TryDequeue(out lane!);
        }
    }

    private static TimeSpan TimeUntil(long timestamp)
    {
        var ticks = timestamp - Stopwatch.GetTimestamp();
        if (ticks <= 0)
            return TimeSpan.Zero;
        // A wait of part of a millisecond would be none at all.
        var time = TimeSpan.FromSeconds((double)ticks / Stopwatch.Frequency);
        return time > StallTimeout ? StallTimeout : TimeSpan.FromMilliseconds(Math.Ceiling(time.TotalMilliseconds));
    }
}

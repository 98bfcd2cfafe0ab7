using System.Collections.Concurrent;
using Tidal.Log;
using Tidal.Placement;
using Tidal.Replication;
using Tidal.Schema;

namespace Tidal.Testing.RealTime;

/// <summary>
/// An open loop of signals: so many a second are due, whatever becomes of those before, and each is sent when it is due to the gateway of one
/// region after the other, many in one call. What is refused or unknown is sent again to the same region, under its operation
/// id. Latency is counted from when a signal was due (no coordinated omission). It runs on a thread of its own; what clients are
/// told goes into the cluster's ledger on the thread that lets time pass, for which the members are.
/// </summary>
public sealed class SignalLoad : IDisposable
{
    private readonly RealTimeCluster _cluster;
    private readonly SignalLoadOptions _options;
    private readonly LoadedRegion[] _regions;
    private readonly ConcurrentQueue<(LoadedRegion Region, LoadedCall Call)> _completed = new();
    private readonly PriorityQueue<(LoadedRegion Region, LoadedCall Call), long> _retries = new();
    private readonly DeterministicRandom _random;
    private readonly Thread _thread;
    private readonly List<int> _acceptedBySecond = [];
    private long _began;
    private long _due;
    private long _sent;
    private long _outstanding;
    private long _endAt = long.MaxValue;
    private volatile bool _isOver;
    private Exception? _failure;

    /// <summary>Opens the sessions; nothing is sent before <see cref="Begin"/>.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="options">What is sent.</param>
    public SignalLoad(RealTimeCluster cluster, SignalLoadOptions options)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        ArgumentNullException.ThrowIfNull(options);
        (_cluster, _options) = (cluster, options);
        _random = new DeterministicRandom(EntityHash.Mix(options.Seed));
        _thread = new Thread(Run) { Name = "load", IsBackground = true };
        _regions = [.. cluster.Topology.Regions.Select(region => new LoadedRegion(region))];
        var sessions = _regions.SelectMany(region => Enumerable.Range(0, options.SessionsPerRegion).Select(_ => OpenAsync(region))).ToArray();
        cluster.Await(Task.WhenAll(sessions), TimeSpan.FromSeconds(30));
    }

    /// <summary>How many a second were sent, from the beginning to the end.</summary>
    public double OfferedPerSecond => Interlocked.Read(ref _sent) / LastedSeconds;

    /// <summary>How many were acknowledged by the end, a second.</summary>
    public double AcceptedPerSecond { get; private set; }

    /// <summary>How many were acknowledged in all.</summary>
    public long Accepted { get; private set; }

    /// <summary>Tries that were made again.</summary>
    public long Retried { get; private set; }

    /// <summary>Signals that were refused for good, the first one in words.</summary>
    public (long Number, string? First) Refused { get; private set; }

    /// <summary>How many were acknowledged in each whole second.</summary>
    public IReadOnlyList<int> AcceptedBySecond => _acceptedBySecond;

    /// <summary>From when a signal was due to when its client was told, to the millisecond.</summary>
    public Histogram Latency { get; } = new();

    /// <summary>How long it lasted.</summary>
    public TimeSpan Lasted => TimeSpan.FromSeconds(LastedSeconds);

    /// <summary>How many signals are sent and have no outcome, or wait to be sent again.</summary>
    public long Outstanding => Interlocked.Read(ref _outstanding);

    private double LastedSeconds => (Math.Min(_cluster.NowMicroseconds, Interlocked.Read(ref _endAt)) - _began) / 1e6;

    /// <summary>Begins to send.</summary>
    public void Begin()
    {
        _began = _cluster.NowMicroseconds;
        _thread.Start();
    }

    /// <summary>Nothing more is due; waits until every signal has its outcome.</summary>
    /// <param name="bound">The longest wait.</param>
    /// <exception cref="TimeoutException">A signal has none.</exception>
    public void End(TimeSpan bound)
    {
        Interlocked.Exchange(ref _endAt, _cluster.NowMicroseconds);
        var isOver = _cluster.RunUntil(() => _isOver, bound);
        if (_failure is not null)
            throw new InvalidOperationException("The load has failed.", _failure);
        if (!isOver)
            throw new TimeoutException($"{Outstanding} signals have no outcome {bound} after the load has ended.");
        _cluster.Run(TimeSpan.FromMilliseconds(1));
        AcceptedPerSecond = _acceptedBySecond.Sum() / LastedSeconds;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Interlocked.CompareExchange(ref _endAt, 0, long.MaxValue);
        _isOver = true;
        if (_thread.IsAlive)
            _thread.Join();
    }

    private async Task<WriteCall> OpenAsync(LoadedRegion region)
    {
        var open = LogRecord.ForSession(default, default, _cluster.Now.ToUnixTimeMilliseconds(), SessionAction.Open);
        var call = await _cluster.NewClient(region.Region, _options.Tenant).WriteAsync(open, _options.RetryPause).ConfigureAwait(false);
        region.Sessions.Push(new ClientSession(call.Result!.Session));
        return call;
    }

    private void Run()
    {
        try
        {
            while (!_isOver)
            {
                var now = _cluster.NowMicroseconds;
                TakeCompleted(now);
                Retry(now);
                MakeDue(Math.Min(now, Interlocked.Read(ref _endAt)));
                foreach (var region in _regions)
                    Send(region, now);
                if (now >= Interlocked.Read(ref _endAt) && Outstanding == 0 && _regions.All(region => region.Waiting.Count == 0))
                    _isOver = true;
                Thread.Sleep(1);
            }
        }
        catch (Exception failure)
        {
            _failure = failure;
            _isOver = true;
        }
    }

    /// <summary>What is due by now waits to be sent: the n-th signal n parts of a second after the beginning.</summary>
    private void MakeDue(long now)
    {
        for (var due = (now - _began) * _options.PerSecond / 1_000_000; _due < due; _due++)
        {
            var at = _began + _due * 1_000_000 / _options.PerSecond;
            var region = _regions[_due % _regions.Length];
            if (region.Waiting.Count == 0)
                region.OldestWaiting = at;
            region.Waiting.Enqueue(LogRecord.Signal(
                default, default, _cluster.Options.Start.ToUnixTimeMilliseconds() + at / 1000,
                Any(_options.Items), Any(_options.Users), Any(_options.Signals)));
        }
    }

    // While many calls are without an answer, the next ones carry more.
    private void Send(LoadedRegion region, long now)
    {
        var isScarce = region.Sessions.Count < _options.SessionsPerRegion / 4;
        var wanted = isScarce ? _options.SignalsPerCallMax : 1;
        while (region.Waiting.Count >= wanted && region.Sessions.Count > 0
            && (isScarce || now - region.OldestWaiting >= _options.GatherFor.TotalMicroseconds || now >= Interlocked.Read(ref _endAt)))
            SendCall(region, region.Sessions.Pop(), now);
    }

    private void SendCall(LoadedRegion region, ClientSession session, long now)
    {
        var records = new LogRecord[Math.Min(region.Waiting.Count, _options.SignalsPerCallMax)];
        for (var index = 0; index < records.Length; index++)
        {
            var record = region.Waiting.Dequeue();
            records[index] = record with { Operation = session.NextOperation(_options.Tenant, _cluster.Router.ShardOf(_options.Tenant, record)) };
        }
        region.OldestWaiting = now;
        Interlocked.Add(ref _sent, records.Length);
        Interlocked.Add(ref _outstanding, records.Length);
        var call = new LoadedCall(session);
        call.Batch = new WriteBatchCall(records) { Tenant = _options.Tenant, Completed = _ => _completed.Enqueue((region, call.CompletedAt(_cluster.NowMicroseconds))) };
        _cluster.BeginOutside(region.Region, call.Batch);
    }

    private void TakeCompleted(long now)
    {
        while (_completed.TryDequeue(out var completed))
        {
            var (region, call) = completed;
            var batch = call.Batch!;
            var again = batch.Retry(_ => _completed.Enqueue((region, call.CompletedAt(_cluster.NowMicroseconds))));
            var at = call.At;
            _cluster.Post(() => PutDown(batch, at));
            Interlocked.Add(ref _outstanding, (again?.Records.Length ?? 0) - batch.Records.Length);
            if (again is null)
            {
                region.Sessions.Push(call.Session);
                continue;
            }
            call.Batch = again;
            _retries.Enqueue((region, call), now + (long)_options.RetryPause.TotalMicroseconds);
        }
    }

    private void Retry(long now)
    {
        while (_retries.TryPeek(out var next, out var at) && at <= now)
        {
            _retries.Dequeue();
            _cluster.BeginOutside(next.Region.Region, next.Call.Batch!);
        }
    }

    // On the thread that lets time pass.
    private void PutDown(WriteBatchCall batch, long at)
    {
        var start = _cluster.Options.Start.ToUnixTimeMilliseconds();
        for (var index = 0; index < batch.Records.Length; index++)
        {
            var (record, result) = (batch.Records[index], batch.ResultOf(index));
            _cluster.Ledger.Told(batch.Tenant, _cluster.Router.ShardOf(batch.Tenant, record), record, result);
            if (result.Outcome == WriteOutcomeKind.Acknowledged)
                Latency.Add(at - (record.EventTimeMilliseconds - start) * 1000);
            else if (result.MayBeRetried)
                Retried++;
            else
                Refused = (Refused.Number + 1, Refused.First ?? $"{result}");
        }
        Accept(batch.AcknowledgedCount, at);
    }

    private void Accept(int number, long at)
    {
        Accepted += number;
        if (at > Interlocked.Read(ref _endAt))
            return;
        var second = (int)((at - _began) / 1_000_000);
        while (_acceptedBySecond.Count <= second)
            _acceptedBySecond.Add(0);
        _acceptedBySecond[second] += number;
    }

    private T Any<T>(IReadOnlyList<T> of) => of[(int)_random.Next(0, of.Count)];

    /// <summary>A region's sessions that have no call under way, and what waits for one.</summary>
    private sealed class LoadedRegion(RegionId region)
    {
        public RegionId Region { get; } = region;

        public Stack<ClientSession> Sessions { get; } = new();

        public Queue<LogRecord> Waiting { get; } = new();

        public long OldestWaiting { get; set; }
    }

    /// <summary>A call under way.</summary>
    private sealed class LoadedCall(ClientSession session)
    {
        public ClientSession Session { get; } = session;

        public WriteBatchCall? Batch { get; set; }

        public long At { get; private set; }

        public LoadedCall CompletedAt(long microseconds)
        {
            At = microseconds;
            return this;
        }
    }
}

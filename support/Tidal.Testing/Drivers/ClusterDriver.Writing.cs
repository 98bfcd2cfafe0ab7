using Tidal.Log;
using Tidal.Placement;
using Tidal.Replication;
using Tidal.Schema;

namespace Tidal.Testing.Drivers;

/// <summary>Signals of one kind, as a table of a feature has them.</summary>
/// <param name="Region">The region that accepts them.</param>
/// <param name="User">Whose they are.</param>
/// <param name="Signal">The signal type's name.</param>
/// <param name="Item">What they are for.</param>
/// <param name="Number">How many.</param>
/// <param name="HappenedAt">When they happened; null for now.</param>
public sealed record SignalsSent(string Region, string User, string Signal, string Item, int Number, string? HappenedAt = null);

// Writes, as the features' users make them.
public sealed partial class ClusterDriver
{
    /// <summary>How many signals are sent before the first is waited for: less than a session may have outstanding.</summary>
    private const int SentAtOnce = 50;

    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(100);

    private Task<WriteCall>? _pending;
    private WriteCall? _lastSignal;

    /// <summary>The last try of a signal or of taking one back, once its outcome is there.</summary>
    public WriteCall? LastTry
    {
        get;
        private set
        {
            field = value;
            WhyRefused = value?.Result?.Problem;
            if (value is { Record.Kind: RecordKind.Signal })
                _lastSignal = value;
        }
    }

    /// <summary>Writes item records, and waits until every region has them.</summary>
    /// <param name="items">Item, home region and attributes.</param>
    public void AddItems(IEnumerable<(string Item, string Home, Dictionary<string, string> Attributes)> items)
    {
        ArgumentNullException.ThrowIfNull(items);
        foreach (var (item, home, attributes) in items)
        {
            Notes.AddItem(Tenant, new ItemId(item));
            WriteAcknowledged(home, LogRecord.ForItem(default, default, NowMilliseconds, new ItemId(item), Region(home), AttributeValue.AllOf(attributes)));
        }
        BecomeQuiet();
    }

    /// <summary>Sets the locale of users, and waits until every region has it.</summary>
    /// <param name="users">User and locale.</param>
    public void AddUsers(IEnumerable<(string User, string Locale)> users)
    {
        ArgumentNullException.ThrowIfNull(users);
        var region = Cluster.Topology.NameOf(Cluster.Topology.Regions.First());
        foreach (var (user, locale) in users)
            WriteAcknowledged(region, LogRecord.ForUser(default, default, NowMilliseconds, new UserId(user), [new AttributeValue("locale", locale)]));
        BecomeQuiet();
    }

    /// <summary>Whether signals that are sent at the same time are sent in one call, rather than each by itself.</summary>
    public bool SendsTogether { get; set; }

    /// <summary>Sends signals; each must be acknowledged, at its first try unless what is not is sent again.</summary>
    /// <param name="signals">The signals.</param>
    /// <param name="retries">Whether what is not acknowledged is sent again.</param>
    public void Send(SignalsSent signals, bool retries = false) => Send(signals, retries ? WriteAsync : TryWriteAsync);

    private Task<WriteCall[]> TryWriteAsync(ClusterClient client, LogRecord[] records) => SendsTogether
        ? LastTriesOf(async () => [await client.TryWriteAsync(records).ConfigureAwait(false)])
        : Task.WhenAll(records.Select(client.TryWriteAsync));

    private Task<WriteCall[]> WriteAsync(ClusterClient client, LogRecord[] records) => SendsTogether
        ? LastTriesOf(() => client.WriteAsync(records, RetryPause))
        : Task.WhenAll(records.Select(record => client.WriteAsync(record, RetryPause)));

    /// <summary>Sends one signal, and waits for its outcome, whatever it is.</summary>
    /// <param name="signal">The signal.</param>
    /// <param name="happensIn">How far ahead of now it says it happens.</param>
    public void TrySend(SignalsSent signal, TimeSpan happensIn = default)
    {
        ArgumentNullException.ThrowIfNull(signal);
        var record = RecordOf(signal);
        record = record with { EventTimeMilliseconds = record.EventTimeMilliseconds + (long)happensIn.TotalMilliseconds };
        LastTry = Cluster.Await(ClientIn(signal.Region).TryWriteAsync(record), Patience);
    }

    /// <summary>Sends one signal, and lets time pass until the cluster has come so far with it.</summary>
    /// <param name="signal">The signal.</param>
    /// <param name="isFarEnough">Looks at the primary of its shard.</param>
    public void SendUntil(SignalsSent signal, Func<ShardReplica, bool> isFarEnough)
    {
        ArgumentNullException.ThrowIfNull(signal);
        var primary = Cluster.Look(() => PrimaryOf(signal.Item, signal.Region));
        _pending = ClientIn(signal.Region).TryWriteAsync(RecordOf(signal));
        if (!Cluster.RunUntil(() => isFarEnough(primary), TimeSpan.FromMilliseconds(50)) || _pending.IsCompleted)
            throw new InvalidOperationException("The signal did not come so far before it was answered.");
    }

    /// <summary>What became of the last try; of a signal that was left under way its client learns only now.</summary>
    /// <exception cref="InvalidOperationException">Nothing was tried.</exception>
    public WriteResult Outcome()
    {
        if (_pending is { } pending)
            (LastTry, _pending) = (Cluster.Await(pending, Patience), null);
        return LastTry?.Result ?? throw new InvalidOperationException("Nothing was tried.");
    }

    /// <summary>Sends the last signal again under the same operation id, in one region after the other, until each has acknowledged it or says that it will not.</summary>
    /// <param name="regions">The regions.</param>
    public void SendAgain(IEnumerable<string> regions)
    {
        ArgumentNullException.ThrowIfNull(regions);
        foreach (var region in regions)
        {
            var again = Cluster.Await(ClientIn(region).TryAgainAsync(LastSignalInOwnName), Patience);
            LastTry = Cluster.Await(ClientIn(region).RetryAsync(again, RetryPause), Patience);
        }
    }

    /// <summary>Takes the last signal back, once in each region, by users who do not know of each other.</summary>
    /// <param name="regions">The regions.</param>
    public void TakeBack(IEnumerable<string> regions)
    {
        ArgumentNullException.ThrowIfNull(regions);
        foreach (var region in regions)
            LastTry = Cluster.Await(ClientIn(region).TryWriteAsync(LogRecord.Retraction(default, LastSignal.Record)), Patience);
    }

    /// <summary>Ends the session of the client in a region.</summary>
    /// <param name="region">The region.</param>
    /// <exception cref="InvalidOperationException">Not every shard has ended it.</exception>
    public void EndSession(string region)
    {
        var ended = Cluster.Await(ClientIn(region).EndSessionAsync(), Patience);
        if (ended.Outcome != WriteOutcomeKind.Acknowledged)
            throw new InvalidOperationException($"The session in {region} has not ended: {ended}.");
    }

    private WriteCall LastSignal => _lastSignal ?? throw new InvalidOperationException("No signal was sent before.");

    /// <summary>How long the last signals took, from the first sent to the last acknowledged.</summary>
    public TimeSpan LastSendingTook { get; private set; }

    /// <summary>When the last of the last signals was acknowledged.</summary>
    public TimeSpan LastSendingEnded { get; private set; }

    /// <summary>Tries of signals that clients had to make again.</summary>
    public long Retries => _clients.Values.Sum(client => client.Retries);

    private long NowMilliseconds => Cluster.Now.ToUnixTimeMilliseconds();

    private void Send(SignalsSent signals, Func<ClusterClient, LogRecord[], Task<WriteCall[]>> write)
    {
        ArgumentNullException.ThrowIfNull(signals);
        var client = ClientIn(signals.Region);
        var began = Cluster.Elapsed;
        EnterSession(signals.User, client);
        for (var sent = 0; sent < signals.Number; sent += SentAtOnce)
        {
            var records = Enumerable.Range(0, Math.Min(SentAtOnce, signals.Number - sent)).Select(_ => RecordOf(signals)).ToArray();
            foreach (var call in Cluster.Await(write(client, records), Patience))
                MustBeAcknowledged(LastTry = call);
        }
        LeaveSession(signals.User, client);
        LastSendingEnded = Cluster.Elapsed;
        (var before, LastSendingTook) = (LastSendingTook, LastSendingEnded - began);
        LastSendingTookLonger = LastSendingTook - before;
    }

    // What was sent again stands in a later call.
    private static async Task<WriteCall[]> LastTriesOf(Func<Task<IReadOnlyList<WriteBatchCall>>> write) =>
        [.. (await write().ConfigureAwait(false)).SelectMany(call => Enumerable.Range(0, call.Records.Length).Select(call.TryOf)).GroupBy(tried => tried.Record.Operation).Select(tries => tries.Last())];

    private void WriteAcknowledged(string region, LogRecord record) =>
        MustBeAcknowledged(Cluster.Await(ClientIn(region).WriteAsync(record, RetryPause), Patience));

    private static void MustBeAcknowledged(WriteCall call)
    {
        if (call.Result!.Outcome != WriteOutcomeKind.Acknowledged)
            throw new InvalidOperationException($"The write of {call.Record.Kind} {call.Record.Operation} was not acknowledged: {call.Result}.");
    }

    private LogRecord RecordOf(SignalsSent signals)
    {
        Notes.AddItem(Tenant, new ItemId(signals.Item));
        return LogRecord.Signal(
            default,
            default,
            signals.HappenedAt is { } time ? TimeOf(time).ToUnixTimeMilliseconds() : NowMilliseconds,
            new ItemId(signals.Item),
            new UserId(signals.User),
            SignalNamed(signals.Signal));
    }
}

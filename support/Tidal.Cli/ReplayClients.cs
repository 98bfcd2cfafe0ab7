using Tidal.Log;
using Tidal.Placement;
using Tidal.Schema;
using Tidal.Testing;

namespace Tidal.Cli;

/// <summary>
/// The clients of a replay, one in each region. A row is played in the order that its writes depend on each other: the
/// item's record before its first signal, the user's locale, where the region holds another, before the signal.
/// </summary>
internal sealed class ReplayClients
{
    /// <summary>The item attribute that names who edited it first, as a page's creator.</summary>
    public const string CreatorAttribute = Query.RetrievePlan.CreatorAttribute;

    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(100);

    private readonly SimulatedCluster _cluster;
    private readonly Dictionary<string, ClusterClient> _clients;
    private readonly Dictionary<string, Task> _items = [];
    private readonly Dictionary<string, Task> _users = [];
    private readonly Dictionary<string, string> _creators = [];
    private readonly Dictionary<(RegionId, ShardId), Action> _waiting = [];
    private readonly int[,] _unanswered;
    private readonly int _duplicateEvery;
    private int _signalsBegun;

    public ReplayClients(SimulatedCluster cluster, int duplicateEvery)
    {
        _cluster = cluster;
        _duplicateEvery = duplicateEvery;
        _clients = ReplayCluster.Regions.ToDictionary(name => name, name => cluster.NewClient(cluster.Topology.Region(name)));
        _unanswered = new int[cluster.Topology.RegionCount, cluster.Topology.ShardCount];
    }

    /// <summary>Tries made again.</summary>
    public long Retries => _clients.Values.Sum(client => client.Retries) - SentTwice;

    /// <summary>Signals sent twice, the second time to another region.</summary>
    public long SentTwice { get; private set; }

    /// <summary>Signals that were stamped with another cohort than their row names.</summary>
    public long OtherCohorts { get; private set; }

    /// <summary>The client in a region.</summary>
    public ClusterClient In(string region) => _clients[region];

    /// <summary>Who edited an item first.</summary>
    public string CreatorOf(string item) => _creators[item];

    /// <summary>Signals sent to a shard in a region and not yet answered.</summary>
    public int Unanswered(RegionId region, ShardId shard) => _unanswered[region.Ordinal, shard.Number];

    /// <summary>Calls back, once, when the next signal to a shard in a region begins.</summary>
    public void WhenSignalBegins(RegionId region, ShardId shard, Action begins) =>
        _waiting[(region, shard)] = _waiting.GetValueOrDefault((region, shard)) + begins;

    /// <summary>Plays a row; complete when its signal is acknowledged.</summary>
    public Task Play(SignalRow row)
    {
        // A user's rows follow each other, or the locale of one could be stamped on the next.
        var before = _users.GetValueOrDefault(row.User, Task.CompletedTask);
        return _users[row.User] = PlayAfter(before, row);
    }

    private async Task PlayAfter(Task before, SignalRow row)
    {
        await before.ConfigureAwait(false);
        await ItemIsThere(row).ConfigureAwait(false);
        await SetLocale(row).ConfigureAwait(false);
        await Signal(row).ConfigureAwait(false);
    }

    // Each row waits for the one before it, so that every task has one that waits for it: of several the runtime would hand
    // all but one to other threads.
    private Task ItemIsThere(SignalRow row) => _items[row.Item] =
        _items.TryGetValue(row.Item, out var before) ? Follow(before) : WriteItem(row);

    private static async Task Follow(Task before) => await before.ConfigureAwait(false);

    private Task<WriteCall> WriteItem(SignalRow row)
    {
        _creators[row.Item] = row.User;
        AttributeValue[] attributes = [new("wiki", row.Wiki), new(CreatorAttribute, row.User)];
        var item = LogRecord.ForItem(
            default, default, row.TimeMilliseconds, new ItemId(row.Item), _cluster.Topology.Region(row.HomeRegion), attributes);
        return In(row.Region).WriteAsync(item, RetryPause);
    }

    private async Task SetLocale(SignalRow row)
    {
        var user = new UserId(row.User);
        IReadOnlyList<CohortScope>? held = null;
        while (held is null)
            held = await In(row.Region).ReadCohortsAsync(user).ConfigureAwait(false);
        if (held is [{ } cohort] && cohort.Value == row.Locale)
            return;
        await In(row.Region).WriteAsync(
            LogRecord.ForUser(default, default, row.TimeMilliseconds, user, [new AttributeValue(ReplayCluster.CohortAttribute, row.Locale)]),
            RetryPause).ConfigureAwait(false);
    }

    private async Task Signal(SignalRow row)
    {
        var region = _cluster.Topology.Region(row.Region);
        var shard = _cluster.Router.ShardOf(TenantId.First, new ItemId(row.Item));
        _unanswered[region.Ordinal, shard.Number]++;
        if (_waiting.Remove((region, shard), out var begins))
            begins();
        var isSentTwice = _duplicateEvery > 0 && ++_signalsBegun % _duplicateEvery == 0;
        var call = await Write(row).ConfigureAwait(false);
        if (isSentTwice)
            await SendElsewhere(call, region).ConfigureAwait(false);
        _unanswered[region.Ordinal, shard.Number]--;
    }

    private async Task<WriteCall> Write(SignalRow row)
    {
        var signal = LogRecord.Signal(
            default, default, row.TimeMilliseconds, new ItemId(row.Item), new UserId(row.User), _cluster.Options.Schema.Signal(row.Signal).Id);
        var call = await In(row.Region).WriteAsync(signal, RetryPause).ConfigureAwait(false);
        if (call.Record.Cohorts is not [{ } cohort] || cohort.Value != row.Locale)
            OtherCohorts++;
        return call;
    }

    // As a client that has not heard the answer and goes on in the next region: what it sends there may or may not be known
    // there by then.
    private async Task SendElsewhere(WriteCall call, RegionId region)
    {
        SentTwice++;
        var next = _cluster.Topology.NameOf(new RegionId((ushort)((region.Ordinal + 1) % _cluster.Topology.RegionCount)));
        var again = await In(next).TryAgainAsync(call).ConfigureAwait(false);
        await In(next).RetryAsync(again, RetryPause).ConfigureAwait(false);
    }
}

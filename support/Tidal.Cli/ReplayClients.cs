using Tidal.Log;
using Tidal.Placement;
using Tidal.Query;
using Tidal.Schema;
using Tidal.Testing;

namespace Tidal.Cli;

/// <summary>
/// The clients of a replay, one of each tenant in each region. A row is played in the order that its writes depend on each other: the
/// item's record before its first signal, the user's locale, where the region holds another, before the signal.
/// </summary>
internal sealed class ReplayClients
{
    /// <summary>The item attribute that names who edited it first, as a page's creator.</summary>
    public const string CreatorAttribute = RetrievePlan.CreatorAttribute;

    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(100);

    private readonly SimulatedCluster _cluster;
    private readonly ReplayTenants _tenants;
    private readonly Dictionary<(string Region, TenantId Tenant), ClusterClient> _clients = [];
    private readonly Dictionary<string, Task> _items = [];
    private readonly Dictionary<(TenantId Tenant, string User), Task> _users = [];
    private readonly Dictionary<string, string> _creators = [];
    private readonly Dictionary<string, SortedSet<RankedItem>> _listed = [];
    private readonly Dictionary<(RegionId, ShardId), Action> _waiting = [];
    private readonly int[,] _unanswered;
    private readonly int _duplicateEvery;
    private int _signalsBegun;

    public ReplayClients(SimulatedCluster cluster, ReplayTenants tenants, int duplicateEvery)
    {
        _cluster = cluster;
        _tenants = tenants;
        _duplicateEvery = duplicateEvery;
        foreach (var (tenant, region) in from tenant in tenants.All from region in ReplayCluster.Regions select (tenant, region))
            _clients.Add((region, tenant), cluster.NewClient(cluster.Topology.Region(region), tenant));
        _unanswered = new int[cluster.Topology.RegionCount, cluster.Topology.ShardCount];
    }

    /// <summary>Tries made again.</summary>
    public long Retries => _clients.Values.Sum(client => client.Retries) - SentTwice;

    /// <summary>Signals sent twice, the second time to another region.</summary>
    public long SentTwice { get; private set; }

    /// <summary>Signals that were stamped with another cohort than their row names.</summary>
    public long OtherCohorts { get; private set; }

    /// <summary>A language edition's client in a region.</summary>
    public ClusterClient In(string region, string edition) => _clients[(region, _tenants.Of(edition))];

    /// <summary>Asks every tenant, and merges the answers.</summary>
    public async Task<QueryAnswer> AskAsync(string region, RetrieveQuery query, DateTimeOffset? readTime)
    {
        // All at once; each is waited for by this method alone.
        List<Task<QueryAnswer>> asked = [.. _tenants.All.Select(tenant => _clients[(region, tenant)].QueryAsync(query.Text, readTime))];
        var answers = new List<QueryAnswer>(asked.Count);
        foreach (var answer in asked)
            answers.Add(await answer.ConfigureAwait(false));
        return TenantAnswers.Merge(answers, query.Limit);
    }

    /// <summary>Who edited an item first.</summary>
    public string CreatorOf(string item) => _creators[item];

    /// <summary>An edition's newest items whose records were acknowledged, as a list by <c>new</c> ranks them.</summary>
    public IReadOnlyList<RankedItem> NewestOf(string edition, int count) => _listed.TryGetValue(edition, out var listed) ? [.. listed.Take(count)] : [];

    /// <summary>Signals sent to a shard in a region and not yet answered.</summary>
    public int Unanswered(RegionId region, ShardId shard) => _unanswered[region.Ordinal, shard.Number];

    /// <summary>Calls back, once, when the next signal to a shard in a region begins.</summary>
    public void WhenSignalBegins(RegionId region, ShardId shard, Action begins) =>
        _waiting[(region, shard)] = _waiting.GetValueOrDefault((region, shard)) + begins;

    /// <summary>Plays a row; complete when its signal is acknowledged.</summary>
    public Task Play(SignalRow row)
    {
        // A user's rows follow each other, or the locale of one could be stamped on the next.
        var user = (_tenants.Of(row.Wiki), row.User);
        return _users[user] = PlayAfter(_users.GetValueOrDefault(user, Task.CompletedTask), row);
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

    private async Task WriteItem(SignalRow row)
    {
        _creators[row.Item] = row.User;
        AttributeValue[] attributes = [new("wiki", row.Wiki), new(CreatorAttribute, row.User)];
        var item = LogRecord.ForItem(default, default, row.TimeMilliseconds, new ItemId(row.Item), _cluster.Topology.Region(row.HomeRegion), attributes);
        await In(row.Region, row.Wiki).WriteAsync(item, RetryPause).ConfigureAwait(false);
        if (!_listed.TryGetValue(row.Wiki, out var listed))
            _listed.Add(row.Wiki, listed = []);
        listed.Add(new RankedItem(item.Item, row.TimeMilliseconds));
    }

    private async Task SetLocale(SignalRow row)
    {
        var user = new UserId(row.User);
        IReadOnlyList<CohortScope>? held = null;
        while (held is null)
            held = await In(row.Region, row.Wiki).ReadCohortsAsync(user).ConfigureAwait(false);
        if (held is [{ } cohort] && cohort.Value == row.Locale)
            return;
        await In(row.Region, row.Wiki).WriteAsync(
            LogRecord.ForUser(default, default, row.TimeMilliseconds, user, [new AttributeValue(ReplayCluster.CohortAttribute, row.Locale)]),
            RetryPause).ConfigureAwait(false);
    }

    private async Task Signal(SignalRow row)
    {
        var region = _cluster.Topology.Region(row.Region);
        var shard = _cluster.Router.ShardOf(_tenants.Of(row.Wiki), new ItemId(row.Item));
        // A crash waits for a write in its own region: what is accepted elsewhere does not count.
        var isAcceptedHere = _cluster.Table.Find(_tenants.Of(row.Wiki))!.Writers.Contains(region);
        _unanswered[region.Ordinal, shard.Number] += isAcceptedHere ? 1 : 0;
        if (isAcceptedHere && _waiting.Remove((region, shard), out var begins))
            begins();
        var isSentTwice = _duplicateEvery > 0 && ++_signalsBegun % _duplicateEvery == 0;
        var call = await Write(row).ConfigureAwait(false);
        if (isSentTwice)
            await SendElsewhere(call, row).ConfigureAwait(false);
        _unanswered[region.Ordinal, shard.Number] -= isAcceptedHere ? 1 : 0;
    }

    private async Task<WriteCall> Write(SignalRow row)
    {
        var signal = LogRecord.Signal(
            default, default, row.TimeMilliseconds, new ItemId(row.Item), new UserId(row.User), _cluster.Options.Schema.Signal(row.Signal).Id);
        var call = await In(row.Region, row.Wiki).WriteAsync(signal, RetryPause).ConfigureAwait(false);
        if (call.Record.Cohorts is not [{ } cohort] || cohort.Value != row.Locale)
            OtherCohorts++;
        return call;
    }

    // As a client that has not heard the answer and goes on in the next region: what it sends there may or may not be known
    // there by then.
    private async Task SendElsewhere(WriteCall call, SignalRow row)
    {
        SentTwice++;
        var region = _cluster.Topology.Region(row.Region);
        var next = In(_cluster.Topology.NameOf(new RegionId((ushort)((region.Ordinal + 1) % _cluster.Topology.RegionCount))), row.Wiki);
        var again = await next.TryAgainAsync(call).ConfigureAwait(false);
        await next.RetryAsync(again, RetryPause).ConfigureAwait(false);
    }
}

using Tidal.Log;
using Tidal.Query;
using Tidal.Replication;
using Tidal.Schema;

namespace Tidal.Testing.Drivers;

/// <summary>
/// Clients of a tenant that write and ask all the time, one in each region, and look at what comes of it: whether each write was
/// acknowledged at its first try, and whether each answer had everything that there was to list. Not safe for use by several
/// threads.
/// </summary>
public sealed class SteadyTraffic
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>What was acknowledged so long before a query must be in its answer, whichever region has accepted it.</summary>
    private static readonly TimeSpan Reaches = TimeSpan.FromSeconds(1);

    private readonly ClusterUnderTest _cluster;
    private readonly ClientLoops _loops;
    private readonly SortedDictionary<string, TimeSpan> _listed = new(StringComparer.Ordinal);
    private readonly List<string> _cameShort = [];
    private readonly List<string> _retried = [];
    private int _items;

    /// <summary>Begins.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="tenant">The tenant.</param>
    public SteadyTraffic(ClusterUnderTest cluster, TenantId tenant)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        (_cluster, _loops) = (cluster, new ClientLoops(cluster));
        foreach (var region in cluster.Topology.Regions)
        {
            var (writer, asker) = (cluster.NewClient(region, tenant), cluster.NewClient(region, tenant));
            _loops.Add(_ => WriteItemAsync(writer), Pause);
            _loops.Add(_ => AskAsync(asker), Pause);
        }
    }

    /// <summary>Writes acknowledged.</summary>
    public int Writes { get; private set; }

    /// <summary>Queries answered.</summary>
    public int Queries { get; private set; }

    /// <summary>The answers that came short, and what was missing.</summary>
    public IReadOnlyList<string> CameShort => _cameShort;

    /// <summary>Answers that lacked something and did not say so.</summary>
    public int CameShortUnsaid { get; private set; }

    /// <summary>The writes that were not acknowledged at their first try, and what came of that.</summary>
    public IReadOnlyList<string> Retried => _retried;

    /// <summary>Lets every call come to its end; no other begins.</summary>
    /// <param name="bound">The longest wait.</param>
    /// <exception cref="TimeoutException">One did not.</exception>
    public void End(TimeSpan bound) => _loops.End(bound);

    private async Task WriteItemAsync(ClusterClient client)
    {
        var item = $"item-{++_items:000}";
        var (now, user) = (_cluster.Now.ToUnixTimeMilliseconds(), new UserId($"user-{_items % 5}"));
        await WriteAsync(client, LogRecord.ForItem(default, default, now, new ItemId(item), client.Region)).ConfigureAwait(false);
        await WriteAsync(client, LogRecord.Signal(default, default, now, new ItemId(item), user, new SignalTypeId(0))).ConfigureAwait(false);
        _listed.Add(item, _cluster.Elapsed);
    }

    private async Task WriteAsync(ClusterClient client, LogRecord record)
    {
        var call = await client.TryWriteAsync(record).ConfigureAwait(false);
        if (call.Result!.Outcome != WriteOutcomeKind.Acknowledged)
        {
            _retried.Add($"{NameOf(client)} at {_cluster.Elapsed}: {record.Kind} {call.Result}");
            await client.RetryAsync(call, Pause).ConfigureAwait(false);
        }
        Writes++;
    }

    private async Task AskAsync(ClusterClient client)
    {
        var asked = _cluster.Elapsed;
        var answer = await client.QueryAsync("RETRIEVE items USING PROFILE top LIMIT 1000").ConfigureAwait(false);
        var missing = WhatIsMissing(answer, asked);
        if (missing is not null && !answer.Stats.IsDegraded)
            CameShortUnsaid++;
        if (missing is not null)
            _cameShort.Add($"{NameOf(client)} at {asked}: {missing}");
        Queries++;
    }

    private string? WhatIsMissing(QueryAnswer answer, TimeSpan asked)
    {
        if (answer.Stats.IsDegraded)
            return string.Join(", ", answer.Stats.Missing);
        var listed = answer.Items.Select(item => item.Item.Value).ToHashSet();
        var missing = _listed.Where(item => item.Value + Reaches < asked && !listed.Contains(item.Key)).Select(item => item.Key).ToList();
        return missing.Count == 0 ? null : $"{string.Join(", ", missing)} of {_listed.Count} items";
    }

    private string NameOf(ClusterClient client) => _cluster.Topology.NameOf(client.Region);
}

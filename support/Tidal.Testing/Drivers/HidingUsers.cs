using Tidal.Log;
using Tidal.Schema;

namespace Tidal.Testing.Drivers;

/// <summary>
/// Users of a tenant, some in each region, who hide one item after the other and after each ask what there is for them: whether
/// they are shown what they hide is for the cluster's <see cref="Oracles.LeakWatcher"/> to tell. Not safe for use by several threads.
/// </summary>
public sealed class HidingUsers
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly ClusterUnderTest _cluster;
    private readonly IReadOnlyList<ItemId> _items;
    private readonly ClientLoops _loops;

    /// <summary>Begins: one user at a time in each region.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="tenant">Whose users.</param>
    /// <param name="users">The users; each hides in one region.</param>
    /// <param name="items">What they hide.</param>
    public HidingUsers(ClusterUnderTest cluster, TenantId tenant, IReadOnlyList<UserId> users, IReadOnlyList<ItemId> items)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        ArgumentNullException.ThrowIfNull(users);
        (_cluster, _items, _loops) = (cluster, items, new ClientLoops(cluster));
        foreach (var region in cluster.Topology.Regions)
        {
            var (client, own) = (cluster.NewClient(region, tenant), users.Where((_, place) => place % cluster.Topology.RegionCount == region.Ordinal).ToList());
            _loops.Add(done => HideAndAskAsync(client, own[done % own.Count], done / own.Count), Pause);
        }
    }

    /// <summary>Hides acknowledged.</summary>
    public int Hides { get; private set; }

    /// <summary>Queries answered.</summary>
    public int Queries { get; private set; }

    /// <summary>Lets every call come to its end; no other begins.</summary>
    /// <param name="bound">The longest wait.</param>
    /// <exception cref="TimeoutException">One did not.</exception>
    public void End(TimeSpan bound) => _loops.End(bound);

    private async Task HideAndAskAsync(ClusterClient client, UserId user, int round)
    {
        var target = _items[(round * 7 + Hides) % _items.Count].Value;
        var hide = LogRecord.HardNegative(
            default, default, _cluster.Now.ToUnixTimeMilliseconds(), user, target, TargetKind.Item, NegativeKind.Hide, isUndo: false);
        await client.WriteAsync(hide, Pause).ConfigureAwait(false);
        Hides++;
        await client.QueryAsync($"RETRIEVE items FOR USER @{user} USING PROFILE top LIMIT 100").ConfigureAwait(false);
        Queries++;
    }
}

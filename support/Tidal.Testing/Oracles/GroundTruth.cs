using Tidal.Replication;
using Tidal.Schema;

namespace Tidal.Testing.Oracles;

/// <summary>Something that is not as the ground truth has it.</summary>
/// <param name="Place">The replica, or the region and shard.</param>
/// <param name="What">What: a count, a score, an attribute.</param>
/// <param name="Expected">What it must be.</param>
/// <param name="Found">What it is.</param>
public readonly record struct TruthDifference(string Place, string What, string Expected, string Found)
{
    /// <inheritdoc/>
    public override string ToString() => $"ground truth, {Place}: {What} is {Found}, and must be {Expected}";
}

/// <summary>
/// The ground truth of a quiet cluster (invariant 5, PROTOCOL 19): of each origin what its home group committed, as it was
/// teed off the log stores, played tenant by tenant and origin by origin through a single node that never saw a fault; held
/// against every replica of every region that holds the tenant, to the bit. What a region accepted that holds the tenant no
/// more is as true as the rest. Where the home group was founded anew, its log is what it got back and wrote since,
/// joined with what the others hold of it.
/// </summary>
public sealed class GroundTruth
{
    /// <summary>Differences told in words; more are only counted.</summary>
    public const int DifferencesKept = 20;

    private readonly ClusterUnderTest _cluster;
    private readonly Func<ShardReplica, TenantId, string> _digestOf;
    private readonly List<TruthDifference> _differences = [];

    private GroundTruth(ClusterUnderTest cluster, Func<ShardReplica, TenantId, string> digestOf) => (_cluster, _digestOf) = (cluster, digestOf);

    /// <summary>How much differs.</summary>
    public long Count { get; private set; }

    /// <summary>The first of it.</summary>
    public IReadOnlyList<TruthDifference> Differences => _differences;

    /// <summary>Holds a cluster against its ground truth.</summary>
    /// <param name="cluster">The cluster; quiet, or what is under way shows as a difference.</param>
    public static GroundTruth Compare(ClusterUnderTest cluster) => Compare(cluster, (replica, tenant) => replica.State.Digest(tenant));

    internal static GroundTruth Compare(ClusterUnderTest cluster, Func<ShardReplica, TenantId, string> digestOf)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        var truth = new GroundTruth(cluster, digestOf);
        return cluster.Look(truth.Compare);
    }

    private GroundTruth Compare()
    {
        foreach (var tenant in _cluster.Tenants)
        {
            foreach (var shard in _cluster.Topology.Shards)
                Compare(tenant, shard);
        }
        return this;
    }

    private void Compare(TenantId tenant, ShardId shard)
    {
        using var truth = new TruthOfShard(_cluster, tenant, shard);
        foreach (var origin in _cluster.Topology.Regions)
            Play(truth, tenant, origin, shard);
        var time = _cluster.Now.ToUnixTimeMilliseconds();
        foreach (var replica in _cluster.HoldersOf(tenant).SelectMany(region => _cluster.Replicas(region, shard)))
            truth.Compare(replica, _digestOf(replica, tenant), time, (what, expected, found) => Tell(NameOf(tenant, replica.Self), what, expected, found));
    }

    private void Play(TruthOfShard truth, TenantId tenant, RegionId origin, ShardId shard)
    {
        var linked = _cluster.Tee.Batches.UpTo(tenant, shard, origin, MarkOf(tenant, origin, shard));
        var history = OriginHistory.Of(Committed(origin, shard), linked, tenant, origin);
        var place = $"{NameOf(tenant)}{_cluster.Topology.NameOf(origin)}/{shard.Number}";
        foreach (var problem in history.Problems)
            Tell(place, "the log of that origin", "whole and one", problem);
        try
        {
            truth.Play(history.Batches);
        }
        catch (TidalException refused)
        {
            Tell(place, "the log of that origin", "taken by a single node", refused.Message);
        }
    }

    private IEnumerable<TeedEntry> Committed(RegionId region, ShardId shard) =>
        _cluster.Tee.Committed(region, shard, _cluster.Replicas(region, shard).Select(replica => replica.Raft.CommitIndex).DefaultIfEmpty().Max());

    // Of a region that holds the tenant no more, the others know how far its log went.
    private OriginMark MarkOf(TenantId tenant, RegionId origin, ShardId shard) => _cluster.HoldersOf(tenant)
        .Where(holder => holder == origin || !_cluster.HoldersOf(tenant).Contains(origin))
        .SelectMany(holder => _cluster.Replicas(holder, shard))
        .Select(replica => replica.State.TenantOf(tenant).Origins.GetValueOrDefault(origin)?.Mark ?? default)
        .MaxBy(mark => mark.Number);

    private void Tell(string place, string what, string expected, string found)
    {
        Count++;
        if (_differences.Count < DifferencesKept)
            _differences.Add(new TruthDifference(place, what, expected, found));
    }

    private string NameOf(TenantId tenant) => _cluster.Table.Tenants.Count == 1 ? "" : $"{_cluster.NameOf(tenant)} in ";

    private string NameOf(TenantId tenant, Address place) => $"{NameOf(tenant)}{_cluster.Topology.NameOf(place.Region)}/{place.Shard.Number}, replica {place.Replica.Number}";
}

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
/// teed off the log stores, played origin by origin through a single node that never saw a fault; held against every replica
/// of every region, to the bit. Where the home group was founded anew, its log is what it got back and wrote since,
/// joined with what the others hold of it.
/// </summary>
public sealed class GroundTruth
{
    /// <summary>Differences told in words; more are only counted.</summary>
    public const int DifferencesKept = 20;

    private readonly SimulatedCluster _cluster;
    private readonly Func<ShardReplica, string> _digestOf;
    private readonly List<TruthDifference> _differences = [];

    private GroundTruth(SimulatedCluster cluster, Func<ShardReplica, string> digestOf) => (_cluster, _digestOf) = (cluster, digestOf);

    /// <summary>How much differs.</summary>
    public long Count { get; private set; }

    /// <summary>The first of it.</summary>
    public IReadOnlyList<TruthDifference> Differences => _differences;

    /// <summary>Holds a cluster against its ground truth.</summary>
    /// <param name="cluster">The cluster; quiet, or what is under way shows as a difference.</param>
    public static GroundTruth Compare(SimulatedCluster cluster) => Compare(cluster, replica => replica.State.Digest());

    internal static GroundTruth Compare(SimulatedCluster cluster, Func<ShardReplica, string> digestOf)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        var truth = new GroundTruth(cluster, digestOf);
        foreach (var shard in cluster.Topology.Shards)
            truth.Compare(shard);
        return truth;
    }

    private void Compare(ShardId shard)
    {
        using var truth = new TruthOfShard(_cluster, shard);
        foreach (var origin in _cluster.Topology.Regions)
            Play(truth, origin, shard);
        var time = _cluster.Now.ToUnixTimeMilliseconds();
        foreach (var region in _cluster.Topology.Regions)
        {
            foreach (var replica in _cluster.Replicas(region, shard))
                truth.Compare(replica, _digestOf(replica), time, (what, expected, found) => Tell(NameOf(replica.Self), what, expected, found));
        }
    }

    private void Play(TruthOfShard truth, RegionId origin, ShardId shard)
    {
        var others = _cluster.World.Tee.IsFoundedAnew(origin, shard)
            ? _cluster.Topology.Regions.Where(region => region != origin).SelectMany(region => Committed(region, shard))
            : [];
        var history = OriginHistory.Of(Committed(origin, shard), others, origin);
        var place = $"{_cluster.Topology.NameOf(origin)}/{shard.Number}";
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
        _cluster.World.Tee.Committed(region, shard, _cluster.Replicas(region, shard).Select(replica => replica.Raft.CommitIndex).DefaultIfEmpty().Max());

    private void Tell(string place, string what, string expected, string found)
    {
        Count++;
        if (_differences.Count < DifferencesKept)
            _differences.Add(new TruthDifference(place, what, expected, found));
    }

    private string NameOf(Address place) => $"{_cluster.Topology.NameOf(place.Region)}/{place.Shard.Number}, replica {place.Replica.Number}";
}

using Tidal.Schema;

namespace Tidal.Testing.Faults;

/// <summary>
/// The fault contract: every message from one group of regions to the other is lost, in one direction or both, those under
/// way included, from the moment it is made to its disposal. Nothing else changes: no clock, no process, no disk, and no
/// message inside a region. The cluster must survive any number of these at a time, for any time.
/// </summary>
public sealed class NetworkPartition : NetworkFault
{
    private readonly List<(RegionId From, RegionId To)> _blocked = [];

    private NetworkPartition(ClusterUnderTest cluster, IEnumerable<(RegionId From, RegionId To)> blocked, IEnumerable<RegionId> struck, string description)
        : base(cluster, replica: null, struck, description)
    {
        _blocked.AddRange(blocked);
        foreach (var (from, to) in _blocked)
            cluster.Block(from, to);
    }

    /// <summary>Cuts a region off from every other, both ways.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="region">The region.</param>
    public static NetworkPartition Isolate(ClusterUnderTest cluster, RegionId region)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        var others = cluster.Topology.Regions.Where(other => other != region).ToList();
        return new NetworkPartition(
            cluster, others.SelectMany(other => new[] { (region, other), (other, region) }), [region],
            $"{cluster.Topology.NameOf(region)} is cut off from every other region");
    }

    /// <summary>Cuts two regions off from each other, both ways.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="first">The one region.</param>
    /// <param name="second">The other.</param>
    public static NetworkPartition Between(ClusterUnderTest cluster, RegionId first, RegionId second)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        return new NetworkPartition(
            cluster, [(first, second), (second, first)], [first, second],
            $"{cluster.Topology.NameOf(first)} and {cluster.Topology.NameOf(second)} are cut off from each other");
    }

    /// <summary>Loses what one region sends to another; the other way stays open.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="from">The region whose messages are lost.</param>
    /// <param name="to">The region that they do not reach.</param>
    public static NetworkPartition OneWay(ClusterUnderTest cluster, RegionId from, RegionId to)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        return new NetworkPartition(
            cluster, [(from, to)], [from, to],
            $"messages from {cluster.Topology.NameOf(from)} to {cluster.Topology.NameOf(to)} are lost");
    }

    private protected override void End()
    {
        foreach (var (from, to) in _blocked)
            Cluster.Unblock(from, to);
    }
}

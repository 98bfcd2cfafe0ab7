using Tidal.Schema;

namespace Tidal.Testing.Faults;

/// <summary>
/// The fault contract: log data that one region sends to another stands still on its way from the moment this is made, and
/// arrives, all of it, at its disposal, however much has changed by then. Everything else passes. The cluster must survive it for any time: what
/// comes too late is known for that.
/// </summary>
public sealed class HeldUpSegments : NetworkFault
{
    private readonly RegionId _from;
    private readonly RegionId _to;

    /// <summary>Holds log data up.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="from">The region that sends it.</param>
    /// <param name="to">The region that it is for.</param>
    public HeldUpSegments(ClusterUnderTest cluster, RegionId from, RegionId to)
        : base(cluster, replica: null, [from, to], Describe(cluster, from, to))
    {
        (_from, _to) = (from, to);
        cluster.HoldUp(from, to);
    }

    private protected override void End() => Cluster.Release(_from, _to);

    private static string Describe(ClusterUnderTest cluster, RegionId from, RegionId to)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        return $"log data from {cluster.Topology.NameOf(from)} to {cluster.Topology.NameOf(to)} is held up";
    }
}

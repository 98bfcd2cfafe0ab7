using Tidal.Replication;
using Tidal.Testing.RealTime;

namespace Tidal.Testing.Oracles;

/// <summary>
/// Measures in a simulated cluster, as in one in real time, how much later than the region that accepted it each other one has committed a
/// signal. For a cluster in which all regions hold all tenants and hear each other. Not safe for use by several threads.
/// </summary>
/// <param name="cluster">The cluster.</param>
public sealed class ArrivalWatch(SimulatedCluster cluster) : IClusterWatch
{
    /// <summary>The meter.</summary>
    public LagMeter Meter { get; } = new(cluster.Topology, cluster.Options.Tenants.Count);

    /// <inheritdoc/>
    public void OnCommitted(ShardReplica replica) => Meter.OnCommitted(replica, cluster.NowMicroseconds);
}

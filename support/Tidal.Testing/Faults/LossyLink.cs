using Tidal.Schema;
using Tidal.Testing.Simulation;

namespace Tidal.Testing.Faults;

/// <summary>
/// The fault contract: of the messages between two regions, both ways, a part is lost, a part arrives twice, and they
/// overtake each other, from the moment it is made to its disposal. The cluster must survive it for any time: later than
/// otherwise, but whole.
/// </summary>
public sealed class LossyLink : NetworkFault
{
    private readonly LinkDisturbance _disturbance;
    private readonly SimulatedNetwork _network;

    /// <summary>Makes a link lossy.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="first">The one region.</param>
    /// <param name="second">The other.</param>
    /// <param name="loss">How likely a message is lost, 0 to 1.</param>
    /// <param name="duplication">How likely a message arrives twice, 0 to 1.</param>
    public LossyLink(SimulatedCluster cluster, RegionId first, RegionId second, double loss, double duplication)
        : base(cluster, replica: null, [first, second], Describe(cluster, first, second, loss, duplication))
    {
        _disturbance = new LinkDisturbance(first, second, loss, duplication);
        _network = cluster.World.Network;
        _network.Disturb(_disturbance);
    }

    private protected override void End() => _network.Calm(_disturbance);

    private static string Describe(ClusterUnderTest cluster, RegionId first, RegionId second, double loss, double duplication)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        return FormattableString.Invariant(
            $"between {cluster.Topology.NameOf(first)} and {cluster.Topology.NameOf(second)} {loss:P0} of the messages are lost and {duplication:P0} arrive twice");
    }
}

using Tidal.Schema;
using Tidal.Testing.History;

namespace Tidal.Testing.Faults;

/// <summary>
/// The fault contract: of the messages between two regions, both ways, a part is lost, a part arrives twice, and they
/// overtake each other, from the moment it is made to its disposal. The cluster must survive it for any time: later than
/// otherwise, but whole.
/// </summary>
public sealed class LossyLink : IFault
{
    private readonly SimulatedCluster _cluster;
    private readonly RegionId _first;
    private readonly RegionId _second;
    private readonly LinkOptions _before;
    private bool _isOver;

    /// <summary>Makes a link lossy.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="first">The one region.</param>
    /// <param name="second">The other.</param>
    /// <param name="loss">How likely a message is lost, 0 to 1.</param>
    /// <param name="duplication">How likely a message arrives twice, 0 to 1.</param>
    public LossyLink(SimulatedCluster cluster, RegionId first, RegionId second, double loss, double duplication)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        _cluster = cluster;
        _first = first;
        _second = second;
        _before = cluster.World.Network[first, second];
        Description = FormattableString.Invariant(
            $"between {cluster.Topology.NameOf(first)} and {cluster.Topology.NameOf(second)} {loss:P0} of the messages are lost and {duplication:P0} arrive twice");
        Set(_before with { Loss = loss, Duplication = duplication, Jitter = _before.Latency });
        cluster.WriteFault(HistoryKind.FaultBegan, default, Description);
    }

    /// <inheritdoc/>
    public string Description { get; }

    /// <summary>Mends the link.</summary>
    public void Dispose()
    {
        if (_isOver)
            return;
        _isOver = true;
        Set(_before);
        _cluster.WriteFault(HistoryKind.FaultEnded, default, Description);
    }

    private void Set(LinkOptions link)
    {
        _cluster.World.Network[_first, _second] = link;
        _cluster.World.Network[_second, _first] = link;
    }
}

using Tidal.Replication;
using Tidal.Schema;
using Tidal.Testing.History;

namespace Tidal.Testing.Faults;

/// <summary>
/// A fault of the network: what it does begins when it is made and ends, once, when it is disposed; the history says both.
/// Not safe for use by several threads.
/// </summary>
public abstract class NetworkFault : IFault
{
    private readonly HistoryScope _scope;
    private bool _isOver;

    private protected NetworkFault(ClusterUnderTest cluster, Address? replica, IEnumerable<RegionId> regions, string description)
    {
        Cluster = cluster;
        _scope = new HistoryScope(HistorySort.Network, [.. regions]) { Replica = replica };
        Description = description;
        cluster.WriteFault(HistoryKind.FaultBegan, replica ?? default, description, _scope);
    }

    /// <inheritdoc/>
    public string Description { get; }

    private protected ClusterUnderTest Cluster { get; }

    /// <summary>Ends the fault.</summary>
    public void Dispose()
    {
        if (_isOver)
            return;
        _isOver = true;
        End();
        Cluster.WriteFault(HistoryKind.FaultEnded, _scope.Replica ?? default, Description, _scope);
        GC.SuppressFinalize(this);
    }

    private protected abstract void End();
}

using Tidal.Schema;

namespace Tidal.Testing.Faults;

/// <summary>
/// The fault contract: the control plane stops without a word, and knows nothing of what it has done when it starts again. The
/// cluster must go on as if it were not needed, and what it was about must go on when it is back.
/// </summary>
public sealed class ControlPlaneCrash : IFault
{
    private readonly ClusterUnderTest _cluster;
    private readonly RegionId _region;
    private bool _isOver;

    /// <summary>Crashes the control plane.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="startsIn">The region in which it starts again.</param>
    public ControlPlaneCrash(ClusterUnderTest cluster, RegionId startsIn)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        (_cluster, _region) = (cluster, startsIn);
        cluster.CrashControlPlane();
    }

    /// <inheritdoc/>
    public string Description => "the control plane crashes";

    /// <summary>Starts it again.</summary>
    public void Dispose()
    {
        if (_isOver)
            return;
        _isOver = true;
        _cluster.StartControlPlane(_region);
    }
}

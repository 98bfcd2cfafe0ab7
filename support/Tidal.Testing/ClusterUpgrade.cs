using Tidal.Replication;
using Tidal.Schema;

namespace Tidal.Testing;

/// <summary>A rolling upgrade of a simulated cluster. Immutable.</summary>
public sealed record ClusterUpgrade
{
    /// <summary>How the new software replicates, and which formats it reads.</summary>
    public required ReplicationOptions Software { get; init; }

    /// <summary>The region in which the part of the control plane runs that sees to it. Default the first.</summary>
    public RegionId Region { get; init; }

    /// <summary>How long a node is down while its software is replaced. Default 2 s.</summary>
    public TimeSpan Downtime { get; init; } = TimeSpan.FromSeconds(2);
}

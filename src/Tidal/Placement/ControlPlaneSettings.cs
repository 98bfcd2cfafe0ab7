using Tidal.Schema;

namespace Tidal.Placement;

/// <summary>The times and bounds of the control plane. Immutable.</summary>
public sealed record ControlPlaneOptions
{
    /// <summary>How often it asks the primaries of a tenant that moves, and sends the table to who has not said that it knows it. Default 200 ms.</summary>
    public TimeSpan BeatInterval { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The most tenants that move at a time; others wait for their turn, in order of their numbers. Default 8; at least 1.</summary>
    public int MigrationsMax { get; init; } = 8;

    /// <summary>How often a table is sent to a node or a gateway that does not answer; then it is left to its peers. Default 50.</summary>
    public int TableSendsMax { get; init; } = 50;
}

/// <summary>Where the control plane stands and in what. Immutable.</summary>
/// <param name="Region">The region it runs in: no other than by its links to the others.</param>
/// <param name="Topology">The cluster.</param>
/// <param name="Options">Its times and bounds.</param>
/// <param name="Coordinator">Keeps the routing table.</param>
public sealed record ControlPlaneSettings(RegionId Region, Topology Topology, ControlPlaneOptions Options, ICoordinator Coordinator)
{
    /// <summary>The version of the table that all nodes and gateways are configured with when the cluster is founded; 0 for none.</summary>
    public ulong VersionKnown { get; init; }
}

using Tidal.Log;
using Tidal.Placement;
using Tidal.Replication;
using Tidal.Schema;

namespace Tidal.Hosting;

/// <summary>What a <see cref="TidalCluster"/> is made of. Immutable.</summary>
public sealed record TidalClusterOptions
{
    /// <summary>The regions, shards and replicas.</summary>
    public required Topology Topology { get; init; }

    /// <summary>The tenants, numbered from 1 in this order: a start on stores that hold logs names the same ones, and may add others behind them.</summary>
    public required IReadOnlyList<HostedTenant> Tenants { get; init; }

    /// <summary>The times and bounds of replication.</summary>
    public ReplicationOptions Replication { get; init; } = new();

    /// <summary>The times and bounds of the gateways.</summary>
    public GatewayOptions Gateway { get; init; } = new();

    /// <summary>The times and bounds of the control plane.</summary>
    public ControlPlaneOptions ControlPlane { get; init; } = new();

    /// <summary>The bounds on what waits for a thread.</summary>
    public MailboxOptions Mailbox { get; init; } = new();

    /// <summary>Where the logs lie, a directory a replica, in files (<see cref="FileLogStore"/>). Default null: in memory.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>
    /// Where the time is read: monotonic time by its timestamps, wall time by its UTC time. It must run as real time does: the host
    /// waits by it. Default: the system's clock.
    /// </summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Worker threads a node; shard n of a node runs on worker n modulo this. Default 1; at most the number of shards.</summary>
    public int WorkersPerNode { get; init; } = 1;

    /// <summary>Decides the variety of the election timeouts. Default null: drawn at each start.</summary>
    public ulong? Seed { get; init; }

    /// <summary>How long a start waits until every shard has a primary. Default 30 s.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long a shutdown waits for calls that are under way, and then for threads that are held up by a store. Default 10 s, more
    /// than <see cref="GatewayOptions.CallDeadline"/>. Zero: calls that are under way end unknown at once.
    /// </summary>
    public TimeSpan ShutdownTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long an operator's order, or a look at replicas, waits for their threads. Default 10 s.</summary>
    public TimeSpan OrderTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Gives the store of a replica, each time that the replica starts, on its worker's thread. A store that can be disposed is,
    /// once its replica has stopped and no flush of it is under way. Default null: under <see cref="DataDirectory"/>, or in memory
    /// for as long as the cluster lives.
    /// </summary>
    public Func<Address, ILogStore>? Stores { get; init; }

    /// <summary>
    /// Keeps the routing table. Default null: under <see cref="DataDirectory"/> (<see cref="StoredCoordinator"/>), or in memory; then a
    /// cluster that starts again takes its tenants to be where <see cref="Tenants"/> says.
    /// </summary>
    public ICoordinator? Coordinator { get; init; }

    /// <summary>Decorates the transport between nodes, to trace or to disturb it. What it passes on may come from any thread. Default null: as it is.</summary>
    public Func<ITransport, ITransport>? Transport { get; init; }

    /// <summary>Is told what happens. Default null: nobody.</summary>
    public IClusterObserver? Observer { get; init; }
}

/// <summary>
/// The bounds on what waits for one thread of a cluster. What comes when there is no room is dropped and counted: the protocol
/// repeats it, and a slow receiver never grows memory. Immutable.
/// </summary>
public sealed record MailboxOptions
{
    /// <summary>The most messages of replication that wait. Default 8,192; what gateways and replicas send each other has as much room again.</summary>
    public int MessagesMax { get; init; } = 8192;

    /// <summary>The most bytes of log data that wait. Default 64 MiB; one message is always taken when none waits.</summary>
    public long BytesMax { get; init; } = 64L << 20;

    /// <summary>The most calls of clients that wait for a gateway; one more is refused as overloaded. Default 16,384.</summary>
    public int CallsMax { get; init; } = 16_384;
}

using Tidal.Placement;
using Tidal.Replication;
using Tidal.Schema;
using Tidal.Testing.Oracles;

namespace Tidal.Testing;

// Clients of the cluster.
public sealed partial class SimulatedCluster
{
    /// <summary>What clients were told of their signals.</summary>
    public OperationLedger Ledger { get; } = new();

    /// <summary>A new client of the first tenant in a region; its session is opened with its first write.</summary>
    /// <param name="region">The region.</param>
    public ClusterClient NewClient(RegionId region) => NewClient(region, TenantId.First);

    /// <summary>A new client of a tenant in a region; its session is opened with its first write.</summary>
    /// <param name="region">The region.</param>
    /// <param name="tenant">Whose data it reads and writes.</param>
    public ClusterClient NewClient(RegionId region, TenantId tenant) => new(this, region, tenant);

    internal void Begin(RegionId region, ClientCall call)
    {
        MustBeOnTheRunningThread();
        _gateways[region.Ordinal].Begin(call);
    }

    /// <summary>Tells that a client's call is completed.</summary>
    internal void Answered(ClusterClient client, ClientCall call) => _world.Watches.OnAnswered(client, call);

    /// <summary>Puts down what a client was told.</summary>
    internal void Remember(ClusterClient client, WriteCall call)
    {
        _world.Watches.OnTold(client, call);
        Ledger.Told(call.Tenant, Router.ShardOf(call.Tenant, call.Record), call.Record, call.Result!);
        var happened = new ReplicaEvent(
            ReplicaEventKind.Acknowledged, 0, (ulong)call.Result!.Outcome, client.Region, call.Record.Identity.Operation, call.Record.Identity.IsRetraction, call.Tenant);
        _world.History.WriteClientTold(_world.Time.NowMicroseconds, Address.OfGateway(client.Region), happened);
    }
}

using Tidal.Placement;
using Tidal.Replication;
using Tidal.Schema;
using Tidal.Testing.Oracles;

namespace Tidal.Testing;

// Clients of the cluster.
public abstract partial class ClusterUnderTest
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

    /// <summary>Hands a call to a region's gateway.</summary>
    internal abstract void Begin(RegionId region, ClientCall call);

    /// <summary>Goes on with what waited for a call, on the thread that lets time pass.</summary>
    internal abstract void GoOn(TaskCompletionSource waiting);

    /// <summary>Tells that a client's call is completed.</summary>
    internal void Answered(ClusterClient client, ClientCall call) => Watches.OnAnswered(client, call);

    /// <summary>Puts down what a client was told.</summary>
    internal void Remember(ClusterClient client, WriteCall call)
    {
        Watches.OnTold(client, call);
        Ledger.Told(call.Tenant, Router.ShardOf(call.Tenant, call.Record), call.Record, call.Result!);
        var happened = new ReplicaEvent(
            ReplicaEventKind.Acknowledged, 0, (ulong)call.Result!.Outcome, client.Region, call.Record.Identity.Operation, call.Record.Identity.IsRetraction, call.Tenant);
        History.WriteClientTold(NowMicroseconds, Address.OfGateway(client.Region), happened);
    }

    /// <summary>Who is told of what clients are told.</summary>
    private protected abstract IClusterWatch Watches { get; }
}

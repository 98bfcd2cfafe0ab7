using Tidal.Placement;
using Tidal.Replication;
using Tidal.Schema;

namespace Tidal.Hosting;

// What an operator orders: a cluster never does it by itself. Each order waits until it is carried out, except on a thread of the cluster.
public sealed partial class TidalCluster
{
    /// <summary>Stops a replica as a process that dies: without a flush, without a word. One that does not run stays as it is.</summary>
    /// <param name="replica">The replica.</param>
    /// <exception cref="TimeoutException">Its thread did not come to it in time (<see cref="TidalClusterOptions.OrderTimeout"/>); the order stands.</exception>
    public void Stop(Address replica) => throw new NotImplementedException();

    /// <summary>Starts a replica on what its store holds, once no flush of an earlier life is under way. One that runs stays as it is.</summary>
    /// <param name="replica">The replica.</param>
    /// <exception cref="ClusterFailedException">Its store cannot be read.</exception>
    /// <exception cref="TimeoutException">Its thread did not come to it in time; the order stands.</exception>
    public void Start(Address replica) => throw new NotImplementedException();

    /// <summary>Stops a node with all its replicas; what it knew of the routing table and of others' clocks is gone.</summary>
    /// <param name="node">The node.</param>
    /// <exception cref="TimeoutException">Its threads did not come to it in time; the order stands.</exception>
    public void Stop(NodeId node) => throw new NotImplementedException();

    /// <summary>Starts all replicas of a node that do not run.</summary>
    /// <param name="node">The node.</param>
    /// <exception cref="ClusterFailedException">A store cannot be read; the others have started.</exception>
    /// <exception cref="TimeoutException">Its threads did not come to it in time; the order stands.</exception>
    public void Start(NodeId node) => throw new NotImplementedException();

    /// <summary>
    /// Starts a region's gateway again: it forgets the routing table and where the primaries are. Writes that were under way end
    /// unknown, reads without an answer.
    /// </summary>
    /// <param name="region">The region.</param>
    /// <exception cref="TimeoutException">Its thread did not come to it in time; the order stands.</exception>
    public void RestartGateway(RegionId region) => throw new NotImplementedException();

    /// <summary>Stops the control plane without a word: what it knew is gone.</summary>
    /// <exception cref="TimeoutException">Its thread did not come to it in time; the order stands.</exception>
    public void StopControlPlane() => throw new NotImplementedException();

    /// <summary>Starts the control plane in a region; one that runs is stopped.</summary>
    /// <param name="region">The region.</param>
    /// <exception cref="TimeoutException">Its thread did not come to it in time; the order stands.</exception>
    public void StartControlPlane(RegionId region) => throw new NotImplementedException();

    /// <summary>Replaces the routing table, as an operator does: a tenant moves by where it is wanted (<see cref="RoutingTableChanges"/>), and by nothing else.</summary>
    /// <param name="change">Makes the next table; called again if somebody else was first.</param>
    /// <exception cref="RoutingTableException">It breaks a rule; nothing has changed then.</exception>
    public void ChangeTable(Func<RoutingTable, RoutingTable> change) => throw new NotImplementedException();

    /// <summary>How far the last move of a tenant is; null when the control plane has seen none, or is down.</summary>
    /// <param name="tenant">The tenant.</param>
    public MigrationProgress? ProgressOf(TenantId tenant) => throw new NotImplementedException();

    /// <summary>Whether every tenant is where it is wanted, and nowhere else.</summary>
    public bool IsSettled => Table.Tenants.All(TenantMigration.IsSettled);
}

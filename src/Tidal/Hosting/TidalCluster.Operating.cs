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
    public void Stop(Address replica)
    {
        Carry(_context.NodeAt(replica.Node).WorkerOf(replica.Shard), HostedAt(replica).Stop);
    }

    /// <summary>Starts a replica on what its store holds, once no flush of an earlier life is under way. One that runs stays as it is.</summary>
    /// <param name="replica">The replica.</param>
    /// <exception cref="ClusterFailedException">Its store cannot be read.</exception>
    /// <exception cref="TimeoutException">Its thread did not come to it in time; the order stands.</exception>
    public void Start(Address replica)
    {
        MustHaveStarted(_context.NodeAt(replica.Node), [replica.Shard]);
    }

    /// <summary>Stops a node with all its replicas; what it knew of the routing table and of others' clocks is gone.</summary>
    /// <param name="node">The node.</param>
    /// <exception cref="TimeoutException">Its threads did not come to it in time; the order stands.</exception>
    public void Stop(NodeId node)
    {
        var host = _context.NodeAt(node);
        var memory = host.Forget();
        foreach (var worker in host.Workers)
            Carry(worker, () => worker.StopAll(memory));
    }

    /// <summary>Starts all replicas of a node that do not run.</summary>
    /// <param name="node">The node.</param>
    /// <exception cref="ClusterFailedException">A store cannot be read; the others have started.</exception>
    /// <exception cref="TimeoutException">Its threads did not come to it in time; the order stands.</exception>
    public void Start(NodeId node)
    {
        MustHaveStarted(_context.NodeAt(node), Topology.Shards);
    }

    /// <summary>
    /// Starts a region's gateway again: it forgets the routing table and where the primaries are. Writes that were under way end
    /// unknown, reads without an answer.
    /// </summary>
    /// <param name="region">The region.</param>
    /// <exception cref="TimeoutException">Its thread did not come to it in time; the order stands.</exception>
    public void RestartGateway(RegionId region)
    {
        var gateway = _context.Gateways[region.Ordinal];
        Carry(gateway, gateway.Restart);
    }

    /// <summary>Stops the control plane without a word: what it knew is gone.</summary>
    /// <exception cref="TimeoutException">Its thread did not come to it in time; the order stands.</exception>
    public void StopControlPlane()
    {
        Carry(_context.ControlPlane, _context.ControlPlane.Stop);
    }

    /// <summary>Starts the control plane in a region; one that runs is stopped.</summary>
    /// <param name="region">The region.</param>
    /// <exception cref="TimeoutException">Its thread did not come to it in time; the order stands.</exception>
    public void StartControlPlane(RegionId region)
    {
        Carry(_context.ControlPlane, () => _context.ControlPlane.StartIn(region));
    }

    /// <summary>Replaces the routing table, as an operator does: a tenant moves by where it is wanted (<see cref="RoutingTableChanges"/>), and by nothing else.</summary>
    /// <param name="change">Makes the next table; called again if somebody else was first.</param>
    /// <exception cref="RoutingTableException">It breaks a rule; nothing has changed then.</exception>
    public void ChangeTable(Func<RoutingTable, RoutingTable> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        MustBeOpen();
        for (var table = Table; !_context.Coordinator.TryReplace(table.Version, change(table)); table = Table)
        {
            // Somebody else was first.
        }
    }

    /// <summary>How far the last move of a tenant is; null when the control plane has seen none, or is down.</summary>
    /// <param name="tenant">The tenant.</param>
    public MigrationProgress? ProgressOf(TenantId tenant)
    {
        MustNotBeOnOwnThread();
        return Await(_context.ControlPlane.Ask(() => _context.ControlPlane.ProgressOf(tenant)));
    }

    /// <summary>Whether every tenant is where it is wanted, and nowhere else.</summary>
    public bool IsSettled => Table.Tenants.All(TenantMigration.IsSettled);

    private void Carry(HostThread thread, Action what)
    {
        MustBeOpen();
        var done = thread.Ask(() =>
        {
            what();
            return true;
        });
        // A thread of the cluster would wait for itself, or for one that waits for it.
        if (HostThread.Current is null)
            Await(done);
    }

    private void MustHaveStarted(NodeHost node, IEnumerable<ShardId> shards)
    {
        MustBeOpen();
        var starts = Task.WhenAll(shards.Select(shard => StartAsync(node.WorkerOf(shard), node[shard])));
        if (HostThread.Current is not null)
            return;
        var failures = Await(starts).OfType<ClusterFailure>().ToList();
        if (failures.Count == 0)
            return;
        _context.Failures.Told(failures);
        throw new ClusterFailedException($"{failures[0].Place} cannot start: {failures[0].Cause.Message}", failures);
    }

    private static async Task<ClusterFailure?> StartAsync(NodeWorker worker, HostedReplica replica) =>
        await (await worker.Ask(() => replica.Start(worker.Clocks)).ConfigureAwait(false)).ConfigureAwait(false);

    private T Await<T>(Task<T> task) => Task.WaitAny([task], Options.OrderTimeout) == 0
        ? task.GetAwaiter().GetResult()
        : throw new TimeoutException($"A thread of the cluster did not come to an order within {Options.OrderTimeout}; the order stands.");

    private static void MustNotBeOnOwnThread()
    {
        if (HostThread.Current is not null)
            throw new InvalidOperationException("A thread of the cluster cannot wait for the cluster.");
    }
}

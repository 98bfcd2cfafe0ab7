using Tidal.Replication;

namespace Tidal.Hosting;

// Looks at replicas, for audits and for operators.
public sealed partial class TidalCluster
{
    private readonly Lock _inspecting = new();

    /// <summary>Looks at a replica on its worker's thread, between two inputs.</summary>
    /// <typeparam name="T">What the look gives.</typeparam>
    /// <param name="replica">The replica.</param>
    /// <param name="look">Given the replica, or null if it does not run; must only look, keep nothing of it, and not block.</param>
    /// <exception cref="ObjectDisposedException">The cluster is shut down.</exception>
    public Task<T> InspectAsync<T>(Address replica, Func<ShardReplica?, T> look)
    {
        ArgumentNullException.ThrowIfNull(look);
        MustBeOpen();
        var hosted = HostedAt(replica);
        return _context.NodeAt(replica.Node).WorkerOf(replica.Shard).Ask(() => look(hosted.Machine));
    }

    /// <summary>
    /// Looks at all replicas while every worker and every gateway stands still. One look at a time; others wait.
    /// </summary>
    /// <typeparam name="T">What the look gives.</typeparam>
    /// <param name="look">Given the replicas that run, in order of region, shard and place; must only look and keep nothing of them.</param>
    /// <exception cref="InvalidOperationException">The caller is a thread of the cluster: it cannot wait for itself.</exception>
    /// <exception cref="ObjectDisposedException">The cluster is shut down.</exception>
    /// <exception cref="TimeoutException">A worker is held up, by a store perhaps (<see cref="TidalClusterOptions.OrderTimeout"/>).</exception>
    public T InspectAll<T>(Func<IReadOnlyList<ShardReplica>, T> look)
    {
        ArgumentNullException.ThrowIfNull(look);
        MustNotBeOnOwnThread();
        MustBeOpen();
        // Two looks that each hold some of the threads would wait for each other.
        lock (_inspecting)
        {
            using var stillness = new Stillness([.. _context.Threads]);
            stillness.Await(Options.OrderTimeout);
            return look(ReplicasThatRun());
        }
    }

    private List<ShardReplica> ReplicasThatRun() =>
    [
        .. from region in Topology.Regions
           from shard in Topology.Shards
           from replica in Topology.Replicas
           let machine = HostedAt(new Address(region, shard, replica)).Machine
           where machine is not null
           select machine,
    ];
}

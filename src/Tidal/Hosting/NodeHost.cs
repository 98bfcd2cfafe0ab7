using Tidal.Crdt;
using Tidal.Placement;
using Tidal.Replication;
using Tidal.Replication.Raft;
using Tidal.Schema;

namespace Tidal.Hosting;

/// <summary>What the replicas of a node know together, for as long as the node runs. Safe for use by several threads.</summary>
/// <param name="Clocks">What it has heard of its peers' clocks.</param>
/// <param name="Tenants">What it knows of the routing table.</param>
internal sealed record NodeMemory(ClockBound Clocks, NodeDirectory Tenants);

/// <summary>A node: its workers, and the thread that waits for its disks. Safe for use by several threads.</summary>
internal sealed class NodeHost
{
    private readonly HostContext _context;

    public NodeHost(HostContext context, NodeId id)
    {
        (_context, Id) = (context, id);
        var name = $"tidal {context.Options.Topology.NameOf(id.Region)}/{id.Replica.Number}";
        Memory = new NodeMemory(new ClockBound(context.Options.Replication.Clocks), context.StartingDirectory());
        Flusher = new Flusher(this, $"{name} flusher");
        Workers = new NodeWorker[Math.Clamp(context.Options.WorkersPerNode, 1, context.Options.Topology.ShardCount)];
        for (var worker = 0; worker < Workers.Length; worker++)
            Workers[worker] = new NodeWorker(context, this, worker, $"{name} worker {worker}");
    }

    /// <summary>Which node.</summary>
    public NodeId Id { get; }

    /// <summary>What it knows.</summary>
    public NodeMemory Memory { get; private set; }

    public Flusher Flusher { get; }

    public NodeWorker[] Workers { get; }

    /// <summary>Whether any of its replicas runs.</summary>
    public bool IsUp
    {
        get
        {
            foreach (var worker in Workers)
            {
                if (worker.IsUp)
                    return true;
            }
            return false;
        }
    }

    /// <summary>The worker of a shard.</summary>
    public NodeWorker WorkerOf(ShardId shard) => Workers[shard.Number % Workers.Length];

    /// <summary>Its replica of a shard.</summary>
    public HostedReplica this[ShardId shard] => WorkerOf(shard)[shard];

    /// <summary>Forgets what it knew: the next life of its workers begins with nothing.</summary>
    public NodeMemory Forget() =>
        Memory = new NodeMemory(new ClockBound(_context.Options.Replication.Clocks), _context.NewDirectory());

    /// <summary>Hands a message for the node as a whole to the workers that it concerns.</summary>
    public void PostToNode(in Letter letter)
    {
        switch (letter.Body)
        {
            case NodeHeartbeat heartbeat:
                PostHeartbeat(letter, heartbeat);
                break;
            case NodeStatusRequest request:
                var status = new StatusGathering(request, Workers.Length);
                foreach (var worker in Workers)
                    worker.Post(letter with { Body = status }, LetterKind.Replication);
                break;
            default:
                Workers[0].Post(letter, LetterKind.Replication);
                break;
        }
    }

    // A worker beats for its own shards; those are one worker's here too, unless the other node has another number of workers.
    private void PostHeartbeat(in Letter letter, NodeHeartbeat heartbeat)
    {
        for (var worker = 0; worker < Workers.Length; worker++)
        {
            if (ConcernsWorker(heartbeat, worker))
                Workers[worker].Post(letter, LetterKind.Replication);
        }
    }

    private bool ConcernsWorker(NodeHeartbeat heartbeat, int worker)
    {
        for (var place = 0; place < heartbeat.Beats.Count; place++)
        {
            if (heartbeat.Beats[place].Shard.Number % Workers.Length == worker)
                return true;
        }
        return false;
    }
}

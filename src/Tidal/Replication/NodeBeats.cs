using Tidal.Crdt;
using Tidal.Replication.Raft;
using Tidal.Schema;

namespace Tidal.Replication;

/// <summary>
/// A node's heartbeats: one message a beat to each other node of the region, for all shards of the two; and what passes
/// between nodes beside them, the routing table. Not safe for use by several threads.
/// </summary>
public sealed class NodeBeats
{
    private readonly Address _self;
    private readonly ITenantDirectory _tenants;
    private readonly ClockBound _clocks;
    private readonly long _intervalMicroseconds;
    private readonly ReplicaId[] _others;

    /// <summary>The beats of a node.</summary>
    /// <param name="node">The node.</param>
    /// <param name="topology">The cluster.</param>
    /// <param name="options">Times and bounds.</param>
    /// <param name="tenants">What the node knows of the routing table; shared with the replicas on it.</param>
    /// <param name="clocks">Hears the clocks that the other nodes' beats carry; shared with the replicas on the node. Null for nobody.</param>
    public NodeBeats(NodeId node, Topology topology, RaftOptions options, ITenantDirectory tenants, ClockBound? clocks = null)
    {
        ArgumentNullException.ThrowIfNull(topology);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(tenants);
        _self = Address.OfNode(node);
        _tenants = tenants;
        _clocks = clocks ?? new ClockBound();
        _intervalMicroseconds = options.HeartbeatMicroseconds;
        _others = [.. topology.Replicas.Where(replica => replica != node.Replica)];
    }

    /// <summary>When the next beat is due, monotonic microseconds.</summary>
    public long NextDeadlineMicroseconds { get; private set; }

    /// <summary>Sends the beats that are due.</summary>
    /// <param name="now">The edge's clocks.</param>
    /// <param name="replicas">The replicas that are alive on the node.</param>
    /// <param name="effects">Where the messages go.</param>
    public void Tick(ClockReading now, IReadOnlyList<ShardReplica> replicas, Effects effects)
    {
        ArgumentNullException.ThrowIfNull(replicas);
        ArgumentNullException.ThrowIfNull(effects);
        if (now.MonotonicMicroseconds < NextDeadlineMicroseconds)
            return;
        NextDeadlineMicroseconds = now.MonotonicMicroseconds + _intervalMicroseconds;
        foreach (var other in _others)
        {
            if (BeatsFor(other, replicas) is not { Count: > 0 } beats)
                continue;
            effects.Send(_self with { Replica = other }, new NodeHeartbeat
            {
                Beats = beats,
                TableVersion = _tenants.Table.Version,
                Hlc = LatestOf(replicas),
                WallMilliseconds = now.WallMilliseconds,
            });
        }
    }

    /// <summary>
    /// Takes what another node's heartbeat says of its clock and of the routing table, which it is sent if it knows an older one:
    /// at most once a beat. The beats in it are the replicas' to take.
    /// </summary>
    /// <param name="now">The edge's clocks.</param>
    /// <param name="from">The node.</param>
    /// <param name="heartbeat">Its heartbeat.</param>
    /// <param name="effects">Where the messages go.</param>
    public void Receive(ClockReading now, NodeId from, NodeHeartbeat heartbeat, Effects effects)
    {
        ArgumentNullException.ThrowIfNull(heartbeat);
        ArgumentNullException.ThrowIfNull(effects);
        if (heartbeat.WallMilliseconds is { } wall)
            _clocks.Hear(from, wall, now);
        if (heartbeat.TableVersion < _tenants.Table.Version)
            effects.Send(Address.OfNode(from), new TableUpdate { Table = _tenants.Table });
    }

    /// <summary>Takes a routing table, from whomever it comes.</summary>
    /// <param name="update">The table.</param>
    /// <param name="effects">Where the messages go.</param>
    public void Receive(TableUpdate update, Effects effects)
    {
        ArgumentNullException.ThrowIfNull(update);
        ArgumentNullException.ThrowIfNull(effects);
        _tenants.Take(update.Table);
        if (update.AnswerTo is { } asker)
            effects.Send(asker, new TableKnown { Version = _tenants.Table.Version });
    }

    private static List<ShardBeat> BeatsFor(ReplicaId other, IReadOnlyList<ShardReplica> replicas)
    {
        var beats = new List<ShardBeat>(replicas.Count);
        for (var place = 0; place < replicas.Count; place++)
        {
            if (replicas[place].Raft.BeatFor(other) is { } beat)
                beats.Add(beat);
        }
        return beats;
    }

    private static HlcTimestamp LatestOf(IReadOnlyList<ShardReplica> replicas)
    {
        var latest = HlcTimestamp.Zero;
        for (var place = 0; place < replicas.Count; place++)
        {
            if (replicas[place].Hlc > latest)
                latest = replicas[place].Hlc;
        }
        return latest;
    }
}

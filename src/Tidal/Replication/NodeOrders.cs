using Tidal.Schema;

namespace Tidal.Replication;

/// <summary>
/// What the control plane asks of a node as a whole: how it stands, and to leave its offices before it is stopped. Not safe for use
/// by several threads.
/// </summary>
public sealed class NodeOrders
{
    private readonly ReplicationOptions _options;
    private long _drainUntil = long.MinValue;

    /// <summary>Takes orders for a node.</summary>
    /// <param name="options">Times, and the formats that it reads.</param>
    public NodeOrders(ReplicationOptions options) => _options = options;

    /// <summary>When it has something to do by itself, monotonic microseconds: a drain that nobody asks for any more ends.</summary>
    public long NextDeadlineMicroseconds => IsDraining ? _drainUntil : long.MaxValue;

    private bool IsDraining => _drainUntil != long.MinValue;

    /// <summary>Lets time pass.</summary>
    /// <param name="now">The edge's clocks.</param>
    /// <param name="replicas">The replicas that run on the node.</param>
    public void Tick(ClockReading now, IReadOnlyList<ShardReplica> replicas)
    {
        ArgumentNullException.ThrowIfNull(replicas);
        if (now.MonotonicMicroseconds >= NextDeadlineMicroseconds)
            Drain(replicas, long.MinValue);
    }

    /// <summary>Takes a question, and the order in it.</summary>
    /// <param name="now">The edge's clocks.</param>
    /// <param name="from">Who asks.</param>
    /// <param name="request">The question.</param>
    /// <param name="replicas">The replicas that run on the node, in order of their shards.</param>
    /// <param name="effects">Where the answer goes.</param>
    public void Receive(ClockReading now, Address from, NodeStatusRequest request, IReadOnlyList<ShardReplica> replicas, Effects effects)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(replicas);
        ArgumentNullException.ThrowIfNull(effects);
        Drain(replicas, request.Drain ? now.MonotonicMicroseconds + _options.DrainLeaseMicroseconds : long.MinValue);
        effects.Send(from, new NodeStatus
        {
            Round = request.Round,
            FormatReadable = _options.FormatReadable,
            IsDraining = IsDraining,
            Replicas = [.. replicas.Select(StandingOf)],
        });
    }

    private void Drain(IReadOnlyList<ShardReplica> replicas, long until)
    {
        _drainUntil = until;
        for (var place = 0; place < replicas.Count; place++)
            replicas[place].Yields = IsDraining;
    }

    private static ReplicaStanding StandingOf(ShardReplica replica) => new(
        replica.Self.Shard, replica.Raft.Epoch, replica.Raft.IsReadyPrimary, replica.Raft.Format, replica.Raft.LevelVoters);
}

using Tidal.Replication;
using Tidal.Schema;

namespace Tidal.Placement;

/// <summary>The times of a rolling upgrade. Immutable.</summary>
public sealed record UpgradeOptions
{
    /// <summary>How often all nodes are asked how they stand; an answer that takes longer than this is too late. Default 500 ms.</summary>
    public TimeSpan BeatInterval { get; init; } = TimeSpan.FromMilliseconds(500);
}

/// <summary>What a rolling upgrade is to bring about, and where it runs. Immutable.</summary>
/// <param name="Region">The region it runs in: it reaches the others by their links.</param>
/// <param name="Topology">The cluster.</param>
/// <param name="Coordinator">Keeps the routing table.</param>
/// <param name="FormatWanted">The batch version that the new software reads: a node that reads less is to be upgraded.</param>
/// <param name="Options">Its times.</param>
public sealed record UpgradeSettings(RegionId Region, Topology Topology, ICoordinator Coordinator, ushort FormatWanted, UpgradeOptions Options);

/// <summary>
/// Upgrades the nodes of a cluster under load, one at a time: the node hands over the shards that it is the primary of (drain), is
/// stopped, given its new software and started by the host, and comes level with its groups before the next one's turn. No node
/// is stopped while that would leave a group without a quorum of level voters. When every node of every region reads the new
/// format, the routing table says so, and the primaries raise it (PROTOCOL 9).
/// <para>
/// It keeps nothing that a crash could lose: what is next follows from what the nodes answer. A pure state machine; not safe for
/// use by several threads.
/// </para>
/// </summary>
public sealed partial class RollingUpgrade
{
    private readonly UpgradeSettings _settings;
    private readonly NodeId[] _nodes;
    private readonly bool[,] _read;
    // What was answered to the last question, and what has come so far to the one under way.
    private NodeStatus?[,] _statuses;
    private NodeStatus?[,] _answers;
    private readonly int _quorum;
    private long _nextBeat = long.MinValue;
    private ulong _round;

    /// <summary>Takes up an upgrade; it finds out by itself how far it is.</summary>
    /// <param name="settings">What it is to bring about, and where it runs.</param>
    public RollingUpgrade(UpgradeSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var topology = settings.Topology;
        _settings = settings;
        _nodes = [.. from region in topology.Regions from replica in topology.Replicas select new NodeId(region, replica)];
        _statuses = new NodeStatus?[topology.RegionCount, topology.ReplicaCount];
        _answers = new NodeStatus?[topology.RegionCount, topology.ReplicaCount];
        _read = new bool[topology.RegionCount, topology.ReplicaCount];
        _quorum = topology.ReplicaCount / 2 + 1;
        Progress = new UpgradeProgress(UpgradeStep.Waiting, null, [], null);
    }

    /// <summary>Its address: it stands beside the region's control plane, which tells the nodes the table.</summary>
    public Address Self => Address.OfControlPlane(_settings.Region) with { Replica = new ReplicaId(1) };

    /// <summary>What it wants to send; the host sees to it and clears it after each input.</summary>
    public Effects Effects { get; } = new();

    /// <summary>
    /// Nodes that the host is to stop, give their new software, and start; the host clears it. One that is ordered twice, by a
    /// successor that does not know of the first order, is upgraded once.
    /// </summary>
    public List<NodeId> Orders { get; } = [];

    /// <summary>How far it is.</summary>
    public UpgradeProgress Progress { get; private set; }

    /// <summary>The earliest monotonic time at which <see cref="Tick"/> has anything to do.</summary>
    public long NextDeadlineMicroseconds => Progress.Step == UpgradeStep.Done ? long.MaxValue : _nextBeat;

    /// <summary>Lets time pass.</summary>
    /// <param name="now">The edge's clocks.</param>
    public void Tick(ClockReading now)
    {
        if (now.MonotonicMicroseconds < NextDeadlineMicroseconds)
            return;
        _nextBeat = now.MonotonicMicroseconds + _settings.Options.BeatInterval.Ticks / TimeSpan.TicksPerMicrosecond;
        (_statuses, _answers) = (_answers, _statuses);
        Array.Clear(_answers);
        if (_round > 0)
            Decide();
        AskAll();
    }

    /// <summary>Takes a message.</summary>
    /// <param name="from">The sender.</param>
    /// <param name="message">The message.</param>
    public void Receive(Address from, Message message)
    {
        if (message is not NodeStatus status || status.Round != _round)
            return;
        _answers[from.Region.Ordinal, from.Replica.Number] = status;
        _read[from.Region.Ordinal, from.Replica.Number] = status.FormatReadable >= _settings.FormatWanted;
    }

    private void AskAll()
    {
        _round++;
        foreach (var node in _nodes)
            Effects.Send(Address.OfNode(node), new NodeStatusRequest { Round = _round, Drain = node == _current });
    }

    private bool IsRaised => _settings.Coordinator.Current.Format >= _settings.FormatWanted;

    /// <summary>What a node answered to the last question; null if it did not answer.</summary>
    private NodeStatus? StatusOf(NodeId node) => _statuses[node.Region.Ordinal, node.Replica.Number];

    /// <summary>Whether a node has said, whenever that was, that it reads the new format.</summary>
    private bool Reads(NodeId node) => _read[node.Region.Ordinal, node.Replica.Number];
}

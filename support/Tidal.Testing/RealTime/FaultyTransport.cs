using Tidal.Replication;
using Tidal.Replication.Raft;
using Tidal.Schema;

namespace Tidal.Testing.RealTime;

/// <summary>
/// The transport of a cluster in real time with its links and faults: messages between regions take as long as the options say; what
/// is shut out, between regions one way or both, or between one replica and its group, is dropped when it is sent and when it
/// arrives; log data is held up. What lies in a mailbox already has arrived. Safe for use by several threads.
/// </summary>
internal sealed class FaultyTransport : ITransport, IDisposable
{
    private readonly ITransport _inner;
    private readonly Func<long> _nowMicroseconds;
    private readonly LinkThread _links;
    private readonly long[,] _latencies;
    private readonly Lock _lock = new();
    private readonly int[,] _blocks;
    private readonly Dictionary<(RegionId From, RegionId To), List<(Address From, Address To, SegmentMessage Segment)>> _heldUp = [];
    private volatile HashSet<Address> _cutOff = [];
    private volatile bool _holdsUp;

    public FaultyTransport(ITransport inner, ClusterOptions options, Func<long> nowMicroseconds)
    {
        (_inner, _nowMicroseconds) = (inner, nowMicroseconds);
        _links = new LinkThread(nowMicroseconds, Arrive);
        var topology = options.Topology;
        _blocks = new int[topology.RegionCount, topology.RegionCount];
        _latencies = new long[topology.RegionCount, topology.RegionCount];
        foreach (var from in topology.Regions)
        {
            foreach (var to in topology.Regions.Where(to => to != from))
                _latencies[from.Ordinal, to.Ordinal] = (long)options.RegionLink(topology.NameOf(from), topology.NameOf(to)).Latency.TotalMicroseconds;
        }
    }

    /// <inheritdoc/>
    public void SendSegment(Address from, Address to, SegmentMessage segment)
    {
        if (!IsShut(from, to) && !(_holdsUp && HoldsUp(from, to, segment)))
            Carry(from, to, segment);
    }

    /// <inheritdoc/>
    public void Send(Address from, Address to, Message message)
    {
        if (IsShut(from, to))
            return;
        var cutOff = _cutOff;
        Carry(from, to, cutOff.Count > 0 && message is NodeHeartbeat heartbeat ? Without(cutOff, from, to, heartbeat) : message);
    }

    /// <inheritdoc/>
    public void Dispose() => _links.Dispose();

    /// <summary>Shuts messages from one region to another out; calls add up.</summary>
    public void Block(RegionId from, RegionId to) => Interlocked.Increment(ref _blocks[from.Ordinal, to.Ordinal]);

    /// <summary>Takes one <see cref="Block"/> back.</summary>
    public void Unblock(RegionId from, RegionId to) => Interlocked.Decrement(ref _blocks[from.Ordinal, to.Ordinal]);

    /// <summary>Whether messages from one region to another are shut out.</summary>
    public bool IsBlocked(RegionId from, RegionId to) => Volatile.Read(ref _blocks[from.Ordinal, to.Ordinal]) > 0;

    /// <summary>Cuts a replica off from the others of its group.</summary>
    public void CutOff(Address replica)
    {
        lock (_lock)
            _cutOff = [.. _cutOff, replica];
    }

    /// <summary>Takes <see cref="CutOff"/> back.</summary>
    public void Connect(Address replica)
    {
        lock (_lock)
            _cutOff = [.. _cutOff.Where(other => other != replica)];
    }

    /// <summary>Lets log data from one region to another stand still on its way.</summary>
    public void HoldUp(RegionId from, RegionId to)
    {
        lock (_lock)
            _holdsUp = _heldUp.TryAdd((from, to), []) || _holdsUp;
    }

    /// <summary>Lets it go on, in the order in which it was sent.</summary>
    public void Release(RegionId from, RegionId to)
    {
        lock (_lock)
        {
            _heldUp.Remove((from, to), out var held);
            _holdsUp = _heldUp.Count > 0;
            foreach (var (sender, receiver, segment) in held ?? [])
                SendSegment(sender, receiver, segment);
        }
    }

    private void Carry(Address from, Address to, Message message)
    {
        if (_latencies[from.Region.Ordinal, to.Region.Ordinal] is > 0 and var latency)
            _links.Carry(from, to, message, _nowMicroseconds() + latency);
        else
            HandOver(from, to, message);
    }

    private void Arrive(Address from, Address to, Message message)
    {
        if (!IsShut(from, to))
            HandOver(from, to, message);
    }

    private void HandOver(Address from, Address to, Message message)
    {
        if (message is SegmentMessage segment)
            _inner.SendSegment(from, to, segment);
        else
            _inner.Send(from, to, message);
    }

    private bool HoldsUp(Address from, Address to, SegmentMessage segment)
    {
        lock (_lock)
        {
            if (!_heldUp.TryGetValue((from.Region, to.Region), out var held))
                return false;
            held.Add((from, to, segment));
            return true;
        }
    }

    private bool IsShut(Address from, Address to) => IsBlocked(from.Region, to.Region) || IsCutOff(_cutOff, from, to);

    private static bool IsCutOff(HashSet<Address> cutOff, Address from, Address to) =>
        cutOff.Count > 0 && from.Region == to.Region && from.Shard == to.Shard && (cutOff.Contains(from) || cutOff.Contains(to));

    // A node's heartbeat carries those of all its replicas: only the one's that is cut off is lost.
    private static NodeHeartbeat Without(HashSet<Address> cutOff, Address sender, Address receiver, NodeHeartbeat heartbeat) => new()
    {
        Hlc = heartbeat.Hlc,
        TableVersion = heartbeat.TableVersion,
        Beats = [.. heartbeat.Beats.Where(beat => !IsCutOff(cutOff, sender with { Shard = beat.Shard }, receiver with { Shard = beat.Shard }))],
    };
}

using Tidal.Replication;
using Tidal.Schema;
using Tidal.Testing.History;

namespace Tidal.Testing.Simulation;

/// <summary>
/// The network of a simulated cluster: latency and jitter for each pair of regions, loss, duplication, and partitions, which
/// shut every message, those under way included. Not safe for use by several threads.
/// </summary>
internal sealed class SimulatedNetwork : ITransport
{
    private readonly VirtualTime _time;
    private readonly DeterministicRandom _random;
    private readonly ClusterHistory _history;
    private readonly Func<Address, IActor> _actors;
    private readonly LinkOptions[,] _links;
    private readonly List<LinkDisturbance> _disturbances = [];
    private readonly int[,] _blocks;
    private readonly HashSet<Address> _cutOff = [];
    private readonly long[,] _cuts;
    private readonly Dictionary<(RegionId From, RegionId To), List<(Address From, Address To, SegmentMessage Segment)>> _heldUp = [];

    public SimulatedNetwork(ClusterOptions options, VirtualTime time, ClusterHistory history, Func<Address, IActor> actors)
    {
        _time = time;
        _history = history;
        _actors = actors;
        _random = new DeterministicRandom(EntityHash.Mix(options.Seed ^ 0x6E65_7477_6F72_6B00));
        var regions = options.Topology.RegionCount;
        _links = new LinkOptions[regions, regions];
        _blocks = new int[regions, regions];
        _cuts = new long[regions, regions];
        foreach (var from in options.Topology.Regions)
        {
            foreach (var to in options.Topology.Regions)
                _links[from.Ordinal, to.Ordinal] = LinkOf(options, from, to);
        }
    }

    /// <inheritdoc/>
    public void SendSegment(Address from, Address to, SegmentMessage segment)
    {
        if (_heldUp.TryGetValue((from.Region, to.Region), out var held))
            held.Add((from, to, segment));
        else
            Deliver(from, to, segment);
    }

    /// <inheritdoc/>
    public void Send(Address from, Address to, Message message) => Deliver(from, to, message);

    /// <summary>Whether messages from one region to another are shut out.</summary>
    public bool IsBlocked(RegionId from, RegionId to) => _blocks[from.Ordinal, to.Ordinal] > 0;

    /// <summary>Whether a message is shut out, on its way as well as at its sending.</summary>
    public bool IsShut(Address from, Address to) =>
        IsBlocked(from.Region, to.Region)
        || (_cutOff.Count > 0 && from.Region == to.Region && from.Shard == to.Shard && (_cutOff.Contains(from) || _cutOff.Contains(to)));

    /// <summary>Cuts a replica off from the others of its group.</summary>
    public void CutOff(Address replica) => _cutOff.Add(replica);

    /// <summary>Takes <see cref="CutOff"/> back.</summary>
    public void Connect(Address replica) => _cutOff.Remove(replica);

    /// <summary>Shuts messages from one region to another out; calls add up.</summary>
    public void Block(RegionId from, RegionId to)
    {
        _blocks[from.Ordinal, to.Ordinal]++;
        _cuts[from.Ordinal, to.Ordinal]++;
    }

    /// <summary>Takes one <see cref="Block"/> back.</summary>
    public void Unblock(RegionId from, RegionId to) => _blocks[from.Ordinal, to.Ordinal]--;

    /// <summary>Whether a message that is due was shut out: now, or by a partition that began and ended while it was under way.</summary>
    public bool IsLost(in DueEvent due) =>
        IsShut(due.From, due.To) || due.Token != _cuts[due.From.Region.Ordinal, due.To.Region.Ordinal];

    /// <summary>Disturbs the link between two regions, both ways; disturbances add up.</summary>
    public void Disturb(LinkDisturbance disturbance) => _disturbances.Add(disturbance);

    /// <summary>Takes one <see cref="Disturb"/> back.</summary>
    public void Calm(LinkDisturbance disturbance) => _disturbances.Remove(disturbance);

    /// <summary>Lets log data from one region to another stand still on its way.</summary>
    public void HoldUp(RegionId from, RegionId to) => _heldUp.TryAdd((from, to), []);

    /// <summary>Lets it go on, in the order in which it was sent.</summary>
    public void Release(RegionId from, RegionId to)
    {
        if (!_heldUp.Remove((from, to), out var held))
            return;
        foreach (var (sender, receiver, segment) in held)
            Deliver(sender, receiver, segment);
    }

    /// <summary>How messages travel from one region to another, now.</summary>
    public LinkOptions LinkBetween(RegionId from, RegionId to)
    {
        var link = _links[from.Ordinal, to.Ordinal];
        foreach (var disturbance in _disturbances)
        {
            if (disturbance.IsBetween(from, to))
                link = disturbance.On(link);
        }
        return link;
    }

    private static LinkOptions LinkOf(ClusterOptions options, RegionId from, RegionId to) => from == to
        ? options.LocalLink
        : options.RegionLink(options.Topology.NameOf(from), options.Topology.NameOf(to));

    private void Deliver(Address from, Address to, Message message)
    {
        var link = LinkBetween(from.Region, to.Region);
        _history.Sent(_time.NowMicroseconds, from, to, message);
        if (IsShut(from, to) || _random.Chance(link.Loss))
            return;
        Enqueue(from, to, message, link);
        if (_random.Chance(link.Duplication))
            Enqueue(from, to, message, link);
    }

    private void Enqueue(Address from, Address to, Message message, LinkOptions link)
    {
        var delay = link.Latency.Ticks / TimeSpan.TicksPerMicrosecond + _random.Next(0, link.Jitter.Ticks / TimeSpan.TicksPerMicrosecond + 1);
        _time.At(_time.NowMicroseconds + delay, new DueEvent
        {
            Kind = DueKind.Delivery,
            Actor = _actors(to),
            From = from,
            To = to,
            Message = message,
            Token = _cuts[from.Region.Ordinal, to.Region.Ordinal],
        });
    }
}

/// <summary>What a lossy link adds to the link between two regions.</summary>
internal sealed class LinkDisturbance(RegionId first, RegionId second, double loss, double duplication)
{
    public bool IsBetween(RegionId from, RegionId to) => (from == first && to == second) || (from == second && to == first);

    /// <summary>Messages overtake each other by up to the link's latency.</summary>
    public LinkOptions On(LinkOptions link) => link with
    {
        Loss = link.Loss + (1 - link.Loss) * loss,
        Duplication = link.Duplication + (1 - link.Duplication) * duplication,
        Jitter = link.Latency,
    };
}

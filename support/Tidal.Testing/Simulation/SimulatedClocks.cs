using Tidal.Schema;

namespace Tidal.Testing.Simulation;

/// <summary>
/// The wall clocks of a simulated cluster: one a node and one a gateway, each of which may be off or stand still. Monotonic
/// clocks never lie. Not safe for use by several threads.
/// </summary>
internal sealed class SimulatedClocks
{
    private readonly long _startMilliseconds;
    private readonly VirtualTime _time;
    private readonly WallClock[,] _nodes;
    private readonly WallClock[] _gateways;

    public SimulatedClocks(ClusterOptions options, VirtualTime time)
    {
        _startMilliseconds = options.Start.ToUnixTimeMilliseconds();
        _time = time;
        _nodes = new WallClock[options.Topology.RegionCount, options.Topology.ReplicaCount];
        foreach (var region in options.Topology.Regions)
        {
            foreach (var replica in options.Topology.Replicas)
                _nodes[region.Ordinal, replica.Number] = new WallClock();
        }
        _gateways = [.. options.Topology.Regions.Select(_ => new WallClock())];
    }

    private long TrueMilliseconds => _startMilliseconds + _time.NowMicroseconds / 1000;

    /// <summary>What a node reads off its clocks now.</summary>
    public ClockReading Read(NodeId node) => Read(_nodes[node.Region.Ordinal, node.Replica.Number]);

    /// <summary>What a region's gateway reads off its clocks now.</summary>
    public ClockReading ReadAtGateway(RegionId region) => Read(_gateways[region.Ordinal]);

    /// <summary>A node's wall clock.</summary>
    public IEnumerable<WallClock> Of(NodeId node) => [_nodes[node.Region.Ordinal, node.Replica.Number]];

    /// <summary>The wall clocks of a region's nodes and of its gateway.</summary>
    public IEnumerable<WallClock> Of(RegionId region)
    {
        for (var replica = 0; replica < _nodes.GetLength(1); replica++)
            yield return _nodes[region.Ordinal, replica];
        yield return _gateways[region.Ordinal];
    }

    /// <summary>Lets a clock stand still, until it is let go as often.</summary>
    public void Hold(WallClock clock)
    {
        if (clock.Holds++ == 0)
            clock.HeldMilliseconds = TrueMilliseconds;
    }

    private ClockReading Read(WallClock clock) => new(
        _time.NowMicroseconds, (clock.Holds > 0 ? clock.HeldMilliseconds : TrueMilliseconds) + clock.AheadMilliseconds);
}

/// <summary>A wall clock, and how it lies.</summary>
internal sealed class WallClock
{
    /// <summary>How far it is ahead of the true time; negative when it is behind.</summary>
    public long AheadMilliseconds { get; set; }

    /// <summary>How often it is held.</summary>
    public int Holds { get; set; }

    /// <summary>The true time at which it was held.</summary>
    public long HeldMilliseconds { get; set; }
}

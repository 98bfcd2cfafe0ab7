using Tidal.Schema;

namespace Tidal.Crdt;

/// <summary>The bound on how far a node's wall clock may be off before it takes no client writes. Immutable.</summary>
public sealed record ClockBoundOptions
{
    /// <summary>
    /// How far the own wall clock may be off from a peer's. Default 500 ms: a peer's reading looks late by the time its message
    /// travelled, so the bound must be longer than that. Zero: any difference is too much.
    /// </summary>
    public TimeSpan DriftMax { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long what was heard from a peer is good for a comparison. Default 1 s. Zero: only at the very instant.</summary>
    public TimeSpan HeardWithin { get; init; } = TimeSpan.FromSeconds(1);
}

/// <summary>
/// The drift bound of the hybrid logical clock (Kulkarni et al. 2014, §5), which acts at the edge only (PROTOCOL 11): what
/// is in a log is applied whatever its stamp, but a primary whose wall clock is off from its peers' takes no client writes.
/// It is out of bound when more than half of the peers heard lately disagree with it, so that one clock that lies silences
/// its own node and not the honest ones; with no peer heard, writes go on.
/// <para>
/// Compared are wall clocks, not logical readings: those take over the greatest one seen, so after a single message every
/// honest node would carry the reading of the clock that lies, and agree with it. A pure function of what it is fed. Safe for use
/// by several threads: a node may run its shards on more than one.
/// </para>
/// </summary>
public sealed class ClockBound
{
    private readonly ClockBoundOptions _options;
    private readonly Lock _lock = new();

    // In order of node: a handful, looked through for every message.
    private readonly List<(NodeId Peer, ClockReading Reading)> _heard = [];

    /// <summary>A bound that has heard nobody yet.</summary>
    /// <param name="options">Its options; null for the defaults.</param>
    public ClockBound(ClockBoundOptions? options = null) => _options = options ?? new ClockBoundOptions();

    /// <summary>Takes note of a peer's wall clock, which came with a message of any kind. One reading a peer is kept.</summary>
    /// <param name="peer">The peer, in any region.</param>
    /// <param name="peerWallMilliseconds">Its wall clock when it sent the message: milliseconds since 1970, UTC.</param>
    /// <param name="now">The own clocks when the message came.</param>
    public void Hear(NodeId peer, long peerWallMilliseconds, ClockReading now)
    {
        lock (_lock)
            Keep(peer, new ClockReading(now.MonotonicMicroseconds, peerWallMilliseconds));
    }

    /// <summary>Compares the own wall clock with those of the peers heard lately.</summary>
    /// <param name="now">The own clocks.</param>
    /// <returns>Null while client writes may be taken; else by how much the clock is off.</returns>
    public ClockOutOfBound? Check(ClockReading now)
    {
        lock (_lock)
            return Compare(now);
    }

    private void Keep(NodeId peer, ClockReading reading)
    {
        var heard = (peer, reading);
        var place = 0;
        while (place < _heard.Count && _heard[place].Peer.CompareTo(peer) < 0)
            place++;
        if (place < _heard.Count && _heard[place].Peer == peer)
            _heard[place] = heard;
        else
            _heard.Insert(place, heard);
    }

    private ClockOutOfBound? Compare(ClockReading now)
    {
        var (heard, off, nearest) = (0, 0, long.MaxValue);
        foreach (var (_, reading) in _heard)
        {
            if (now.MonotonicMicroseconds - reading.MonotonicMicroseconds > _options.HeardWithin.TotalMicroseconds)
                continue;
            heard++;
            var ahead = Ahead(now, reading);
            if (Math.Abs(ahead) <= _options.DriftMax.TotalMilliseconds)
                continue;
            off++;
            nearest = Math.Abs(ahead) < Math.Abs(nearest) ? ahead : nearest;
        }
        return 2 * off > heard ? new ClockOutOfBound(nearest, off, heard, _options.DriftMax) : null;
    }

    // The peer's clock has run on since it was heard, by our monotonic clock: so a jump of our own wall clock shows at once.
    private static long Ahead(ClockReading now, ClockReading heard) =>
        now.WallMilliseconds - heard.WallMilliseconds - (now.MonotonicMicroseconds - heard.MonotonicMicroseconds) / 1000;
}

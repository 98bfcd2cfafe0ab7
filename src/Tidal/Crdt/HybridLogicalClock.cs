namespace Tidal.Crdt;

/// <summary>
/// A hybrid logical clock (Kulkarni et al. 2014): its readings only grow, follow causality, and stay close to the wall
/// clock whenever that can be trusted. What is received is always taken over: a reading that is in a log has happened.
/// Not safe for use by several threads; each state machine has its own.
/// </summary>
public sealed class HybridLogicalClock
{
    /// <summary>The last reading given or received.</summary>
    public HlcTimestamp Last { get; private set; }

    /// <summary>A reading for an event here: after every reading given or received before.</summary>
    /// <param name="wallMilliseconds">The wall clock, in milliseconds since 1970; it may stand still, jump or lie.</param>
    public HlcTimestamp Now(long wallMilliseconds)
    {
        var wall = HlcTimestamp.FromUnixMilliseconds(Math.Max(wallMilliseconds, 0));
        Last = wall > Last ? wall : new HlcTimestamp(Last.Packed + 1);
        return Last;
    }

    /// <summary>Takes over a reading that came with a message; the reading given is after it and after all before.</summary>
    /// <param name="received">The sender's reading.</param>
    /// <param name="wallMilliseconds">The wall clock here, in milliseconds since 1970.</param>
    public HlcTimestamp Receive(HlcTimestamp received, long wallMilliseconds)
    {
        Observe(received);
        return Now(wallMilliseconds);
    }

    /// <summary>Takes over a reading found in a log, without an event of its own.</summary>
    /// <param name="seen">The reading.</param>
    public void Observe(HlcTimestamp seen)
    {
        if (seen > Last)
            Last = seen;
    }
}

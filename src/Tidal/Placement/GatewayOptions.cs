namespace Tidal.Placement;

/// <summary>The times of a gateway. Immutable.</summary>
public sealed record GatewayOptions
{
    /// <summary>How long a call may look for a primary before it is refused. Default 5 s, well over a failover.</summary>
    public TimeSpan CallDeadline { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a write may stay unanswered before its outcome is unknown. Default 2 s.</summary>
    public TimeSpan WriteTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a read may stay unanswered before another replica is asked. Default 250 ms.</summary>
    public TimeSpan ReadTimeout { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How long to wait before asking again when no replica knows a primary. Default 50 ms.</summary>
    public TimeSpan RerouteDelay { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>How long a query waits for its shards: what comes later is missing. Default 500 ms.</summary>
    public TimeSpan QueryDeadline { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// How long of that a query for a user waits to hear what the user hides, before the shards are asked: a region that is later
    /// lists nothing. Default half of <see cref="QueryDeadline"/>.
    /// </summary>
    public TimeSpan HidesDeadline
    {
        get => field == default ? QueryDeadline / 2 : field;
        init;
    }

    /// <summary>
    /// How long a call waits for a region that is not the gateway's own, and does not take or answer it, before it goes to the next
    /// one that may. Default 500 ms, well over a round trip.
    /// </summary>
    public TimeSpan RegionTimeout { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>For how long a region that did not answer is passed over where another one will do. Default 2 s.</summary>
    public TimeSpan SilentRegionPause { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How often a query is planned anew, its deadline begun again, because its tenant has moved meanwhile. Default 3.</summary>
    public int ReplansMax { get; init; } = 3;

    /// <summary>The most records that one call writes; one with more is refused as invalid. Default 4,096.</summary>
    public int RecordsPerCallMax { get; init; } = 4096;

    /// <summary>
    /// The most calls under way, one that writes many records counted as so many; one more is refused as overloaded. Default 65,536.
    /// </summary>
    public int CallsMax { get; init; } = 65_536;
}

namespace Tidal.Hosting;

/// <summary>How a <see cref="TidalClient"/> retries, and how much it has under way. Immutable.</summary>
public sealed record TidalClientOptions
{
    /// <summary>How often a write that was refused for now, or whose outcome is unknown, is tried again under its operation id. Default 50; zero: never.</summary>
    public int RetriesMax { get; init; } = 50;

    /// <summary>How long to wait before each retry, unless a quota says for how long. Default 100 ms.</summary>
    public TimeSpan RetryPause { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// The most writes that wait for their turn at a shard, because 64 of the session's are outstanding there, and the most batches
    /// that wait for the one before them; one more is refused as overloaded. Default 65,536.
    /// </summary>
    public int WaitingMax { get; init; } = 65_536;

    /// <summary>The most signals in one call of the gateway; more are written call by call. Default 4,096.</summary>
    public int BatchRecordsMax { get; init; } = 4096;
}

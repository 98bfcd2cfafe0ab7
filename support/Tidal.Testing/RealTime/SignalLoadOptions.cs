using Tidal.Schema;

namespace Tidal.Testing.RealTime;

/// <summary>What a <see cref="SignalLoad"/> sends. Immutable.</summary>
public sealed record SignalLoadOptions
{
    /// <summary>Whose signals they are.</summary>
    public TenantId Tenant { get; init; } = TenantId.First;

    /// <summary>How many a second are due, in all regions together.</summary>
    public required int PerSecond { get; init; }

    /// <summary>What they are for.</summary>
    public required IReadOnlyList<ItemId> Items { get; init; }

    /// <summary>Whose they are.</summary>
    public required IReadOnlyList<UserId> Users { get; init; }

    /// <summary>Of which types.</summary>
    public required IReadOnlyList<SignalTypeId> Signals { get; init; }

    /// <summary>Decides what is sent.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>How long what is due is gathered for one call. Default 4 ms.</summary>
    public TimeSpan GatherFor { get; init; } = TimeSpan.FromMilliseconds(4);

    /// <summary>
    /// Sessions a region: as many calls may be under way there at a time, and what is due meanwhile waits, its latency counted from
    /// when it was due. Default 256.
    /// </summary>
    public int SessionsPerRegion { get; init; } = 256;

    /// <summary>The most signals of a call. Default 1,024.</summary>
    public int SignalsPerCallMax { get; init; } = 1024;

    /// <summary>How long to wait before a retry. Default 50 ms.</summary>
    public TimeSpan RetryPause { get; init; } = TimeSpan.FromMilliseconds(50);
}

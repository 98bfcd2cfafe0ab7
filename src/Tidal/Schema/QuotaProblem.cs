namespace Tidal.Schema;

/// <summary>What a tenant may have only so much of.</summary>
public enum QuotaKind
{
    /// <summary>Signals a second.</summary>
    SignalsPerSecond,

    /// <summary>Items and users with records.</summary>
    Entities,

    /// <summary>Bytes of origin logs.</summary>
    Bytes,
}

/// <summary>What a tenant has asked too much of. Immutable and safe to share between threads.</summary>
/// <param name="What">Of what.</param>
/// <param name="Limit">How much of it is accepted where it was asked for: in that region of signals, in that shard of the region of anything else.</param>
/// <param name="RetryAfter">After how long there is room again; null if it does not come by waiting.</param>
public sealed record QuotaProblem(QuotaKind What, long Limit, TimeSpan? RetryAfter)
{
    /// <inheritdoc/>
    public override string ToString()
    {
        var limit = What switch
        {
            QuotaKind.SignalsPerSecond => $"{Limit} signals a second are accepted here",
            QuotaKind.Entities => $"{Limit} items and users are accepted in this shard here",
            _ => $"{Limit} bytes are accepted in this shard here",
        };
        return RetryAfter is { } pause
            ? FormattableString.Invariant($"{limit}: there is room again in {pause.TotalMilliseconds:0.###} ms")
            : $"{limit}: waiting makes no room";
    }
}

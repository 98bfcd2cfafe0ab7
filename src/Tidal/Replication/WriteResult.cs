using Tidal.Schema;

namespace Tidal.Replication;

/// <summary>How the write of a record ended. Immutable.</summary>
/// <param name="Outcome">Acknowledged, refused, or unknown.</param>
/// <param name="Refusal">Why it was refused, if it was.</param>
/// <param name="Problem">What was wrong, in words, with an invalid write or one that was too much.</param>
/// <param name="Session">The session opened, for a write that opens one.</param>
public sealed record WriteResult(WriteOutcomeKind Outcome, RefusalReason Refusal, string? Problem, SessionId Session)
{
    /// <summary>Why it is unknown, if it is: whether a retry may tell, or nothing ever will.</summary>
    public UnknownReason Unknown { get; init; }

    /// <summary>What the tenant asked too much of, if that is why it was refused: how much it may, and when to retry.</summary>
    public QuotaProblem? Quota { get; init; }

    /// <summary>
    /// Whether a retry under the same operation id can end otherwise. If not, the operation stays what its tries made it, or, where
    /// a quota is used up that does not fill again, until the operator allows more.
    /// </summary>
    public bool MayBeRetried => Outcome switch
    {
        WriteOutcomeKind.Acknowledged => false,
        WriteOutcomeKind.Unknown => Unknown != UnknownReason.OutsideWindow,
        _ when Refusal == RefusalReason.QuotaExceeded => Quota?.RetryAfter is not null,
        _ => Refusal is not (RefusalReason.Invalid or RefusalReason.SessionEnded or RefusalReason.SessionExhausted or RefusalReason.SessionOfAnotherTenant
            or RefusalReason.TooManyAttempts),
    };

    // One for all: the usual outcome costs nothing.
    internal static WriteResult Acknowledged { get; } = new(WriteOutcomeKind.Acknowledged, RefusalReason.None, null, default);

    internal static WriteResult Unanswered { get; } = new(WriteOutcomeKind.Unknown, RefusalReason.None, null, default) { Unknown = UnknownReason.Unanswered };

    internal static WriteResult OutsideWindow { get; } = new(WriteOutcomeKind.Unknown, RefusalReason.None, null, default) { Unknown = UnknownReason.OutsideWindow };

    internal static WriteResult Refused(RefusalReason reason, string? problem = null) => new(WriteOutcomeKind.Refused, reason, problem, default);

    internal static WriteResult Refused(QuotaProblem quota) =>
        new(WriteOutcomeKind.Refused, RefusalReason.QuotaExceeded, quota.ToString(), default) { Quota = quota };
}

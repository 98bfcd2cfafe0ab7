using Tidal.Log;
using Tidal.Query;
using Tidal.Replication;
using Tidal.Schema;

namespace Tidal.Placement;

/// <summary>
/// A client's call of a gateway: made, handed to <see cref="Gateway.Begin"/>, and completed by it once. Not safe for use by
/// several threads.
/// </summary>
public abstract class ClientCall
{
    /// <summary>Whose data.</summary>
    public TenantId Tenant { get; init; } = TenantId.First;

    /// <summary>Whether the outcome is there.</summary>
    public bool IsCompleted { get; private set; }

    /// <summary>Called once, when the outcome is there; must not block.</summary>
    public Action<ClientCall>? Completed { get; init; }

    internal long StartedMicroseconds { get; set; }

    internal long DeadlineMicroseconds { get; set; }

    internal void Complete()
    {
        IsCompleted = true;
        Completed?.Invoke(this);
    }
}

/// <summary>How a write ended. Immutable.</summary>
/// <param name="Outcome">Acknowledged, refused, or unknown.</param>
/// <param name="Refusal">Why it was refused, if it was.</param>
/// <param name="Problem">What was wrong with an invalid write.</param>
/// <param name="Session">The session opened, for a write that opens one.</param>
public sealed record WriteResult(WriteOutcomeKind Outcome, RefusalReason Refusal, string? Problem, SessionId Session);

/// <summary>
/// Writes one record. To retry one whose outcome is unknown, make a new call with the <see cref="Record"/> that this one
/// has when it completes: it keeps the operation id, and the cohorts that the first try was stamped with (PROTOCOL 21).
/// </summary>
public sealed class WriteCall : ClientCall
{
    /// <summary>What to write. A signal's cohorts are null until its user's shard has told them.</summary>
    public required LogRecord Record { get; set; }

    /// <summary>How it ended, once completed.</summary>
    public WriteResult? Result { get; internal set; }
}

/// <summary>A decay score and count, as one region's primary has them committed. Immutable.</summary>
/// <param name="Score">The decay score.</param>
/// <param name="Count">Signals counted, all time.</param>
public sealed record ScoreResult(double Score, long Count);

/// <summary>Reads the decay score and count of one (item, signal, cohort) in the gateway's region.</summary>
public sealed class ScoreCall : ClientCall
{
    /// <summary>The item.</summary>
    public required ItemId Item { get; init; }

    /// <summary>The signal type.</summary>
    public required SignalTypeId Signal { get; init; }

    /// <summary>The cohort, or everyone.</summary>
    public CohortScope Scope { get; init; } = CohortScope.Everyone;

    /// <summary>At which time, in milliseconds since 1970; null for now.</summary>
    public long? ReadTimeMilliseconds { get; init; }

    /// <summary>The answer, once completed; null when no primary answered before the call's deadline.</summary>
    public ScoreResult? Result { get; internal set; }
}

/// <summary>Reads the cohorts of a user in the gateway's region.</summary>
public sealed class CohortCall : ClientCall
{
    /// <summary>The user.</summary>
    public required UserId User { get; init; }

    /// <summary>The answer, once completed; null when no primary answered before the call's deadline.</summary>
    public IReadOnlyList<CohortScope>? Result { get; internal set; }
}

/// <summary>Asks a query.</summary>
public sealed class QueryCall : ClientCall
{
    /// <summary>The query.</summary>
    public required RetrieveQuery Query { get; init; }

    /// <summary>At which time scores are read, in milliseconds since 1970; null for now. A query with a cursor is read at the cursor's.</summary>
    public long? ReadTimeMilliseconds { get; init; }

    /// <summary>The answer, once completed.</summary>
    public QueryAnswer? Result { get; internal set; }
}

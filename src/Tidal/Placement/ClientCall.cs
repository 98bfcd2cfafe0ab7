using Tidal.Crdt;
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

    /// <summary>What the caller's session has seen before this call; null for a call outside of any session.</summary>
    public SessionToken? Token { get; init; }

    /// <summary>What it has seen once the call is completed: give it to the session's next call, wherever that is made. Null without <see cref="Token"/>.</summary>
    public SessionToken? TokenAfter { get; private set; }

    /// <summary>
    /// Why there is no outcome, of a call that could not be carried out: its query is wrong, there is no such tenant, or its gateway
    /// had no room for it or was stopped (<see cref="GatewayUnavailableException"/>). A write has an outcome in the last two cases.
    /// </summary>
    public Exception? Failure { get; private set; }

    /// <summary>Keeps the calls that are under way, where a host does; set by it.</summary>
    internal CallsUnderWay? Keeper { get; set; }

    /// <summary>Its place among them.</summary>
    internal int KeptAt { get; set; }

    /// <summary>As how many calls it counts.</summary>
    internal virtual int Load => 1;

    internal long StartedMicroseconds { get; set; }

    internal long DeadlineMicroseconds { get; set; }

    /// <summary>The session has written, or read, this far of a shard.</summary>
    internal void Saw(ShardId shard, IReadOnlyList<OriginNumber> marks)
    {
        TokenAfter = (TokenAfter ?? Token)?.With(Tenant, shard, marks);
    }

    internal void Complete(HlcTimestamp now)
    {
        TokenAfter = (TokenAfter ?? Token)?.With(now);
        End();
    }

    /// <summary>Ends the call without its gateway.</summary>
    /// <param name="result">How a write ends; null where only <paramref name="failure"/> says something.</param>
    /// <param name="failure">Why anything else has no outcome.</param>
    internal void EndWithout(WriteResult? result, Exception failure)
    {
        if (result is null || !TakeResult(result))
            Failure = failure;
        TokenAfter ??= Token;
        End();
    }

    /// <summary>Takes the result of a write, if it is one.</summary>
    private protected virtual bool TakeResult(WriteResult result) => false;

    // A host tells whoever waits when its machine has finished its step.
    private void End()
    {
        IsCompleted = true;
        if (Keeper is { } keeper)
            keeper.OnCompleted(this);
        else
            Completed?.Invoke(this);
    }
}

/// <summary>What becomes of a read where the region asked does not yet hold what the caller's session has seen. It is never answered without that.</summary>
public enum BehindSession
{
    /// <summary>It waits, up to its deadline, for the region to catch up.</summary>
    Wait,

    /// <summary>It is refused at once.</summary>
    Refuse,
}

/// <summary>
/// Writes one record. To retry one whose outcome is unknown, in the same region or in another, hand <see cref="Retry"/> to a
/// gateway: it keeps the operation id, the cohorts that the first try was stamped with (PROTOCOL 21), the clock's reading
/// that an undo got (PROTOCOL 14), and what decides the attempt (PROTOCOL 12). To take a signal back, write <see cref="LogRecord.Retraction"/> of the <see cref="Record"/> that its
/// call has when it completes.
/// </summary>
public sealed class WriteCall : ClientCall
{
    private OperationAttempts? _attempts;

    /// <summary>What to write. A signal's cohorts are null until its user's shard has told them, an undo's stamp zero until its first try; the gateway sets the attempt.</summary>
    public required LogRecord Record { get; set; }

    /// <summary>
    /// Where the operation was tried before; made for its first try. A record that comes with an attempt, because another
    /// program tried it, is never sent with a lower one.
    /// </summary>
    public OperationAttempts Attempts
    {
        get => _attempts ??= new OperationAttempts(Record.Attempt);
        init => _attempts = value;
    }

    /// <summary>How it ended, once completed.</summary>
    public WriteResult? Result { get; internal set; }

    private protected override bool TakeResult(WriteResult result)
    {
        Result = result;
        return true;
    }

    /// <summary>The next try of the same operation, for a gateway of any region.</summary>
    /// <param name="completed">Called once, when its outcome is there; must not block.</param>
    /// <param name="token">What the session has seen by now; null for what this try had.</param>
    public WriteCall Retry(Action<ClientCall>? completed = null, SessionToken? token = null) =>
        new() { Tenant = Tenant, Record = Record, Attempts = Attempts, Token = token ?? TokenAfter ?? Token, Completed = completed };
}

/// <summary>
/// Ends a session in the gateway's region, in every shard; the other regions end it when they see that. What it had
/// outstanding and is not in a log by then is refused from there on.
/// </summary>
public sealed class EndSessionCall : ClientCall
{
    /// <summary>The session.</summary>
    public required SessionId Session { get; init; }

    /// <summary>How it ended, once completed: acknowledged if every shard has ended it, else what one that has not answered.</summary>
    public WriteResult? Result { get; internal set; }

    private protected override bool TakeResult(WriteResult result)
    {
        Result = result;
        return true;
    }
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

    /// <summary>What to do where the region does not hold yet what the session has written or read.</summary>
    public BehindSession WhenBehind { get; init; }

    /// <summary>The answer, once completed; null when no primary answered before the call's deadline, or none that holds what the session has seen.</summary>
    public ScoreResult? Result { get; internal set; }

    /// <summary>Whether there is no answer because the region does not hold what the session has seen.</summary>
    public bool IsBehindSession { get; internal set; }
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

    /// <summary>What a query for a user does where what the session has seen of the user's shard is not held yet.</summary>
    public BehindSession WhenBehind { get; init; }

    /// <summary>The answer, once completed.</summary>
    public QueryAnswer? Result { get; internal set; }
}

using Tidal.Crdt;
using Tidal.Schema;

namespace Tidal.Replication;

/// <summary>What is known of an operation id.</summary>
public enum OperationStanding
{
    /// <summary>It was not seen, and is recent enough to say so.</summary>
    New,

    /// <summary>It is in the log.</summary>
    Held,

    /// <summary>It is older than the session's window and not in the log: whether it was ever tried cannot be told.</summary>
    OutsideWindow,
}

/// <summary>
/// Which operations an origin log holds: per session, the exact set of their numbers. A function of that log; nothing is
/// forgotten to make room. Not safe for use by several threads.
/// </summary>
public sealed class IdempotencyStore
{
    /// <summary>How many writes of a session may be outstanding at a time: numbers within it of the highest are told apart exactly.</summary>
    public const int Window = 64;

    private readonly Dictionary<SessionId, NumberSet> _sessions = [];

    /// <summary>Remembers an operation.</summary>
    /// <param name="operation">Its id.</param>
    /// <returns>Whether it was not held before.</returns>
    public bool Add(OperationId operation)
    {
        if (!_sessions.TryGetValue(operation.Session, out var numbers))
            _sessions.Add(operation.Session, numbers = new NumberSet());
        return numbers.Add(operation.Number);
    }

    /// <summary>What is known of an operation.</summary>
    /// <param name="operation">Its id.</param>
    public OperationStanding StandingOf(OperationId operation)
    {
        if (!_sessions.TryGetValue(operation.Session, out var numbers))
            return OperationStanding.New;
        if (numbers.Contains(operation.Number))
            return OperationStanding.Held;
        return operation.Number < numbers.Highest && numbers.Highest - operation.Number >= Window
            ? OperationStanding.OutsideWindow
            : OperationStanding.New;
    }

    /// <summary>Adds the store to a digest.</summary>
    /// <param name="digest">The digest.</param>
    public void AddTo(StateWriter digest)
    {
        ArgumentNullException.ThrowIfNull(digest);
        digest.Add(_sessions.Count);
        foreach (var (session, numbers) in _sessions.OrderBy(pair => pair.Key))
        {
            digest.Add(session.Region.Ordinal);
            digest.Add(session.Number);
            numbers.AddTo(digest);
        }
    }

    /// <summary>A copy that shares nothing with this one.</summary>
    internal IdempotencyStore Copy()
    {
        var copy = new IdempotencyStore();
        foreach (var (session, numbers) in _sessions)
            copy._sessions.Add(session, numbers.Copy());
        return copy;
    }

    internal static IdempotencyStore Read(StateReader reader)
    {
        var store = new IdempotencyStore();
        for (var left = reader.ReadCount(3 * sizeof(long)); left > 0; left--)
            store._sessions.Add(new SessionId(reader.ReadRegion(), reader.ReadUInt64()), NumberSet.Read(reader));
        return store;
    }
}

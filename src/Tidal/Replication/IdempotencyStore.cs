using Tidal.Crdt;
using Tidal.Log;
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
/// Which operations an origin log holds, and which retractions: per session the exact sets of their numbers, first attempts
/// and later ones told apart. A function of that log; nothing is forgotten to make room. A session's sets go when it has
/// ended everywhere. Not safe for use by several threads.
/// </summary>
public sealed class IdempotencyStore
{
    /// <summary>How many writes of a session may be outstanding at a time: numbers within it of the highest are told apart exactly.</summary>
    public const int Window = 64;

    private readonly Dictionary<SessionId, SessionRecords> _sessions = [];

    // A session's records often come together.
    private SessionId _lastSession;
    private SessionRecords? _lastRecords;

    /// <summary>Sessions of which the log holds anything, but for those that have ended everywhere.</summary>
    public int SessionCount => _sessions.Count;

    /// <summary>The sessions, in no particular order.</summary>
    internal IReadOnlyDictionary<SessionId, SessionRecords> Sessions => _sessions;

    /// <summary>Remembers a record.</summary>
    /// <param name="identity">What it is known by.</param>
    /// <param name="attempt">Its attempt.</param>
    /// <param name="stamp">Its stamp.</param>
    /// <returns>Whether it was not held before.</returns>
    public bool Add(RecordIdentity identity, byte attempt, HlcTimestamp stamp)
    {
        return RecordsOf(identity.Session).Add(identity, attempt == 0, stamp);
    }

    /// <summary>Remembers the first attempt at an operation.</summary>
    internal void AddFirst(OperationId operation, HlcTimestamp stamp) => RecordsOf(operation.Session).AddFirst(operation.Number, stamp);

    /// <summary>What is known of an operation.</summary>
    /// <param name="operation">Its id.</param>
    public OperationStanding StandingOf(OperationId operation)
    {
        if (!_sessions.TryGetValue(operation.Session, out var records))
            return OperationStanding.New;
        if (records.Holds(new RecordIdentity(operation, IdentityKind.Write)))
            return OperationStanding.Held;
        return operation.Number < records.HighestOperation && records.HighestOperation - operation.Number >= Window
            ? OperationStanding.OutsideWindow
            : OperationStanding.New;
    }

    /// <summary>Whether a record is in the log.</summary>
    /// <param name="identity">What it is known by.</param>
    public bool Holds(RecordIdentity identity) => _sessions.TryGetValue(identity.Session, out var records) && records.Holds(identity);

    /// <summary>Whether a record is in the log as a first attempt.</summary>
    /// <param name="identity">What it is known by.</param>
    public bool HoldsFirst(RecordIdentity identity) => _sessions.TryGetValue(identity.Session, out var records) && records.HoldsFirst(identity);

    /// <summary>Whether a session's end is in the log.</summary>
    /// <param name="session">The session.</param>
    public bool HasEnded(SessionId session) => _sessions.TryGetValue(session, out var records) && records.HasEnded;

    /// <summary>When a session was last heard of in the log; null when it never was.</summary>
    /// <param name="session">The session.</param>
    public HlcTimestamp? LastStampOf(SessionId session) => _sessions.GetValueOrDefault(session)?.LastStamp;

    /// <summary>Forgets a session: it has ended in every region, and no log will hold more of it.</summary>
    internal void Drop(SessionId session)
    {
        _sessions.Remove(session);
        _lastRecords = null;
    }

    /// <summary>Adds the store to a digest.</summary>
    /// <param name="digest">The digest.</param>
    public void AddTo(StateWriter digest) => AddTo(digest, null);

    /// <summary>Adds the store but for some sessions.</summary>
    internal void AddTo(StateWriter digest, Predicate<SessionId>? leftOut)
    {
        ArgumentNullException.ThrowIfNull(digest);
        var added = _sessions.Where(pair => leftOut?.Invoke(pair.Key) != true).OrderBy(pair => pair.Key).ToList();
        digest.Add(added.Count);
        foreach (var (session, records) in added)
        {
            digest.Add(session.Region.Ordinal);
            digest.Add(session.Number);
            records.AddTo(digest);
        }
    }

    /// <summary>Reads back a store.</summary>
    /// <param name="reader">At what <see cref="AddTo(StateWriter)"/> has written.</param>
    /// <exception cref="SnapshotDamagedException">There is none.</exception>
    public static IdempotencyStore Read(StateReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        var store = new IdempotencyStore();
        for (var left = reader.ReadCount(sizeof(long)); left > 0; left--)
            store._sessions.Add(new SessionId(reader.ReadRegion(), reader.ReadUInt64()), SessionRecords.Read(reader));
        return store;
    }

    private SessionRecords RecordsOf(SessionId session)
    {
        if (_lastRecords is not null && _lastSession == session)
            return _lastRecords;
        if (!_sessions.TryGetValue(session, out var records))
            _sessions.Add(session, records = new SessionRecords());
        (_lastSession, _lastRecords) = (session, records);
        return records;
    }
}

using Tidal.Crdt;
using Tidal.Log;

namespace Tidal.Replication;

/// <summary>
/// What an origin log holds of one session: which of its operations and which retractions of them, when it was last heard
/// of, and whether it has ended there. Not safe for use by several threads.
/// </summary>
internal sealed class SessionRecords
{
    private AttemptNumbers? _operations;
    private AttemptNumbers? _retractions;

    /// <summary>The highest number of an operation held; 0 for none.</summary>
    public ulong HighestOperation => _operations?.Highest ?? 0;

    /// <summary>The stamp of the session's last record in the log: after it the session was idle there.</summary>
    public HlcTimestamp LastStamp { get; private set; }

    /// <summary>Whether the session's end is in the log.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Takes a record.</summary>
    /// <returns>Whether it was not held before.</returns>
    public bool Add(RecordIdentity identity, bool isFirst, HlcTimestamp stamp)
    {
        if (stamp > LastStamp)
            LastStamp = stamp;
        switch (identity.Kind)
        {
            case IdentityKind.Write:
                return (_operations ??= new AttemptNumbers()).Add(identity.Operation.Number, isFirst);
            case IdentityKind.Retraction:
                return (_retractions ??= new AttemptNumbers()).Add(identity.Operation.Number, isFirst);
            case IdentityKind.End when !HasEnded:
                return HasEnded = true;
            default:
                return false;
        }
    }

    /// <summary>Whether a record is held.</summary>
    public bool Holds(RecordIdentity identity) =>
        identity.Kind == IdentityKind.End ? HasEnded : NumbersOf(identity.Kind)?.Holds(identity.Operation.Number) ?? false;

    /// <summary>Whether a record is held as a first attempt.</summary>
    public bool HoldsFirst(RecordIdentity identity) => NumbersOf(identity.Kind)?.HoldsFirst(identity.Operation.Number) ?? false;

    /// <summary>Whether one more record would make more intervals than a bound.</summary>
    public bool IsFullFor(RecordIdentity identity, bool isFirst, int intervalsMax) =>
        NumbersOf(identity.Kind) is { } numbers && numbers.Intervals >= intervalsMax && numbers.StandsAlone(identity.Operation.Number, isFirst);

    /// <summary>Adds what is held to a digest.</summary>
    public void AddTo(StateWriter digest)
    {
        AttemptNumbers.AddTo(digest, _operations);
        AttemptNumbers.AddTo(digest, _retractions);
        digest.Add(LastStamp.Packed);
        digest.Add(HasEnded ? 1 : 0);
    }

    /// <summary>Reads it back.</summary>
    public static SessionRecords Read(StateReader reader) => new()
    {
        _operations = AttemptNumbers.Read(reader),
        _retractions = AttemptNumbers.Read(reader),
        LastStamp = reader.ReadHlc(),
        HasEnded = reader.ReadInt32(0, 1) == 1,
    };

    private AttemptNumbers? NumbersOf(IdentityKind kind) => kind switch
    {
        IdentityKind.Write => _operations,
        IdentityKind.Retraction => _retractions,
        _ => null,
    };
}

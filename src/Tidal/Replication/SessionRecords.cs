using Tidal.Crdt;
using Tidal.Log;

namespace Tidal.Replication;

/// <summary>
/// What an origin log holds of one session: which of its operations and which retractions of them, when it was last heard
/// of, and whether it has ended there. Most sessions have first attempts in one row: the two ends of it are kept here, and sets
/// are made for those that have more. Not safe for use by several threads.
/// </summary>
internal sealed class SessionRecords
{
    // First attempts from one number to another; none when the last is 0, and none once there are sets.
    private ulong _rowFirst;
    private ulong _rowLast;
    private AttemptNumbers? _operations;
    private AttemptNumbers? _retractions;

    /// <summary>The highest number of an operation held; 0 for none.</summary>
    public ulong HighestOperation => _operations?.Highest ?? _rowLast;

    /// <summary>The stamp of the session's last record in the log: after it the session was idle there.</summary>
    public HlcTimestamp LastStamp { get; private set; }

    /// <summary>Whether the session's end is in the log.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Takes the first attempt at an operation.</summary>
    /// <returns>Whether it was not held before.</returns>
    public bool AddFirst(ulong number, HlcTimestamp stamp)
    {
        if (stamp > LastStamp)
            LastStamp = stamp;
        if (_operations is not null || number == 0 || (_rowLast > 0 && number != _rowLast + 1))
            return HoldsInRow(number) ? false : Sets().Add(number, isFirst: true);
        _rowFirst = _rowLast == 0 ? number : _rowFirst;
        _rowLast = number;
        return true;
    }

    /// <summary>Takes a record.</summary>
    /// <returns>Whether it was not held before.</returns>
    public bool Add(RecordIdentity identity, bool isFirst, HlcTimestamp stamp)
    {
        if (identity.Kind == IdentityKind.Write && isFirst)
            return AddFirst(identity.Operation.Number, stamp);
        if (stamp > LastStamp)
            LastStamp = stamp;
        switch (identity.Kind)
        {
            case IdentityKind.Write:
                return Sets().Add(identity.Operation.Number, isFirst);
            case IdentityKind.Retraction:
                return (_retractions ??= new AttemptNumbers()).Add(identity.Operation.Number, isFirst);
            case IdentityKind.End when !HasEnded:
                return HasEnded = true;
            default:
                return false;
        }
    }

    /// <summary>Whether a record is held.</summary>
    public bool Holds(RecordIdentity identity) => identity.Kind switch
    {
        IdentityKind.End => HasEnded,
        IdentityKind.Write => HoldsInRow(identity.Operation.Number) || (_operations?.Holds(identity.Operation.Number) ?? false),
        _ => NumbersOf(identity.Kind)?.Holds(identity.Operation.Number) ?? false,
    };

    /// <summary>Whether a record is held as a first attempt.</summary>
    public bool HoldsFirst(RecordIdentity identity) =>
        (identity.Kind == IdentityKind.Write && HoldsInRow(identity.Operation.Number))
        || (NumbersOf(identity.Kind)?.HoldsFirst(identity.Operation.Number) ?? false);

    /// <summary>Whether one more record would make more intervals than a bound.</summary>
    public bool IsFullFor(RecordIdentity identity, bool isFirst, int intervalsMax)
    {
        var numbers = identity.Kind == IdentityKind.Write && _rowLast > 0 ? AttemptNumbers.Row(_rowFirst, _rowLast) : NumbersOf(identity.Kind);
        return numbers is not null && numbers.Intervals >= intervalsMax && numbers.StandsAlone(identity.Operation.Number, isFirst);
    }

    /// <summary>Adds what is held to a digest.</summary>
    public void AddTo(StateWriter digest)
    {
        AttemptNumbers.AddTo(digest, _rowLast > 0 ? AttemptNumbers.Row(_rowFirst, _rowLast) : _operations);
        AttemptNumbers.AddTo(digest, _retractions);
        digest.Add(LastStamp.Packed);
        digest.Add(HasEnded ? 1 : 0);
    }

    /// <summary>Reads it back.</summary>
    public static SessionRecords Read(StateReader reader)
    {
        var records = new SessionRecords
        {
            _operations = AttemptNumbers.Read(reader),
            _retractions = AttemptNumbers.Read(reader),
            LastStamp = reader.ReadHlc(),
            HasEnded = reader.ReadInt32(0, 1) == 1,
        };
        if (records._operations?.OnlyRow is { } row)
            (records._rowFirst, records._rowLast, records._operations) = (row.First, row.Last, null);
        return records;
    }

    private bool HoldsInRow(ulong number) => number >= _rowFirst && number <= _rowLast && _rowLast > 0;

    private AttemptNumbers Sets()
    {
        if (_rowLast > 0)
            _operations = AttemptNumbers.Row(_rowFirst, _rowLast);
        (_rowFirst, _rowLast) = (0, 0);
        return _operations ??= new AttemptNumbers();
    }

    private AttemptNumbers? NumbersOf(IdentityKind kind) => kind switch
    {
        IdentityKind.Write => _operations,
        IdentityKind.Retraction => _retractions,
        _ => null,
    };
}

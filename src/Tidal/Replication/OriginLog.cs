using Tidal.Crdt;
using Tidal.Log;
using Tidal.Schema;

namespace Tidal.Replication;

/// <summary>Whether an origin log has ended, and which version of the routing table said so last. 0 is the log that nobody has sealed yet.</summary>
/// <param name="Version">The table version of the last seal or marker.</param>
/// <param name="IsSealed">Whether that was a seal: nothing follows until a marker of a newer version reopens the log.</param>
public readonly record struct OriginStanding(ulong Version, bool IsSealed)
{
    /// <summary>The standing after a record.</summary>
    /// <param name="record">The record.</param>
    internal OriginStanding After(in LogRecord record) =>
        record.Kind is RecordKind.Seal or RecordKind.TenantMarker ? new OriginStanding(record.TableVersion, record.Kind == RecordKind.Seal) : this;
}

/// <summary>
/// What a replica has committed of one origin log: how far, which operations are in it, and where in the group's log each
/// of its batches stands. Not safe for use by several threads.
/// </summary>
public sealed partial class OriginLog
{
    private readonly record struct Held(ulong FirstNumber, ulong Index, OriginMark Mark, bool IsToldApart);

    // In order of number, without a gap, and up to the mark. Bounded by the log that is held: 40 bytes for each batch of it.
    private readonly List<Held> _batches = [];

    /// <summary>How far it is held.</summary>
    public OriginMark Mark { get; private set; }

    /// <summary>Whether it is sealed, as far as it is held.</summary>
    public OriginStanding Standing { get; private set; }

    /// <summary>Batches held.</summary>
    public int BatchCount => _batches.Count;

    /// <summary>Which operations it holds, and which retractions.</summary>
    public IdempotencyStore Operations { get; private init; } = new();

    /// <summary>
    /// The oldest number of which the batch, and every one after it, is still in the log; one above the mark when none is. What
    /// lies before it can only be had in a snapshot.
    /// </summary>
    public ulong OldestHeld => _batches.Count > 0 ? _batches[0].FirstNumber : Mark.Number + 1;

    /// <summary>
    /// Committed signal records, those that do not count and those that a checkpoint or a snapshot stands for included.
    /// </summary>
    public long SignalRecords { get; private set; }

    /// <summary>Bytes of its committed batches, those that are no longer held included.</summary>
    public long Bytes { get; private set; }

    /// <summary>Remembers a committed record.</summary>
    /// <param name="record">The record.</param>
    internal void Note(in LogRecord record)
    {
        if (record.Kind == RecordKind.Signal)
            SignalRecords++;
        Standing = Standing.After(record);
        var identity = record.Identity;
        if (!identity.Operation.IsNone || record.Kind == RecordKind.Session)
            Operations.Add(identity, record.Attempt, record.Hlc);
    }

    /// <summary>Remembers the first attempt at a signal.</summary>
    internal void NoteFirst(OperationId operation, HlcTimestamp stamp)
    {
        SignalRecords++;
        if (!operation.IsNone)
            Operations.AddFirst(operation, stamp);
    }

    /// <summary>Remembers a committed batch.</summary>
    /// <param name="header">Its header.</param>
    /// <param name="index">Where it stands in the group's log.</param>
    /// <param name="isToldApart">Whether it holds a record that a merge plan tells of: a hard negative, or one of several attempts.</param>
    public void Add(in BatchHeader header, ulong index, bool isToldApart = false)
    {
        Mark = MarkOf(header);
        Bytes += BytesOf(header);
        _batches.Add(new Held(header.FirstNumber, index, Mark, isToldApart));
    }

    /// <summary>Where the batches stand that end after a number and hold a record that a merge plan tells of, in order.</summary>
    /// <param name="number">The number.</param>
    public IEnumerable<ulong> ToldApartAfter(ulong number)
    {
        for (var place = PlaceOf(number + 1); place < _batches.Count; place++)
        {
            if (_batches[place].IsToldApart)
                yield return _batches[place].Index;
        }
    }

    /// <summary>How many batches come after a number.</summary>
    /// <param name="number">The last number that is not counted.</param>
    public int CountBatchesAfter(ulong number) => _batches.Count - PlaceOf(number + 1);

    /// <summary>Where the batch that holds a number stands, or null when it is not held (not yet, or no more).</summary>
    /// <param name="number">The number.</param>
    public (ulong Index, OriginMark Mark)? Find(ulong number)
    {
        var place = PlaceOf(number);
        return place < _batches.Count && _batches[place].FirstNumber <= number
            ? (_batches[place].Index, _batches[place].Mark)
            : null;
    }

    /// <summary>The mark that a batch takes its origin's log to.</summary>
    /// <param name="header">The batch's header.</param>
    public static OriginMark MarkOf(in BatchHeader header) => new(header.OriginEpoch, header.LastNumber, header.Crc);

    /// <summary>The bytes of a batch.</summary>
    /// <param name="header">The batch's header.</param>
    public static long BytesOf(in BatchHeader header) => BatchHeader.Size + header.PayloadBytes;

    internal void AddTo(StateWriter digest, Predicate<SessionId>? leftOut = null)
    {
        digest.Add(Mark.Epoch);
        digest.Add(Mark.Number);
        digest.Add(Mark.Crc);
        digest.Add(SignalRecords);
        digest.Add(Bytes);
        digest.Add(Standing.Version);
        digest.Add(Standing.IsSealed ? 1 : 0);
        Operations.AddTo(digest, leftOut);
    }

    /// <summary>The place of the first batch that ends at or after a number.</summary>
    private int PlaceOf(ulong number)
    {
        var low = 0;
        var high = _batches.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_batches[middle].Mark.Number < number)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }
}

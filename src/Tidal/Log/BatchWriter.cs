using System.Buffers.Binary;
using Tidal.Crdt;
using Tidal.Schema;

namespace Tidal.Log;

/// <summary>
/// Encodes batches: <see cref="Begin"/>, <see cref="TryAdd"/> until it answers false or the records are all in,
/// <see cref="Finish"/>; then again. It keeps its buffer from batch to batch. Not thread safe.
/// <para>
/// A batch is a <see cref="BatchHeader"/> and its records back to back. Numbers are varints (seven bits a byte, lowest first);
/// signed ones are zigzag varints; a string is a varint length and UTF-8; there is one encoding of a record and no other is read:
/// a number is never longer than need be, what a flag says is never said twice.
/// </para>
/// <code>
/// record  lead          1 byte, see below
///         more          1 byte, if lead bit 6:  bit 0 weight is not 1, bit 1 attempt is not 0,
///                       bit 2 session of another region than the origin's, bit 3 list of cohorts; 4 to 7: 0
///         session       varint, and its region as varint if more bit 2;   if not lead bit 4
///         operation     varint, the operation's number
///         HLC           zigzag, from (base HLC + records before);         if not lead bit 5
///         attempt       1 byte;                                           if more bit 1
///         event time    zigzag, ms from the base HLC's ms
///         body          by kind, below
///         weight        8 bytes, IEEE 754;                                if more bit 0
///         cohorts       1 byte count (of a signal 2 to 8, of a retraction 1 to 8) and the cohorts; if more bit 3
///         cohort        the one cohort;                                   if lead bit 3 of a signal
///
/// lead    bit 7 set     a signal: bits 0 to 2 are its type, 7 means that it follows; bit 3: exactly one cohort
///         bit 7 clear   bits 0 to 3 are the kind, 2 to 8
///         bit 4         the session is that of the record before (before the first: session 0 of the origin)
///         bit 5         HLC = base HLC + records before
///         bit 6         a byte "more" follows
///
/// cohort  varint (bytes * 4 + lower of attribute and 3), bytes of UTF-8, varint (attribute - 3) if that lower one is 3
///
/// body    1 signal           type varint (from 7 on), item string, user string
///         2 retraction       session varint, its region varint, operation varint, type varint, item string, user string
///         3 hard negative    1 byte: bits 0, 1 hide 0 / mute 1 / block 2, bit 2 creator, bit 3 undo; user string, target string
///         4 item             home region varint, item string, attributes
///         5 user attributes  user string, attributes
///         6 session          1 byte: open 1, end 2
///         7 tenant marker    table version varint, action 1 byte
///         8 seal             table version varint, last number varint
///
/// attributes  1 byte count, 0 to 64, and key string, value string of each
/// </code>
/// <para>
/// Version 3 differs in strings alone. The batch's dictionary is made of what stands in it, so that it takes no room and one pass
/// of its own: each string of at least 2 bytes that is spelt out gets the next entry, from 0, as long as there are no more than
/// 8,192 entries of 256 KiB in all. A string that has an entry is never spelt out again.
/// </para>
/// <code>
/// string  varint (bytes * 2), bytes of UTF-8                             the first time
///         varint (entry * 2 + 1)                                         from then on
/// cohort  the same, with lower of attribute and 3 between: varint (bytes * 8 + lower * 2) or (entry * 8 + lower * 2 + 1)
/// </code>
/// </summary>
public sealed class BatchWriter
{
    private readonly BatchDictionary _dictionary = new();
    private byte[] _buffer = [];
    private int _length;
    private BatchStart _start;
    private HlcTimestamp _base;
    private SessionId _session;

    /// <summary>Records in the batch so far.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes of the batch so far, without its header.</summary>
    public int PayloadBytes => Math.Max(0, _length - BatchHeader.Size);

    /// <summary>Encodes a batch at once.</summary>
    /// <param name="start">Whose batch it is and where it stands.</param>
    /// <param name="records">1 to 4,096 records that fit into 1 MiB.</param>
    /// <returns>Header and payload, in an array of its own.</returns>
    /// <exception cref="InvalidRecordException">A record, or the batch, is outside the format's limits.</exception>
    public static byte[] Encode(in BatchStart start, ReadOnlySpan<LogRecord> records)
    {
        var writer = new BatchWriter();
        writer.Begin(start);
        foreach (ref readonly var record in records)
        {
            if (!writer.TryAdd(record))
                throw new InvalidRecordException("a batch", $"over {writer.Count} records or {writer.PayloadBytes} bytes", Bounds);
        }
        return writer.Finish();
    }

    /// <summary>Starts a batch; what was added since the last <see cref="Finish"/> is dropped.</summary>
    /// <param name="start">Whose batch it is and where it stands.</param>
    /// <exception cref="InvalidRecordException">The first number is 0, or so large that the batch's last one would overflow.</exception>
    /// <exception cref="UnsupportedFormatException">The version is not known.</exception>
    public void Begin(in BatchStart start)
    {
        if (start.FirstNumber == 0 || start.FirstNumber > ulong.MaxValue - LogLimits.BatchRecordsMax)
            throw new InvalidRecordException("a batch's first number", $"{start.FirstNumber}", "from 1, with room for the batch");
        BatchHeader.CheckVersion(start.Version, BatchHeader.NewestVersion);
        _start = start;
        _session = new SessionId(start.Origin.Region, 0);
        _length = BatchHeader.Size;
        _dictionary.Clear();
        Count = 0;
    }

    /// <summary>Adds a record, which gets the next number.</summary>
    /// <param name="record">The record.</param>
    /// <returns>False when the batch is full, and then the record is not in it: finish the batch and begin another.</returns>
    /// <exception cref="InvalidRecordException">A field is outside its limits; the batch is as it was.</exception>
    /// <exception cref="UnsupportedFormatException">The record's kind is not known.</exception>
    public bool TryAdd(in LogRecord record)
    {
        if (_length == 0)
            throw new InvalidOperationException("Begin a batch before adding to it.");
        if (Count == LogLimits.BatchRecordsMax)
            return false;
        if (Count == 0)
            _base = record.Hlc;
        MakeRoom(RecordLayout.RoomFor(record));
        var entries = _dictionary.Count;
        var isAdded = false;
        try
        {
            var length = Encode(record);
            isAdded = PayloadBytes + length <= LogLimits.BatchPayloadBytesMax;
            if (isAdded)
                Added(record, length);
        }
        finally
        {
            if (!isAdded)
                _dictionary.CutBackTo(Payload, entries);
        }
        return isAdded;
    }

    /// <summary>Ends the batch.</summary>
    /// <returns>Header and payload, in an array of its own.</returns>
    /// <exception cref="InvalidRecordException">The batch has no record.</exception>
    public byte[] Finish()
    {
        if (Count == 0)
            throw new InvalidRecordException("a batch", "empty", Bounds);
        var batch = _buffer.AsSpan(0, _length).ToArray();
        Header().WriteFields(batch);
        var crc = Crc32C.Of(batch.AsSpan(0, BatchHeader.CrcOffset), batch.AsSpan(BatchHeader.Size));
        BinaryPrimitives.WriteUInt32LittleEndian(batch.AsSpan(BatchHeader.CrcOffset), crc);
        _length = 0;
        Count = 0;
        return batch;
    }

    /// <summary>The payload and the room behind it.</summary>
    private Span<byte> Payload => _buffer.AsSpan(BatchHeader.Size);

    private int Encode(in LogRecord record)
    {
        var writer = new ByteWriter(Payload, PayloadBytes, _start.Version > BatchHeader.OldestVersion ? _dictionary : null);
        var expectedHlc = unchecked(_base.Packed + (ulong)Count);
        return new RecordEncoder(writer, _start.Origin.Region, expectedHlc, _session).Write(record, _base.UnixMilliseconds);
    }

    private void Added(in LogRecord record, int length)
    {
        _length += length;
        _session = record.Operation.Session;
        Count++;
    }

    private static string Bounds => $"1 to {LogLimits.BatchRecordsMax} records in {LogLimits.BatchPayloadBytesMax} bytes";

    private BatchHeader Header() => new()
    {
        Version = _start.Version,
        Tenant = _start.Tenant,
        Origin = _start.Origin,
        Shard = _start.Shard,
        OriginEpoch = _start.OriginEpoch,
        FirstNumber = _start.FirstNumber,
        Count = Count,
        PayloadBytes = PayloadBytes,
        WallTimeMilliseconds = _start.WallTimeMilliseconds,
        BaseHlc = _base,
        PreviousCrc = _start.PreviousCrc,
    };

    private void MakeRoom(int bytes)
    {
        if (_length + bytes > _buffer.Length)
            Array.Resize(ref _buffer, Math.Max(_length + bytes, Math.Max(1024, _buffer.Length * 2)));
    }
}

using Tidal.Schema;

namespace Tidal.Log;

/// <summary>
/// Reads a batch: <see cref="Open"/> checks header and checksum, <see cref="TryRead"/> gives the records one by one. Nothing is
/// allocated but the strings and arrays of the records, and the dictionary of a batch that has one. The layout stands at <see cref="BatchWriter"/>. Not thread safe; several
/// readers may read the same bytes.
/// </summary>
public ref partial struct BatchReader
{
    private readonly BatchScratch _scratch;
    private readonly BatchHeader _header;
    private readonly RegionId _region;
    private readonly ulong _baseHlc;
    private readonly long _baseMilliseconds;
    private readonly int _count;
    private ByteReader _in;
    private SessionId _session;
    private int _read;

    private BatchReader(BatchHeader header, ReadOnlySpan<byte> payload, BatchScratch scratch, bool isVerified)
    {
        (_header, _scratch, _count) = (header, scratch, header.Count);
        (_region, _baseHlc, _baseMilliseconds) = (header.Origin.Region, header.BaseHlc.Packed, header.BaseHlc.UnixMilliseconds);
        scratch.Dictionary.Clear();
        _in = new ByteReader(payload, BatchHeader.Size, header.Version > BatchHeader.OldestVersion ? scratch.Dictionary : null, isVerified);
        _session = new SessionId(_region, 0);
    }

    /// <summary>The batch's header.</summary>
    public readonly BatchHeader Header => _header;

    /// <summary>The number, in its origin log, of the record that <see cref="TryRead"/> gave last.</summary>
    public readonly ulong Number => _header.FirstNumber + (ulong)_read - 1;

    /// <summary>Opens a batch.</summary>
    /// <param name="batch">Exactly one batch; must not change while it is read.</param>
    /// <param name="newest">The newest version that is taken: at most <see cref="BatchHeader.NewestVersion"/>.</param>
    /// <exception cref="LogFormatException">The bytes are no batch, are damaged, or are more than one.</exception>
    /// <exception cref="UnsupportedFormatException">The batch is whole but of an unknown version or with unknown flags.</exception>
    public static BatchReader Open(ReadOnlyMemory<byte> batch, ushort newest = BatchHeader.NewestVersion) =>
        OpenSpan(batch.Span, newest, new BatchScratch());

    /// <summary>
    /// Opens a batch of a group's committed log, which was verified before it was proposed there: what only a stranger gets wrong,
    /// ill-formed UTF-8 and strings that are spelt out twice, is not looked for again. The checksum is.
    /// </summary>
    /// <param name="batch">Exactly one batch; must not change while it is read.</param>
    /// <param name="scratch">What is used to read it; not used otherwise meanwhile.</param>
    internal static BatchReader OpenCommitted(ReadOnlySpan<byte> batch, BatchScratch scratch) =>
        OpenSpan(batch, BatchHeader.NewestVersion, scratch, isVerified: true);

    /// <summary>
    /// Reads a batch to its end without making a string, which is what a receiver does before it proposes the batch to its
    /// group: after that, reading it cannot fail.
    /// </summary>
    /// <param name="batch">Exactly one batch.</param>
    /// <param name="newest">The newest version that is taken: at most <see cref="BatchHeader.NewestVersion"/>.</param>
    /// <returns>The batch's header.</returns>
    /// <exception cref="LogFormatException">The bytes are no batch, are damaged, or do not decode exactly.</exception>
    /// <exception cref="UnsupportedFormatException">The batch has an unknown version, flag or kind of record.</exception>
    public static BatchHeader Verify(ReadOnlyMemory<byte> batch, ushort newest = BatchHeader.NewestVersion)
    {
        var reader = OpenSpan(batch.Span, newest, new BatchScratch());
        while (reader.TryView(out _))
        {
            // Reading is the check.
        }
        return reader.Header;
    }

    /// <summary>Reads the next record.</summary>
    /// <param name="record">The record, when the answer is true.</param>
    /// <returns>False when all have been read.</returns>
    /// <exception cref="LogFormatException">The bytes are no record, or bytes are left over after the last one.</exception>
    /// <exception cref="UnsupportedFormatException">The record has an unknown kind or flag.</exception>
    public bool TryRead(out LogRecord record)
    {
        var isRead = TryView(out var view);
        record = isRead ? Make(view) : default;
        return isRead;
    }

    /// <summary>Reads the next record without making anything.</summary>
    internal bool TryView(out RecordView record)
    {
        if (_read == _count)
        {
            if (_in.Remaining != 0)
                throw LeftOver();
            record = default;
            return false;
        }
        var start = _in.SpeltPosition;
        ReadRecord(out record);
        if (_in.SpeltPosition - start > LogLimits.RecordBytesMax)
            throw TooLong(_in.SpeltPosition - start);
        _session = record.Operation.Session;
        _read++;
        return true;
    }

    /// <summary>The bytes of a string of the record read last.</summary>
    internal readonly ReadOnlySpan<byte> BytesOf(TextPlace place) => _in.BytesOf(place);

    /// <summary>Where the cohorts of the record read last stand.</summary>
    internal readonly ReadOnlySpan<CohortPlace> CohortsOf(in RecordView record) => _scratch.Cohorts(record.CohortCount);

    /// <summary>What is known of a string that stands in the batch's dictionary.</summary>
    internal readonly ref BatchDictionary.Entry EntryOf(TextPlace place) => ref _scratch.Dictionary[place.Entry];

    private static BatchReader OpenSpan(ReadOnlySpan<byte> batch, ushort newest, BatchScratch scratch, bool isVerified = false)
    {
        BatchHeader.CheckFrame(batch);
        var header = BatchHeader.ReadFields(batch);
        if (batch.Length != header.BatchBytes)
            throw new LogFormatException($"a batch of {batch.Length} bytes", 36, $"{header.BatchBytes}, as its header says");
        var crc = Crc32C.Of(batch[..BatchHeader.CrcOffset], batch[BatchHeader.Size..]);
        if (crc != header.Crc)
            throw new LogFormatException($"checksum {header.Crc:X8}", BatchHeader.CrcOffset, $"{crc:X8}");
        header.Check(newest);
        return new BatchReader(header, batch[BatchHeader.Size..], scratch, isVerified);
    }
}

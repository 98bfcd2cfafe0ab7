using Tidal.Crdt;
using Tidal.Log;
using Tidal.Schema;

namespace Tidal.Tests.Log;

/// <summary>Records, batches and logs that the tests of this folder share.</summary>
internal static class Samples
{
    public const long Noon = 1_700_000_000_000;

    public static readonly RegionId East = new(1);
    public static readonly RegionId West = new(2);
    public static readonly ShardId Shard = new(5);
    public static readonly HlcTimestamp Hlc = HlcTimestamp.FromUnixMilliseconds(Noon);
    public static readonly SessionId Session = new(East, 9000);

    public static readonly BatchStart Start = new(new TenantId(7), new NodeId(East, new ReplicaId(2)), Shard, 3, 1000, Noon, 0xCAFEBABE);

    public static LogRecord Signal(ulong number = 1, string item = "en:Jeremy Corbyn!", string user = "user-0000042") => LogRecord.Signal(
        new OperationId(Session, number),
        Tick(number - 1),
        Noon - 150,
        new ItemId(item),
        new UserId(user),
        new SignalTypeId(2),
        cohorts: [new CohortScope(0, "de")]);

    public static LogRecord[] OneOfEachKind()
    {
        var signal = Signal() with { Weight = 0.5, SignalType = new SignalTypeId(300), Attempt = 1 };
        var attributes = new AttributeValue[] { new("creator", "zoë"), new("tag", "") };
        return
        [
            signal,
            LogRecord.Retraction(Tick(1), signal) with { Operation = new OperationId(Session, 2) },
            LogRecord.HardNegative(new OperationId(Session, 3), Tick(9), Noon, new UserId("u"), "c", TargetKind.Creator, NegativeKind.Block, true),
            LogRecord.ForItem(new OperationId(new SessionId(West, 1), 4), Tick(3), Noon, new ItemId("i"), West, attributes),
            LogRecord.ForUser(new OperationId(Session, 5), Tick(4), Noon, new UserId("u"), [new("locale", "de")]),
            LogRecord.ForSession(Session, Tick(5), Noon, SessionAction.End),
            LogRecord.TenantMarker(Tick(6), Noon, 12, 1),
            LogRecord.Seal(Tick(7), Noon, 13, 1006),
        ];
    }

    public static HlcTimestamp Tick(ulong ticks) => new(Hlc.Packed + ticks);

    public static byte[] Batch(params LogRecord[] records) => BatchWriter.Encode(Start, records);

    /// <summary>The same in version 3, with the dictionary.</summary>
    public static byte[] Batch3(params LogRecord[] records) => BatchWriter.Encode(Start with { Version = 3 }, records);

    public static LogRecord[] ReadAll(ReadOnlyMemory<byte> batch)
    {
        var records = new List<LogRecord>();
        var reader = BatchReader.Open(batch);
        while (reader.TryRead(out var record))
            records.Add(record);
        return [.. records];
    }

    /// <summary>An envelope with a small batch that its index can be told from.</summary>
    public static Envelope Envelope(ulong index, ulong epoch = 1, ulong commitIndex = 0, int padding = 0) =>
        Tidal.Log.Envelope.Encode(
            EnvelopeKind.Batch,
            epoch,
            index,
            commitIndex,
            Batch(Signal(item: $"item-{index}{new string('x', padding)}")));

    public static SegmentedLog Open(ILogStore store, int segmentBytesMax = 16 << 20, int cacheBytesMax = 0) =>
        SegmentedLog.Open(store, East, Shard, new SegmentedLogOptions { SegmentBytesMax = segmentBytesMax, CacheBytesMax = cacheBytesMax });

    /// <summary>A log of so many envelopes, an epoch for every four, about three a segment.</summary>
    public static MemoryLogStore LogOf(int count, int segmentBytesMax = 500)
    {
        var store = new MemoryLogStore();
        var log = Open(store, segmentBytesMax);
        for (var index = 1UL; index <= (ulong)count; index++)
            log.Append(Envelope(index, 1 + (index / 4)));
        log.Flush();
        return store;
    }

    public static byte[] BytesOf(ILogStore store, string file)
    {
        var bytes = new byte[store.Length(file)];
        store.Read(file, 0, bytes);
        return bytes;
    }

    /// <summary>A copy of a store in which one file has other bytes.</summary>
    public static MemoryLogStore With(ILogStore store, string changed, ReadOnlySpan<byte> bytes)
    {
        var copy = new MemoryLogStore();
        foreach (var file in store.List())
            copy.Append(file, file == changed ? bytes : BytesOf(store, file));
        copy.Flush();
        return copy;
    }
}

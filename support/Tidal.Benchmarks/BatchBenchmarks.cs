using BenchmarkDotNet.Attributes;
using Tidal.Crdt;
using Tidal.Log;
using Tidal.Schema;

namespace Tidal.Benchmarks;

/// <summary>A batch of the log: made by a primary, verified and read by every replica. Version 2 is without the dictionary, 3 with it.</summary>
[MemoryDiagnoser]
public class BatchBenchmarks
{
    private const int Records = 1000;
    private readonly LogRecord[] _records = [.. Enumerable.Range(0, Records).Select(Record)];
    private byte[] _batch = [];

    /// <summary>The batch's version.</summary>
    [Params((ushort)2, (ushort)3)]
    public ushort Version { get; set; }

    private BatchStart Start => new(TenantId.First, default, default, 1, 1, 1_442_018_952_942, 0, Version);

    [GlobalSetup]
    public void Fill() => _batch = Encode();

    [Benchmark(OperationsPerInvoke = Records)]
    public byte[] Encode() => BatchWriter.Encode(Start, _records);

    [Benchmark(OperationsPerInvoke = Records)]
    public BatchHeader Verify() => BatchReader.Verify(_batch);

    [Benchmark(OperationsPerInvoke = Records)]
    public int Decode()
    {
        var reader = BatchReader.Open(_batch);
        var records = 0;
        while (reader.TryRead(out _))
            records++;
        return records;
    }

    private static LogRecord Record(int number) => LogRecord.Signal(
        new OperationId(new SessionId(default, 7), (ulong)number + 1),
        HlcTimestamp.FromUnixMilliseconds(1_442_018_952_942 + number / 10),
        1_442_018_952_942 + number / 10,
        new ItemId($"en:An article {number % 97}"),
        new UserId($"user{number % 31:x8}"),
        new SignalTypeId(0),
        cohorts: [new CohortScope(0, "EU")]);
}

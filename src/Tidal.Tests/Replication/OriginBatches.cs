using Tidal.Log;
using Tidal.Schema;

namespace Tidal.Tests.Replication;

/// <summary>Origin logs as their primaries would write them: batches in a chain of checksums, taken into a group's log as envelopes.</summary>
internal static class OriginBatches
{
    public static List<byte[]> Encode(DeterministicRandom random, int region, IReadOnlyList<LogRecord> records)
    {
        var (batches, number, crc) = (new List<byte[]>(), 1UL, 0u);
        for (var taken = 0; taken < records.Count;)
        {
            var count = Math.Min(records.Count - taken, 1 + random.Next(5));
            var origin = new NodeId(new RegionId((ushort)region), new ReplicaId((byte)random.Next(3)));
            var start = new BatchStart(TenantId.First, origin, default, 1 + number / 10, number, 0, crc);
            var batch = BatchWriter.Encode(start, records.Skip(taken).Take(count).ToArray());
            (taken, number, crc) = (taken + count, number + (ulong)count, BatchHeader.Read(batch).Crc);
            batches.Add(batch);
        }
        return batches;
    }

    /// <summary>One group's log: the origins' batches in a random interleaving, control records between them.</summary>
    public static List<Envelope> Interleave(DeterministicRandom random, IReadOnlyList<List<byte[]>> origins)
    {
        var (envelopes, taken) = (new List<Envelope>(), new int[origins.Count]);
        while (Enumerable.Range(0, origins.Count).Where(origin => taken[origin] < origins[origin].Count).ToList() is { Count: > 0 } open)
        {
            var index = (ulong)envelopes.Count + 1;
            var origin = open[random.Next(open.Count)];
            envelopes.Add(random.Chance(0.1)
                ? Envelope.Encode(EnvelopeKind.Control, index, index, 0, ControlRecord.ForEpoch(default).Encode())
                : Envelope.Encode(EnvelopeKind.Batch, 1, index, 0, origins[origin][taken[origin]++]));
        }
        return envelopes;
    }
}

using Tidal.Log;
using Tidal.Replication;
using Tidal.Schema;

namespace Tidal.Testing.Oracles;

/// <summary>
/// Every batch that its own region has committed, kept beside the cluster: what checkpoints and snapshots stand for can be
/// read here when no log holds it any more. Not safe for use by several threads.
/// </summary>
internal sealed class CommittedBatches
{
    private readonly Dictionary<(ShardId, RegionId, OriginMark), ReadOnlyMemory<byte>> _batches = [];

    /// <summary>Takes a committed envelope; those that hold no batch of the region's own are passed over.</summary>
    public void Add(Address place, Envelope envelope)
    {
        if (envelope.Kind != EnvelopeKind.Batch)
            return;
        var header = BatchHeader.Read(envelope.Payload.Span);
        if (header.Origin.Region == place.Region)
            _batches.TryAdd((place.Shard, place.Region, OriginLog.MarkOf(header)), envelope.Payload);
    }

    /// <summary>The batches up to a mark, the last one first: each names the one before it by its checksum.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> UpTo(ShardId shard, RegionId origin, OriginMark mark)
    {
        var byNumber = _batches.Where(pair => pair.Key.Item1 == shard && pair.Key.Item2 == origin)
            .ToLookup(pair => (pair.Key.Item3.Number, pair.Key.Item3.Crc), pair => pair.Value);
        for (var last = (mark.Number, mark.Crc); last.Number > 0;)
        {
            var batch = byNumber[last].First();
            yield return batch;
            var header = BatchHeader.Read(batch.Span);
            last = (header.FirstNumber - 1, header.PreviousCrc);
        }
    }
}

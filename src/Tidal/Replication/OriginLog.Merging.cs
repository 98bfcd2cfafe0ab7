using Tidal.Crdt;
using Tidal.Log;
using Tidal.Schema;

namespace Tidal.Replication;

/// <content>What a checkpoint or a snapshot stands for, and what of the log is still held.</content>
public sealed partial class OriginLog : ICrdt<OriginLog>
{
    /// <summary>The copy that holds more: an origin's log is one history, so it knows all that the other knows.</summary>
    /// <param name="other">Another copy of the same origin's log.</param>
    public OriginLog Merge(OriginLog other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return (other.Rank.CompareTo(Rank) > 0 ? other : this).Copy();
    }

    void ICrdt<OriginLog>.AddTo(StateWriter digest) => AddTo(digest);

    internal static OriginLog Read(StateReader reader) => new()
    {
        Mark = new OriginMark(reader.ReadUInt64(), reader.ReadUInt64(), (uint)reader.ReadUInt64()),
        SignalRecords = reader.ReadInt64(),
        Bytes = reader.ReadInt64(),
        Standing = new OriginStanding(reader.ReadUInt64(), reader.ReadInt32(0, 1) == 1),
        Operations = IdempotencyStore.Read(reader),
    };

    /// <summary>Finds a batch again that stands in the log before the checkpoint that the mark was read from.</summary>
    internal void Found(in BatchHeader header, ulong index, bool isToldApart)
    {
        if (_batches.Count > 0 && header.FirstNumber != _batches[^1].Mark.Number + 1)
            _batches.Clear();
        _batches.Add(new Held(header.FirstNumber, index, MarkOf(header), isToldApart));
    }

    /// <summary>The log before the checkpoint was looked through: what does not reach up to the mark is as good as not held.</summary>
    internal void FoundAll()
    {
        if (_batches.Count > 0 && _batches[^1].Mark != Mark)
            _batches.Clear();
    }

    /// <summary>The group's log was deleted before an index.</summary>
    internal void ForgetBefore(ulong index)
    {
        var gone = 0;
        while (gone < _batches.Count && _batches[gone].Index < index)
            gone++;
        _batches.RemoveRange(0, gone);
    }

    // Epoch and checksum only decide between histories that differ, so that either side chooses the same.
    private (ulong, ulong, uint) Rank => (Mark.Number, Mark.Epoch, Mark.Crc);

    private OriginLog Copy()
    {
        var writer = new SnapshotWriter();
        AddTo(writer);
        var copy = Read(new StateReader(writer.ToBytes()));
        copy._batches.AddRange(_batches);
        return copy;
    }
}

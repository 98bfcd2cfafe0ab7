namespace Tidal.Log;

/// <content>Reading: from the cache where it reaches, from the store before that.</content>
public sealed partial class SegmentedLog
{
    /// <summary>Reads one envelope.</summary>
    /// <param name="index">From <see cref="FirstIndex"/> to <see cref="LastIndex"/>.</param>
    /// <exception cref="LogIndexException">The index is outside that.</exception>
    /// <exception cref="LogDamagedException">Its bytes on the store have rotted since they were written.</exception>
    public Envelope Read(ulong index) => Read(index, index, 0)[0];

    /// <summary>Reads envelopes in order: as many as fit into a bound, but at least one.</summary>
    /// <param name="first">The first index wanted, from <see cref="FirstIndex"/>.</param>
    /// <param name="last">The last index wanted, up to <see cref="LastIndex"/>.</param>
    /// <param name="bytesMax">Bytes of envelopes after which no more are added.</param>
    /// <exception cref="LogIndexException">The range is empty or outside the log.</exception>
    /// <exception cref="LogDamagedException">Bytes on the store have rotted since they were written.</exception>
    public IReadOnlyList<Envelope> Read(ulong first, ulong last, int bytesMax)
    {
        if (first < FirstIndex || first > last || last > LastIndex)
            throw new LogIndexException($"read up to {last} from", first, FirstIndex, LastIndex);
        var envelopes = new List<Envelope>();
        var bytes = 0L;
        for (var index = first; index <= last;)
        {
            var segment = _index.SegmentOf(index);
            var count = CountThatFit(segment, index, last, bytesMax - bytes, envelopes.Count == 0);
            if (count == 0)
                break;
            bytes += segment.OffsetOf(index + (ulong)count) - segment.OffsetOf(index);
            AddTo(envelopes, segment, index, count);
            index += (ulong)count;
        }
        return envelopes;
    }

    /// <summary>The first index of the segments that make up the log's end within a bound.</summary>
    /// <param name="bytesMax">Bytes of segments; the last one is counted in whatever it has.</param>
    public ulong FirstIndexWithin(long bytesMax)
    {
        var first = FirstIndex;
        var bytes = Bytes;
        for (var place = 0; place < _index.Segments.Count - 1 && bytes > bytesMax; place++)
        {
            bytes -= _index.Segments[place].Length;
            first = _index.Segments[place].LastIndex + 1;
        }
        return first;
    }

    /// <summary>The last index of the segment that holds an index; null if that is the last segment, which still grows.</summary>
    /// <param name="index">From <see cref="FirstIndex"/> to <see cref="LastIndex"/>.</param>
    public ulong? EndOfSegmentOf(ulong index)
    {
        var segment = _index.SegmentOf(index);
        return ReferenceEquals(segment, _index.Last) ? null : segment.LastIndex;
    }

    /// <summary>How many envelopes from one on, of one segment and all cached or none, are within the bound.</summary>
    private int CountThatFit(SegmentIndex segment, ulong index, ulong last, long bytesLeft, bool atLeastOne)
    {
        var end = Math.Min(last, segment.LastIndex);
        if (index < _cache.FirstIndex)
            end = Math.Min(end, _cache.FirstIndex - 1);
        var start = segment.OffsetOf(index);
        var count = 0;
        for (; index <= end; index++, count++)
        {
            var isWithin = segment.OffsetOf(index + 1) - start <= bytesLeft;
            if (!isWithin && !(atLeastOne && count == 0))
                break;
        }
        return count;
    }

    private void AddTo(List<Envelope> envelopes, SegmentIndex segment, ulong index, int count)
    {
        if (index >= _cache.FirstIndex)
        {
            for (var i = 0; i < count; i++)
                envelopes.Add(_cache[index + (ulong)i]);
            return;
        }
        var offset = segment.OffsetOf(index);
        var bytes = new byte[segment.OffsetOf(index + (ulong)count) - offset];
        var read = _store.Read(segment.File, offset, bytes);
        for (var i = 0; i < count; i++, index++)
            envelopes.Add(OpenStored(segment, index, bytes.AsMemory(0, read), segment.OffsetOf(index) - offset));
    }

    private static Envelope OpenStored(SegmentIndex segment, ulong index, ReadOnlyMemory<byte> bytes, int at)
    {
        var offset = segment.OffsetOf(index);
        if (at < bytes.Length && Envelope.TryRead(bytes[at..], out var envelope)
            && envelope.Index == index && envelope.Length == segment.LengthOf(index))
            return envelope;
        throw new LogDamagedException(segment.File, offset, $"the envelope of index {index} is no longer whole", "what was written");
    }
}

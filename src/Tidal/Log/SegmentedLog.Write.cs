namespace Tidal.Log;

/// <content>Whatever changes the log.</content>
public sealed partial class SegmentedLog
{
    /// <summary>Adds an envelope at the end, in a new segment when the last one is full.</summary>
    /// <param name="envelope">Its index is one above the last, its epoch not below the last. Its bytes are written as they are and
    /// kept by the cache, so they must not change.</param>
    /// <exception cref="LogIndexException">The index is another.</exception>
    /// <exception cref="InvalidRecordException">The epoch is below the last.</exception>
    /// <exception cref="UnsupportedFormatException">It holds, or raises, a format that is not read; the log is as it was.</exception>
    /// <exception cref="LogStoreException">The store failed, now or earlier.</exception>
    public void Append(in Envelope envelope)
    {
        if (envelope.Index != LastIndex + 1)
            throw new LogIndexException("append", envelope.Index, FirstIndex, LastIndex);
        if (envelope.GroupEpoch < LastEpoch)
            throw new InvalidRecordException("an envelope's epoch", $"{envelope.GroupEpoch}", $"at least {LastEpoch}, the log's last");
        envelope.MustBeReadable(FormatReadable);
        ThrowIfFailed();
        try
        {
            if (_index.Segments.Count == 0 || IsFull(_index.Last, envelope.Length))
                BeginSegment(LastIndex + 1, LastEpoch);
            _store.Append(_index.Last.File, envelope.Bytes.Span);
        }
        catch (Exception exception)
        {
            _failure = exception;
            throw;
        }
        _index.Add(envelope.Index, envelope.GroupEpoch, envelope.Length);
        _cache.Add(envelope);
    }

    /// <summary>Cuts a conflicting tail off. What it held may have been flushed and answered: the caller knows better (PROTOCOL 5).</summary>
    /// <param name="index">The first index to go, from <see cref="FirstIndex"/> to one above <see cref="LastIndex"/>.</param>
    /// <exception cref="LogIndexException">The index is outside that.</exception>
    /// <exception cref="LogStoreException">The store failed, now or earlier.</exception>
    public void TruncateFrom(ulong index)
    {
        if (index < FirstIndex || index > LastIndex + 1)
            throw new LogIndexException("truncate from", index, FirstIndex, LastIndex);
        if (index > LastIndex)
            return;
        Change(index, static (log, from) => log.CutFrom(from));
        _cache.CutFrom(index);
    }

    /// <summary>Begins a new segment, so that what was written so far can be deleted by itself; nothing when the last one is empty.</summary>
    /// <exception cref="LogStoreException">The store failed, now or earlier.</exception>
    public void Roll()
    {
        if (_index.Segments.Count > 0 && _index.Last.Count > 0)
            Change(LastEpoch, static (log, epoch) => log.BeginSegment(log.LastIndex + 1, epoch));
    }

    /// <summary>Deletes whole segments that lie before an index; the last segment stays in any case.</summary>
    /// <param name="index">The first index that is still needed.</param>
    /// <exception cref="LogStoreException">The store failed, now or earlier.</exception>
    public void DeleteBefore(ulong index)
    {
        Change(index, static (log, before) =>
        {
            while (log._index.Segments.Count > 1 && log._index.Segments[0].LastIndex < before)
                log.DeleteFirstSegment();
        });
        _cache.CutBefore(FirstIndex);
    }

    /// <summary>
    /// Empties the log and lets it stand at an index, as after a snapshot that was installed: the next envelope has the index above.
    /// The new standing is flushed when it returns; a crash in between leaves a log that is refused as cut below its commit
    /// index, never one that is wrong.
    /// </summary>
    /// <param name="lastIndex">The index that the snapshot stands for.</param>
    /// <param name="lastEpoch">The group epoch at that index.</param>
    /// <exception cref="LogStoreException">The store failed, now or earlier.</exception>
    public void Reset(ulong lastIndex, ulong lastEpoch)
    {
        _cache.CutFrom(0);
        Change((lastIndex, lastEpoch), static (log, last) =>
        {
            while (log._index.Segments.Count > 0)
                log.DeleteFirstSegment();
            log._index.Clear();
            log.BeginSegment(last.lastIndex + 1, last.lastEpoch);
            log._store.Flush();
        });
    }

    private bool IsFull(SegmentIndex segment, int bytes) =>
        segment.Count > 0 && segment.Length + (long)bytes > _options.SegmentBytesMax;

    /// <summary>
    /// Begins a segment. What lies before it is flushed first: a power loss that kept the new file but not the old one's end
    /// would else look like a log with a gap.
    /// </summary>
    private void BeginSegment(ulong firstIndex, ulong previousEpoch)
    {
        _store.Flush();
        var header = new SegmentHeader(new SegmentName(_region, _shard, firstIndex), previousEpoch);
        Span<byte> bytes = stackalloc byte[SegmentHeader.Size];
        header.Write(bytes);
        _store.Append(header.Name.ToString(), bytes);
        _index.AddSegment(header);
    }

    /// <summary>From the end backwards, so that a crash in between leaves a log without a gap.</summary>
    private void CutFrom(ulong index)
    {
        while (_index.Segments.Count > 1 && _index.Last.FirstIndex >= index)
        {
            _store.Delete(_index.Last.File);
            _index.RemoveLastSegment();
        }
        if (_index.LastIndex >= index)
            _store.Truncate(_index.Last.File, _index.Last.OffsetOf(index));
        _index.CutFrom(index);
    }

    private void DeleteFirstSegment()
    {
        _store.Delete(_index.Segments[0].File);
        _index.RemoveFirstSegment();
    }

    private void Change<T>(T argument, Action<SegmentedLog, T> change)
    {
        ThrowIfFailed();
        try
        {
            change(this, argument);
        }
        catch (Exception exception)
        {
            _failure = exception;
            throw;
        }
    }
}

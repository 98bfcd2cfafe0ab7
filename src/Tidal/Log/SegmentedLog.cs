using Tidal.Schema;

namespace Tidal.Log;

/// <summary>
/// The durable log of one replica: envelopes with contiguous indexes, in segment files on an <see cref="ILogStore"/>. In memory it
/// keeps where each envelope lies and a bounded cache of the latest ones.
/// <para>
/// Concurrency: one thread uses it; only <see cref="Flush"/> may be called meanwhile from another one. When the store fails in
/// the middle of a change, the error is kept and every later change ends with it, for what the disk holds is then unknown
/// until the log is opened anew.
/// </para>
/// </summary>
public sealed partial class SegmentedLog
{
    private readonly ILogStore _store;
    private readonly RegionId _region;
    private readonly ShardId _shard;
    private readonly SegmentedLogOptions _options;
    private readonly LogIndex _index;
    private readonly EnvelopeCache _cache;
    private volatile Exception? _failure;

    private SegmentedLog(ILogStore store, RegionId region, ShardId shard, SegmentedLogOptions options, RecoveredLog recovered)
    {
        _store = store;
        _region = region;
        _shard = shard;
        _options = options;
        _index = recovered.Index;
        _cache = new EnvelopeCache(options.CacheBytesMax);
        Recovered = recovered;
    }

    /// <summary>What recovery found when the log was opened.</summary>
    public RecoveredLog Recovered { get; }

    /// <summary>The newest batch version that it takes.</summary>
    public ushort FormatReadable => _options.FormatReadable;

    /// <summary>The first index held; 1 for a log that never held one. Of an empty log it is one above the last.</summary>
    public ulong FirstIndex => _index.FirstIndex;

    /// <summary>The last index held, or stood at by an empty log.</summary>
    public ulong LastIndex => _index.LastIndex;

    /// <summary>The group epoch at <see cref="LastIndex"/>; 0 for a log that never held an envelope.</summary>
    public ulong LastEpoch => _index.LastEpoch;

    /// <summary>Bytes of all segments.</summary>
    public long Bytes
    {
        get
        {
            var bytes = 0L;
            foreach (var segment in _index.Segments)
                bytes += segment.Length;
            return bytes;
        }
    }

    /// <summary>The segment files, oldest first.</summary>
    public IEnumerable<string> Files
    {
        get
        {
            foreach (var segment in _index.Segments)
                yield return segment.File;
        }
    }

    /// <summary>Opens the log of a store, which recovers it. A torn tail is cut off the store; what is left is durable when it returns.</summary>
    /// <param name="store">The replica's store, which holds nothing of another shard.</param>
    /// <param name="region">The replica's region.</param>
    /// <param name="shard">Its shard.</param>
    /// <param name="options">The bounds; null for the defaults.</param>
    /// <exception cref="LogDamagedException">The log is damaged before its tail, or (as
    /// <see cref="CutBelowCommitIndexException"/>) ends below its commit index.</exception>
    /// <exception cref="LogFormatException">A file has a segment's extension but not a segment's name.</exception>
    /// <exception cref="UnsupportedFormatException">Something is whole but of a version or kind that is not read.</exception>
    public static SegmentedLog Open(ILogStore store, RegionId region, ShardId shard, SegmentedLogOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(store);
        options ??= new SegmentedLogOptions();
        ArgumentOutOfRangeException.ThrowIfNegative(options.SegmentBytesMax);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.SegmentBytesMax, 1024 * 1024 * 1024);
        ArgumentOutOfRangeException.ThrowIfNegative(options.CacheBytesMax);
        BatchHeader.CheckVersion(options.FormatReadable, BatchHeader.NewestVersion);
        var recovered = LogRecovery.Run(store, region, shard, options.AcceptCutBelowCommitIndex, options.FormatReadable);
        if (recovered.Cut is { } cut)
            CutTornTail(store, cut);
        store.Flush();
        return new SegmentedLog(store, region, shard, options, recovered);
    }

    /// <summary>The group epoch at an index.</summary>
    /// <param name="index">From one before <see cref="FirstIndex"/> to <see cref="LastIndex"/>.</param>
    /// <exception cref="LogIndexException">The index is outside that.</exception>
    public ulong EpochAt(ulong index)
    {
        if (index < FirstIndex - 1 || index > LastIndex)
            throw new LogIndexException("tell the epoch at", index, FirstIndex, LastIndex);
        return _index.EpochAt(index);
    }

    /// <summary>Makes durable all that was appended before the call, with whatever else lies on the store. May be called from another thread.</summary>
    /// <exception cref="LogStoreException">The store failed, now or earlier; nothing may be taken as durable.</exception>
    public void Flush()
    {
        ThrowIfFailed();
        try
        {
            _store.Flush();
        }
        catch (Exception exception)
        {
            _failure = exception;
            throw;
        }
    }

    private static void CutTornTail(ILogStore store, in RecoveryReport cut)
    {
        if (cut.Offset == 0)
            store.Delete(cut.File);
        else
            store.Truncate(cut.File, cut.Offset);
    }

    private void ThrowIfFailed()
    {
        if (_failure is { } failure)
            throw new LogStoreException("the log", "failed earlier and must be opened anew", failure);
    }
}

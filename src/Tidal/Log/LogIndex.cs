namespace Tidal.Log;

/// <summary>
/// Where each envelope of a log lies: four bytes an envelope, and its epoch as runs, for a log has far fewer epochs than
/// envelopes. It knows nothing of the store; whoever changes the store changes this.
/// </summary>
internal sealed class LogIndex
{
    private readonly List<SegmentIndex> _segments = [];
    private readonly List<EpochRun> _epochs = [];

    public IReadOnlyList<SegmentIndex> Segments => _segments;

    public ulong FirstIndex => _segments.Count == 0 ? 1 : _segments[0].FirstIndex;

    public ulong LastIndex => _segments.Count == 0 ? 0 : _segments[^1].LastIndex;

    /// <summary>The epoch at the last index, or of what came before an empty log.</summary>
    public ulong LastEpoch => _epochs.Count > 0 ? _epochs[^1].Epoch : _segments.Count > 0 ? _segments[0].PreviousEpoch : 0;

    public SegmentIndex Last => _segments[^1];

    public void AddSegment(in SegmentHeader header) => _segments.Add(new SegmentIndex(header));

    public void Add(ulong index, ulong epoch, int length)
    {
        Last.Add(length);
        if (_epochs.Count == 0 || _epochs[^1].Epoch != epoch)
            _epochs.Add(new EpochRun(index, epoch));
    }

    /// <summary>The epoch at an index from the one before the first to the last.</summary>
    public ulong EpochAt(ulong index)
    {
        if (index < FirstIndex)
            return _segments.Count == 0 ? 0 : _segments[0].PreviousEpoch;
        int low = 0, high = _epochs.Count - 1;
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (_epochs[middle].First <= index)
                low = middle;
            else
                high = middle - 1;
        }
        return _epochs[low].Epoch;
    }

    /// <summary>The segment that holds an index of the log.</summary>
    public SegmentIndex SegmentOf(ulong index)
    {
        int low = 0, high = _segments.Count - 1;
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (_segments[middle].FirstIndex <= index)
                low = middle;
            else
                high = middle - 1;
        }
        return _segments[low];
    }

    public void RemoveLastSegment() => _segments.RemoveAt(_segments.Count - 1);

    public void RemoveFirstSegment()
    {
        _segments.RemoveAt(0);
        while (_epochs.Count > 1 && _epochs[1].First <= FirstIndex)
            _epochs.RemoveAt(0);
        if (_epochs.Count > 0 && LastIndex < FirstIndex)
            _epochs.Clear();
    }

    /// <summary>Forgets what lies from an index on; segments that begin there are removed before.</summary>
    public void CutFrom(ulong index)
    {
        Last.CutFrom(index);
        while (_epochs.Count > 0 && _epochs[^1].First >= index)
            _epochs.RemoveAt(_epochs.Count - 1);
        if (LastIndex < FirstIndex)
            _epochs.Clear();
    }

    public void Clear()
    {
        _segments.Clear();
        _epochs.Clear();
    }

    private readonly record struct EpochRun(ulong First, ulong Epoch);
}

/// <summary>Where each envelope of one segment lies.</summary>
internal sealed class SegmentIndex(SegmentHeader header)
{
    private int[] _offsets = new int[16];

    public string File { get; } = header.Name.ToString();

    public ulong FirstIndex { get; } = header.Name.FirstIndex;

    public ulong PreviousEpoch { get; } = header.PreviousEpoch;

    public int Count { get; private set; }

    /// <summary>Bytes of the file, header included.</summary>
    public int Length { get; private set; } = SegmentHeader.Size;

    /// <summary>One below the first index when the segment is empty.</summary>
    public ulong LastIndex => FirstIndex + (ulong)Count - 1;

    public int OffsetOf(ulong index) => index > LastIndex ? Length : _offsets[(int)(index - FirstIndex)];

    public int LengthOf(ulong index) => OffsetOf(index + 1) - OffsetOf(index);

    public void Add(int length)
    {
        if (Count == _offsets.Length)
            Array.Resize(ref _offsets, Count * 2);
        _offsets[Count++] = Length;
        Length += length;
    }

    public void CutFrom(ulong index)
    {
        if (index > LastIndex)
            return;
        Length = OffsetOf(index);
        Count = (int)(index - FirstIndex);
    }
}

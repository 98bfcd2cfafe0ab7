namespace Tidal.Log;

/// <summary>The latest envelopes of a log, contiguous up to its last index, within a bound of bytes: a ring that drops the oldest.</summary>
internal sealed class EnvelopeCache(int bytesMax)
{
    private Envelope[] _ring = new Envelope[16];
    private int _head;
    private int _count;
    private long _bytes;

    /// <summary>The index of the oldest envelope held; the highest possible one when none is.</summary>
    public ulong FirstIndex { get; private set; } = ulong.MaxValue;

    public Envelope this[ulong index] => _ring[SlotOf((int)(index - FirstIndex))];

    public void Add(in Envelope envelope)
    {
        if (_count == 0)
            FirstIndex = envelope.Index;
        if (_count == _ring.Length)
            Grow();
        _ring[SlotOf(_count++)] = envelope;
        _bytes += envelope.Length;
        while (_bytes > bytesMax)
            DropOldest();
    }

    /// <summary>Forgets what lies from an index on.</summary>
    public void CutFrom(ulong index)
    {
        while (_count > 0 && FirstIndex + (ulong)_count > index)
        {
            ref var slot = ref _ring[SlotOf(--_count)];
            _bytes -= slot.Length;
            slot = default;
        }
        ForgetPlaceIfEmpty();
    }

    /// <summary>Forgets what lies before an index.</summary>
    public void CutBefore(ulong index)
    {
        while (_count > 0 && FirstIndex < index)
            DropOldest();
    }

    private int SlotOf(int place) => (_head + place) & (_ring.Length - 1);

    private void DropOldest()
    {
        _bytes -= _ring[_head].Length;
        _ring[_head] = default;
        _head = SlotOf(1);
        _count--;
        FirstIndex++;
        ForgetPlaceIfEmpty();
    }

    private void ForgetPlaceIfEmpty()
    {
        if (_count == 0)
            FirstIndex = ulong.MaxValue;
    }

    private void Grow()
    {
        var larger = new Envelope[_ring.Length * 2];
        for (var i = 0; i < _count; i++)
            larger[i] = _ring[SlotOf(i)];
        _ring = larger;
        _head = 0;
    }
}

namespace Tidal.Log;

/// <summary>Where a segment stops being readable.</summary>
/// <param name="Offset">Where the first thing that is not whole starts, in bytes from the segment's start.</param>
/// <param name="What">What is wrong with it.</param>
/// <param name="Expected">What would have been right.</param>
/// <param name="BytesAfter">Bytes from there to the segment's end.</param>
/// <param name="IsFollowedByData">Whether a whole later envelope stands somewhere after it: then it is no torn tail, for a disk
/// that stopped in the middle of a write has nothing whole beyond that.</param>
public readonly record struct SegmentDamage(long Offset, string What, string Expected, long BytesAfter, bool IsFollowedByData);

/// <summary>
/// Reads a segment from any stream of bytes, once, front to back, in bounded memory. It believes nothing that a checksum does
/// not cover, and judges nothing: whether damage is a torn tail is for <see cref="LogRecovery"/> to say. Not thread safe.
/// </summary>
public sealed class SegmentScanner
{
    private readonly StreamWindow _window;
    private readonly SegmentName _name;
    private ulong _nextIndex;
    private ulong _epoch;
    private bool _hasEnded;

    /// <summary>Makes a scanner at the start of a segment.</summary>
    /// <param name="stream">The segment's bytes from the first on; read, not disposed.</param>
    /// <param name="name">What the segment should be.</param>
    public SegmentScanner(Stream stream, SegmentName name)
    {
        ArgumentNullException.ThrowIfNull(stream);
        _window = new StreamWindow(stream);
        _name = name;
        _nextIndex = name.FirstIndex;
    }

    /// <summary>The segment's header; null until the first <see cref="TryRead"/>, and for good when it is damaged.</summary>
    public SegmentHeader? Header { get; private set; }

    /// <summary>Where the envelope given last starts, in bytes from the segment's start.</summary>
    public long Offset { get; private set; }

    /// <summary>Why reading ended before the segment did; null while there is more, and when it ended well.</summary>
    public SegmentDamage? Damage { get; private set; }

    /// <summary>Reads the next envelope.</summary>
    /// <param name="envelope">The envelope; its bytes are valid until the next call.</param>
    /// <returns>False at the end, be it the segment's or, as <see cref="Damage"/> says, of what can be read of it.</returns>
    /// <exception cref="LogDamagedException">What is whole contradicts itself: another segment's header, an index out of
    /// order, an epoch that goes down.</exception>
    /// <exception cref="UnsupportedFormatException">An envelope or the header is whole but of an unknown version or kind.</exception>
    public bool TryRead(out Envelope envelope)
    {
        envelope = default;
        if (_hasEnded || (Header is null && !TryReadHeader()))
            return false;
        if (_window.Ensure(Envelope.HeaderBytes) == 0)
        {
            _hasEnded = true;
            return false;
        }
        _window.Ensure(Math.Max(Envelope.HeaderBytes, Envelope.LengthOf(_window.Span)));
        if (Envelope.Inspect(_window.Span, out var length) is { } fault)
            return EndAt(fault);
        Envelope.CheckKnown(_window.Span);
        CheckIndex(Envelope.IndexOf(_window.Span));
        envelope = Envelope.OpenWhole(_window.Memory[..length]);
        CheckEpoch(envelope.GroupEpoch);
        Offset = _window.Offset;
        _window.Advance(length);
        return true;
    }

    private bool TryReadHeader()
    {
        _window.Ensure(SegmentHeader.Size);
        if (SegmentHeader.Inspect(_window.Span) is { } fault)
            return EndAt(fault);
        var header = SegmentHeader.ReadWhole(_window.Span);
        if (header.Name != _name)
            throw new LogDamagedException(_name.ToString(), 0, $"the header is that of {header.Name}", "the header that the name says");
        Header = header;
        _epoch = header.PreviousEpoch;
        _window.Advance(SegmentHeader.Size);
        return true;
    }

    private void CheckIndex(ulong index)
    {
        if (index != _nextIndex)
            throw new LogDamagedException(_name.ToString(), _window.Offset, $"an envelope has index {index}", $"index {_nextIndex}");
        _nextIndex++;
    }

    private void CheckEpoch(ulong epoch)
    {
        if (epoch < _epoch)
            throw new LogDamagedException(_name.ToString(), _window.Offset, $"epoch {epoch} follows epoch {_epoch}", "epochs that never go down");
        _epoch = epoch;
    }

    private bool EndAt(EnvelopeFault fault)
    {
        _hasEnded = true;
        var offset = _window.Offset;
        var isFollowedByData = HasEnvelopeAhead();
        _window.Drain();
        Damage = new SegmentDamage(offset, fault.What, fault.Expected, _window.Offset - offset, isFollowedByData);
        return false;
    }

    /// <summary>Looks for a whole envelope with an index that has not been read yet, at every byte from the next one on.</summary>
    private bool HasEnvelopeAhead()
    {
        if (_window.Ensure(1) == 0)
            return false;
        _window.Advance(1);
        while (_window.Ensure(Envelope.HeaderBytes) >= Envelope.HeaderBytes)
        {
            var at = _window.Span.IndexOf(Envelope.Magic);
            if (at != 0)
            {
                _window.Advance(at > 0 ? at : _window.Span.Length - Envelope.Magic.Length + 1);
                continue;
            }
            if (IsLaterEnvelope())
                return true;
            _window.Advance(1);
        }
        return false;
    }

    private bool IsLaterEnvelope()
    {
        var length = Envelope.LengthOf(_window.Span);
        return length != 0
            && Envelope.IndexOf(_window.Span) >= _nextIndex
            && _window.Ensure(length) >= length
            && Envelope.Inspect(_window.Span, out _) is null;
    }
}

namespace Tidal.Placement;

/// <summary>
/// A rate with a burst: tokens come at the rate, as many as the burst are kept, and whoever comes takes one. In whole
/// millionths of a token and microseconds, so that nothing is lost to rounding, however often it is looked at. A pure state
/// machine; not safe for use by several threads.
/// </summary>
internal sealed class TokenBucket
{
    private const long Token = 1_000_000;

    private readonly long _burstMax = long.MaxValue / Token;
    private long _perSecond;
    private long _full;
    private long _level;
    private long _lastMicroseconds;

    /// <summary>A full one.</summary>
    /// <param name="perSecond">Tokens that come in a second.</param>
    /// <param name="burst">Tokens that are kept.</param>
    /// <param name="now">Monotonic microseconds.</param>
    public TokenBucket(long perSecond, long burst, long now)
    {
        (_perSecond, _lastMicroseconds) = (perSecond, now);
        _level = _full = Math.Min(burst, _burstMax) * Token;
    }

    /// <summary>Another rate from now on: what has come so far came at the old one.</summary>
    /// <param name="perSecond">Tokens that come in a second.</param>
    /// <param name="burst">Tokens that are kept.</param>
    /// <param name="now">Monotonic microseconds.</param>
    public void Change(long perSecond, long burst, long now)
    {
        var full = Math.Min(burst, _burstMax) * Token;
        if ((perSecond, full) == (_perSecond, _full))
            return;
        Refill(now);
        (_perSecond, _full) = (perSecond, full);
        _level = Math.Min(_level, full);
    }

    /// <summary>Takes a token, if there is one.</summary>
    /// <param name="now">Monotonic microseconds.</param>
    /// <param name="missing">Else after how long there will be one, if nobody comes between; null if there never will.</param>
    public bool TryTake(long now, out TimeSpan? missing)
    {
        Refill(now);
        missing = null;
        if (_level >= Token)
        {
            _level -= Token;
            return true;
        }
        if (_perSecond > 0 && _full >= Token)
            missing = TimeSpan.FromMicroseconds((Token - _level + _perSecond - 1) / _perSecond);
        return false;
    }

    // A token a second is a millionth of one a microsecond.
    private void Refill(long now)
    {
        var elapsed = Math.Max(0, now - _lastMicroseconds);
        _lastMicroseconds = Math.Max(now, _lastMicroseconds);
        _level = (long)Int128.Min(_full, _level + (Int128)elapsed * _perSecond);
    }
}

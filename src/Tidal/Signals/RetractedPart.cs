using Tidal.Crdt;
using Tidal.Schema;

namespace Tidal.Signals;

/// <summary>
/// What one origin has taken back of one (item, signal, cohort): the N beside the P of its <see cref="OriginPart"/>. Most
/// parts have none. A log holds one retraction of an operation at most, for its primary looks for duplicates; so nothing is
/// remembered here of which they were. Its count is in the part's <see cref="PNCounter"/>. Not safe for use by several
/// threads.
/// </summary>
internal sealed class RetractedPart(ForwardScore score, WindowCounters? windows)
{
    /// <summary>The decayed sum of what was taken back.</summary>
    public ForwardScore Score { get; private set; } = score;

    /// <summary>What was taken back, by window; null while nothing was, or where the type has no windows.</summary>
    public WindowCounters? Windows { get; private set; } = windows;

    /// <summary>Of which nothing was taken back yet.</summary>
    public RetractedPart()
        : this(ForwardScore.Zero, null)
    {
    }

    /// <summary>Takes a signal back.</summary>
    public void Apply(SignalType type, in SignalEvent signal)
    {
        Score = Score.Plus(signal.Weight, signal.EventTimeMilliseconds, type.HalfLifeMilliseconds);
        if (type.HasWindows)
            (Windows ??= new WindowCounters()).Add(signal.EventTimeMilliseconds, signal.HighestEventTimeMilliseconds);
    }

    /// <summary>A copy that shares nothing with this one.</summary>
    public RetractedPart Copy() => new(Score, Windows?.Copy());
}

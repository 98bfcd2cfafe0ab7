using Tidal.Crdt;
using Tidal.Schema;

namespace Tidal.Signals;

/// <summary>
/// What one origin (a region) has contributed to one (item, signal, cohort): applied in that origin's order only, so that
/// its bits do not depend on what other origins did meanwhile. Signals and retractions are kept apart.
/// </summary>
internal sealed class OriginPart(RegionId region)
{
    private WindowCounters? _addedWindows;

    /// <summary>The origin.</summary>
    public RegionId Region { get; } = region;

    /// <summary>Epoch and number of the last record applied: the part's version.</summary>
    public (ulong Epoch, ulong Number) Version { get; private set; }

    /// <summary>All-time counts.</summary>
    public PNCounter Counts { get; private set; }

    /// <summary>The decayed sum of the signals.</summary>
    public ForwardScore Score { get; private set; } = ForwardScore.Zero;

    /// <summary>Counts a signal.</summary>
    public void Apply(SignalType type, in SignalEvent signal)
    {
        Version = (signal.Epoch, signal.Number);
        Counts = Counts.Plus(added: 1, retracted: 0);
        Score = Score.Plus(signal.Weight, signal.EventTimeMilliseconds, type.HalfLifeMilliseconds);
        if (type.HasWindows)
            (_addedWindows ??= new WindowCounters()).Add(signal.EventTimeMilliseconds, signal.HighestEventTimeMilliseconds);
    }

    /// <summary>Signals less retractions counted in a window; below 0 where the signals retracted are another origin's.</summary>
    public long Count(CountWindow window, long readTimeMilliseconds) =>
        window == CountWindow.All ? Counts.Added - Counts.Retracted : _addedWindows?.Count(window, readTimeMilliseconds) ?? 0;

    /// <summary>Adds the part to a digest.</summary>
    public void AddTo(StateDigest digest, long highestEventTimeMilliseconds)
    {
        digest.Add(Region.Ordinal);
        digest.Add(Version.Epoch);
        digest.Add(Version.Number);
        digest.Add(Counts.Added);
        digest.Add(Counts.Retracted);
        digest.Add(Score.Mantissa);
        digest.Add(Score.Exponent);
        _addedWindows?.AddTo(digest, highestEventTimeMilliseconds);
    }
}

/// <summary>A signal as the ledger takes it: the record's fields and its place in its origin's log.</summary>
internal readonly record struct SignalEvent(
    RegionId Origin, ulong Epoch, ulong Number, double Weight, long EventTimeMilliseconds, long HighestEventTimeMilliseconds);

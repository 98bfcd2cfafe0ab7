using Tidal.Crdt;
using Tidal.Schema;

namespace Tidal.Signals;

/// <summary>
/// What one origin (a region) has contributed to one (item, signal, cohort): applied in that origin's order only, so that
/// its bits do not depend on what other origins did meanwhile. Signals and retractions are kept apart. Not safe for use by
/// several threads.
/// </summary>
internal sealed class OriginPart(RegionId region) : ICrdt<OriginPart>
{
    private WindowCounters? _addedWindows;
    private RetractedPart? _retracted;

    /// <summary>The origin.</summary>
    public RegionId Region { get; } = region;

    /// <summary>Epoch and number of the last record applied: the part's version.</summary>
    public (ulong Epoch, ulong Number) Version { get; private set; }

    /// <summary>All-time counts.</summary>
    public PNCounter Counts { get; private set; }

    /// <summary>The decayed sum of the signals.</summary>
    public ForwardScore Score { get; private set; } = ForwardScore.Zero;

    /// <summary>Whether anything was taken back.</summary>
    public bool HasRetracted => _retracted is not null;

    /// <summary>The decayed sum of the signals taken back.</summary>
    public ForwardScore RetractedScore => _retracted?.Score ?? ForwardScore.Zero;

    /// <summary>Counts a signal.</summary>
    public void Apply(SignalType type, in SignalEvent signal)
    {
        Version = (signal.Epoch, signal.Number);
        Counts = Counts.Plus(added: 1, retracted: 0);
        Score = Score.Plus(signal.Weight, signal.EventTimeMilliseconds, type.HalfLifeMilliseconds);
        if (type.HasWindows)
            (_addedWindows ??= new WindowCounters()).Add(signal.EventTimeMilliseconds, signal.HighestEventTimeMilliseconds);
    }

    /// <summary>Takes a signal back.</summary>
    /// <param name="type">The signal's type.</param>
    /// <param name="signal">The signal taken back, at the retraction's own place in the origin's log.</param>
    public void Retract(SignalType type, in SignalEvent signal)
    {
        Version = (signal.Epoch, signal.Number);
        (_retracted ??= new RetractedPart()).Apply(type, signal);
        Counts = Counts.Plus(added: 0, retracted: 1);
    }

    /// <summary>Signals less retractions counted in a window; below 0 where the signals retracted are another origin's.</summary>
    public long Count(CountWindow window, long readTimeMilliseconds) => window == CountWindow.All
        ? Counts.Added - Counts.Retracted
        : (_addedWindows?.Count(window, readTimeMilliseconds) ?? 0) - (_retracted?.Windows?.Count(window, readTimeMilliseconds) ?? 0);

    /// <summary>
    /// The newer of two copies: an origin's part is a function of its log, so the one that has applied more of it knows all
    /// that the other knows. Adding them would count twice what both have applied.
    /// </summary>
    public OriginPart Merge(OriginPart other)
    {
        if (other.Region != Region)
            throw new ArgumentException($"A part of {other.Region} is no copy of one of {Region}.", nameof(other));
        return (other.Version.CompareTo(Version) > 0 ? other : this).Copy();
    }

    /// <summary>Adds the part to a digest, with the window slots that are live as of its own last signal.</summary>
    public void AddTo(StateWriter digest) => AddTo(digest, null);

    /// <summary>Adds the part to a digest, with the window slots that are live as of an event time, or as of its own last signal.</summary>
    public void AddTo(StateWriter digest, long? highestEventTimeMilliseconds)
    {
        digest.Add(Region.Ordinal);
        digest.Add(Version.Epoch);
        digest.Add(Version.Number);
        Counts.AddTo(digest);
        Score.AddTo(digest);
        WindowCounters.AddTo(digest, _addedWindows, highestEventTimeMilliseconds);
        digest.Add(_retracted is null ? 0 : 1);
        if (_retracted is null)
            return;
        _retracted.Score.AddTo(digest);
        WindowCounters.AddTo(digest, _retracted.Windows, highestEventTimeMilliseconds);
    }

    /// <summary>Reads a part back; <paramref name="highestEventTimes"/> says what its origin's log had held.</summary>
    public static OriginPart Read(StateReader reader, IReadOnlyDictionary<RegionId, long> highestEventTimes)
    {
        var region = reader.ReadRegion();
        var highest = highestEventTimes.GetValueOrDefault(region);
        return new OriginPart(region)
        {
            Version = (reader.ReadUInt64(), reader.ReadUInt64()),
            Counts = PNCounter.Read(reader),
            Score = ForwardScore.Read(reader),
            _addedWindows = WindowCounters.Read(reader, highest),
            _retracted = reader.ReadInt32(0, 1) == 1 ? new RetractedPart(ForwardScore.Read(reader), WindowCounters.Read(reader, highest)) : null,
        };
    }

    /// <summary>A copy that shares nothing with this one.</summary>
    public OriginPart Copy() => new(Region)
    {
        Version = Version,
        Counts = Counts,
        Score = Score,
        _addedWindows = _addedWindows?.Copy(),
        _retracted = _retracted?.Copy(),
    };
}

/// <summary>A signal as the ledger takes it: the record's fields and its place in its origin's log.</summary>
internal readonly record struct SignalEvent(
    RegionId Origin, ulong Epoch, ulong Number, double Weight, long EventTimeMilliseconds, long HighestEventTimeMilliseconds);

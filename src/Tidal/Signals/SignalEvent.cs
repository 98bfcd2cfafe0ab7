using Tidal.Schema;

namespace Tidal.Signals;

/// <summary>A signal as the ledger takes it: the record's fields and its place in its origin's log.</summary>
internal readonly record struct SignalEvent(
    RegionId Origin, ulong Epoch, ulong Number, double Weight, long EventTimeMilliseconds, long HighestEventTimeMilliseconds)
{
    /// <summary>What it adds to whatever it counts for.</summary>
    public Contribution To(SignalType type) => new(
        Origin, Epoch, Number, ForwardScore.Term(Weight, EventTimeMilliseconds, type.HalfLifeMilliseconds),
        WindowSlots.Of(EventTimeMilliseconds, HighestEventTimeMilliseconds), type.HasWindows);
}

/// <summary>What one signal adds, the same for everyone and for each cohort.</summary>
/// <param name="Origin">The origin whose log it stands in.</param>
/// <param name="Epoch">The origin's epoch.</param>
/// <param name="Number">Its number there.</param>
/// <param name="Term">Its term of the decayed sum.</param>
/// <param name="Slots">The slots that it falls into.</param>
/// <param name="HasWindows">Whether its type is counted in windows.</param>
internal readonly record struct Contribution(
    RegionId Origin, ulong Epoch, ulong Number, ForwardScore Term, WindowSlots Slots, bool HasWindows);

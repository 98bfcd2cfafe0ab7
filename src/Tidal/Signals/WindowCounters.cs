using Tidal.Crdt;
using Tidal.Schema;

namespace Tidal.Signals;

/// <summary>
/// Counts of one origin in the windows 1 h (by minute), 24 h and 7 d (by hour), by event time. Which slots are live is
/// decided by the highest event time that the origin's log has held so far (PROTOCOL 16), never by a clock, so that it is
/// a function of that log: an event older than that counts for all time only.
/// </summary>
internal sealed class WindowCounters
{
    /// <summary>How much longer than its window a slot is kept, so that a read somewhat in the past still finds it.</summary>
    public const long SlackMilliseconds = 3_600_000;

    private const long MinuteMilliseconds = 60_000;
    private const long HourMilliseconds = 3_600_000;
    private const int MinutesKept = 60;
    private const int HoursKept = 7 * 24;

    private readonly SlotCounts _minutes = new();
    private readonly SlotCounts _hours = new();

    /// <summary>Counts an event.</summary>
    /// <param name="eventTimeMilliseconds">Its event time.</param>
    /// <param name="highestMilliseconds">The highest event time that the origin's log has held, this event included.</param>
    public void Add(long eventTimeMilliseconds, long highestMilliseconds)
    {
        AddLive(_minutes, Slot(eventTimeMilliseconds, MinuteMilliseconds), MinutesLiveFrom(highestMilliseconds));
        AddLive(_hours, Slot(eventTimeMilliseconds, HourMilliseconds), HoursLiveFrom(highestMilliseconds));
    }

    /// <summary>The events in a window that ends with the slot of the read time. Not for <see cref="CountWindow.All"/>.</summary>
    public long Count(CountWindow window, long readTimeMilliseconds)
    {
        var minute = Slot(readTimeMilliseconds, MinuteMilliseconds);
        var hour = Slot(readTimeMilliseconds, HourMilliseconds);
        return window switch
        {
            CountWindow.OneHour => _minutes.Sum(minute - (MinutesKept - 1), minute),
            CountWindow.OneDay => _hours.Sum(hour - 23, hour),
            CountWindow.OneWeek => _hours.Sum(hour - (HoursKept - 1), hour),
            _ => throw new ArgumentOutOfRangeException(nameof(window), window, "All-time counts are not kept in slots."),
        };
    }

    /// <summary>Adds the live slots to a digest.</summary>
    public void AddTo(StateDigest digest, long highestMilliseconds)
    {
        _minutes.AddTo(digest, MinutesLiveFrom(highestMilliseconds));
        _hours.AddTo(digest, HoursLiveFrom(highestMilliseconds));
    }

    private static void AddLive(SlotCounts counts, int slot, int liveFrom)
    {
        if (slot < liveFrom)
            return;
        counts.DropBefore(liveFrom);
        counts.Add(slot);
    }

    private static int MinutesLiveFrom(long highestMilliseconds) =>
        Slot(highestMilliseconds - SlackMilliseconds - MinutesKept * MinuteMilliseconds, MinuteMilliseconds);

    private static int HoursLiveFrom(long highestMilliseconds) =>
        Slot(highestMilliseconds - SlackMilliseconds - HoursKept * HourMilliseconds, HourMilliseconds);

    private static int Slot(long milliseconds, long slotMilliseconds) => (int)Math.Max(0, milliseconds / slotMilliseconds);
}

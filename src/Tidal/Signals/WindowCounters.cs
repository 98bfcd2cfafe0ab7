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

    private static readonly SlotCounts NoSlots = new();

    private const long MinuteMilliseconds = 60_000;
    private const long HourMilliseconds = 3_600_000;
    private const int MinutesKept = 60;
    private const int HoursKept = 7 * 24;

    private SlotCounts _minutes = new();
    private SlotCounts _hours = new();
    private long _highestMilliseconds;

    /// <summary>Counts an event.</summary>
    /// <param name="eventTimeMilliseconds">Its event time.</param>
    /// <param name="highestMilliseconds">The highest event time that the origin's log has held, this event included.</param>
    public void Add(long eventTimeMilliseconds, long highestMilliseconds)
    {
        _highestMilliseconds = highestMilliseconds;
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

    /// <summary>A copy that shares nothing with this one.</summary>
    public WindowCounters Copy() =>
        new() { _minutes = _minutes.Copy(), _hours = _hours.Copy(), _highestMilliseconds = _highestMilliseconds };

    /// <summary>Adds the live slots to a digest; no counters add what empty ones do.</summary>
    /// <param name="digest">The digest.</param>
    /// <param name="counters">The counters, or null.</param>
    /// <param name="highestMilliseconds">The highest event time that the origin's log has held; null: as of the counters' last event.</param>
    public static void AddTo(StateWriter digest, WindowCounters? counters, long? highestMilliseconds)
    {
        var highest = highestMilliseconds ?? counters?._highestMilliseconds ?? 0;
        (counters?._minutes ?? NoSlots).AddTo(digest, MinutesLiveFrom(highest));
        (counters?._hours ?? NoSlots).AddTo(digest, HoursLiveFrom(highest));
    }

    /// <summary>Reads counters back; null where nothing was live, which adds to a digest what empty ones do.</summary>
    /// <param name="reader">Where they are read from.</param>
    /// <param name="highestMilliseconds">The highest event time that the origin's log had held when they were added.</param>
    public static WindowCounters? Read(StateReader reader, long highestMilliseconds)
    {
        var counters = new WindowCounters
        {
            _minutes = SlotCounts.Read(reader),
            _hours = SlotCounts.Read(reader),
            _highestMilliseconds = highestMilliseconds,
        };
        return counters._minutes.IsEmpty && counters._hours.IsEmpty ? null : counters;
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

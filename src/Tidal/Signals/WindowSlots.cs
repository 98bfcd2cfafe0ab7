using Tidal.Schema;

namespace Tidal.Signals;

/// <summary>
/// Into which slots an event falls, and from which on they are live. Which are is decided by the highest event time that the
/// origin's log has held so far (PROTOCOL 16), never by a clock, so that it is a function of that log: an event older than that
/// counts for all time only.
/// </summary>
/// <param name="Minute">The minute of an event.</param>
/// <param name="Hour">Its hour.</param>
/// <param name="MinutesFrom">The first minute that is live.</param>
/// <param name="HoursFrom">The first hour that is live.</param>
internal readonly record struct WindowSlots(int Minute, int Hour, int MinutesFrom, int HoursFrom)
{
    /// <summary>How much longer than its window a slot is kept, so that a read somewhat in the past still finds it.</summary>
    public const long SlackMilliseconds = 3_600_000;

    private const long MinuteMilliseconds = 60_000;
    private const long HourMilliseconds = 3_600_000;
    private const int MinutesKept = 60;
    private const int HoursKept = 7 * 24;

    /// <summary>The slots of an event.</summary>
    /// <param name="eventTimeMilliseconds">Its event time.</param>
    /// <param name="highestMilliseconds">The highest event time that the origin's log has held, this event included.</param>
    public static WindowSlots Of(long eventTimeMilliseconds, long highestMilliseconds) => new(
        Slot(eventTimeMilliseconds, MinuteMilliseconds),
        Slot(eventTimeMilliseconds, HourMilliseconds),
        Slot(highestMilliseconds - SlackMilliseconds - MinutesKept * MinuteMilliseconds, MinuteMilliseconds),
        Slot(highestMilliseconds - SlackMilliseconds - HoursKept * HourMilliseconds, HourMilliseconds));

    /// <summary>The slots of a window that ends with the slot of the read time. Not for <see cref="CountWindow.All"/>.</summary>
    public static (bool IsByMinute, int First, int Last) Of(CountWindow window, long readTimeMilliseconds)
    {
        var (minute, hour) = (Slot(readTimeMilliseconds, MinuteMilliseconds), Slot(readTimeMilliseconds, HourMilliseconds));
        return window switch
        {
            CountWindow.OneHour => (true, minute - (MinutesKept - 1), minute),
            CountWindow.OneDay => (false, hour - 23, hour),
            CountWindow.OneWeek => (false, hour - (HoursKept - 1), hour),
            _ => throw new ArgumentOutOfRangeException(nameof(window), window, "All-time counts are not kept in slots."),
        };
    }

    private static int Slot(long milliseconds, long slotMilliseconds) => (int)Math.Max(0, milliseconds / slotMilliseconds);
}

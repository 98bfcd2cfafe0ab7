using System.Globalization;

namespace Tidal.Cli;

/// <summary>How times, spans and lists are written, the same on every machine.</summary>
internal static class Wording
{
    /// <summary>Names as a choice: <c>a, b or c</c>.</summary>
    /// <param name="names">The names, at least one.</param>
    public static string AnyOf(IReadOnlyList<string> names) => Join(names, "or");

    /// <summary>Names as a list: <c>a, b and c</c>.</summary>
    /// <param name="names">The names, at least one.</param>
    public static string AllOf(IReadOnlyList<string> names) => Join(names, "and");

    /// <summary>A time of day, UTC, with milliseconds.</summary>
    /// <param name="time">The time.</param>
    public static string Clock(DateTimeOffset time) => time.UtcDateTime.ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture);

    /// <summary>A time of day, UTC, to the second.</summary>
    /// <param name="time">The time.</param>
    public static string ClockSeconds(DateTimeOffset time) => time.UtcDateTime.ToString("HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>A day, UTC.</summary>
    /// <param name="time">A time of that day.</param>
    public static string Day(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>A time in ISO 8601, UTC, with milliseconds.</summary>
    /// <param name="time">The time.</param>
    public static string Iso(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>A span in its largest whole unit: <c>6 h</c>, <c>90 min</c>, <c>45 s</c>, <c>250 ms</c>.</summary>
    /// <param name="span">The span.</param>
    public static string Span(TimeSpan span) => span.Ticks switch
    {
        var t when t != 0 && t % TimeSpan.TicksPerHour == 0 => $"{t / TimeSpan.TicksPerHour} h",
        var t when t != 0 && t % TimeSpan.TicksPerMinute == 0 => $"{t / TimeSpan.TicksPerMinute} min",
        var t when t % TimeSpan.TicksPerSecond == 0 => $"{t / TimeSpan.TicksPerSecond} s",
        _ => $"{span.TotalMilliseconds:0.###} ms",
    };

    /// <summary>A number of things: <c>1 row</c>, <c>31,509 rows</c>.</summary>
    /// <param name="count">How many.</param>
    /// <param name="noun">The thing, in the singular.</param>
    public static string Count(long count, string noun) => $"{count:N0} {noun}{(count == 1 ? "" : "s")}";

    /// <summary>The sentence of an error: what was wrong and what was expected.</summary>
    /// <param name="problem">What was wrong, without a full stop.</param>
    /// <param name="expected">What was expected: a noun phrase, without a full stop.</param>
    public static string Fault(string problem, string expected) => $"{char.ToUpperInvariant(problem[0])}{problem[1..]}; expected {expected}.";

    private static string Join(IReadOnlyList<string> names, string word) =>
        names.Count == 1 ? names[0] : $"{string.Join(", ", names.SkipLast(1))} {word} {names[^1]}";
}

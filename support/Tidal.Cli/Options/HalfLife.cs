using System.Globalization;
using Tidal.Schema;

namespace Tidal.Cli;

/// <summary>Reads the option <c>--half-life</c>.</summary>
internal static class HalfLife
{
    /// <summary>The option.</summary>
    public const string Option = "--half-life";

    private const int DaysMax = 3_650;
    private const string Expected = "a whole number and a unit (d, h, m or s), like 6h or 90m";

    /// <summary>Reads a half-life: <c>1d</c>, <c>6h</c>, <c>90m</c> or <c>45s</c>.</summary>
    /// <param name="text">The option's text.</param>
    /// <exception cref="OptionException">It is none, or too short or too long.</exception>
    public static TimeSpan Parse(string text)
    {
        var unit = UnitOf(text);
        var isNumber = long.TryParse(text.AsSpan(0, Math.Max(0, text.Length - 1)), NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        if (unit == TimeSpan.Zero || !isNumber)
            throw new OptionException(Option, $"{Printable.Quote(text)} is not a length of time", Expected);
        if (number > TimeSpan.FromDays(DaysMax) / unit || number * unit < SchemaBuilder.ShortestHalfLife)
            throw new OptionException(Option, $"{text} is out of bounds", $"{Wording.Span(SchemaBuilder.ShortestHalfLife)} to {DaysMax:N0} days");
        return number * unit;
    }

    private static TimeSpan UnitOf(string text) => text.Length == 0 ? TimeSpan.Zero : text[^1] switch
    {
        'd' => TimeSpan.FromDays(1),
        'h' => TimeSpan.FromHours(1),
        'm' => TimeSpan.FromMinutes(1),
        's' => TimeSpan.FromSeconds(1),
        _ => TimeSpan.Zero,
    };
}

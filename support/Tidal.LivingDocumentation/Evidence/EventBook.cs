using System.Globalization;
using Tidal.LivingDocumentation.Records;

namespace Tidal.LivingDocumentation.Drawing;

/// <summary>In which order things are drawn: what comes later lies above.</summary>
internal enum Layer
{
    Ground,
    Lanes,
    Marks,
}

/// <summary>
/// What a drawing consists of, each with the event that it tells of: events are numbered in the order of their times, things are drawn
/// layer by layer. Not safe for use by several threads.
/// </summary>
internal sealed class EventBook
{
    /// <summary>Events told; what is more is drawn without words.</summary>
    public const int EventsMax = 200;

    private readonly List<(long Time, Layer Layer, PictureEvent Event, Action<int?> Draw)> _entries = [];

    /// <summary>Adds something to be drawn.</summary>
    public void Add(long time, Layer layer, PictureEvent told, Action<int?> draw) => _entries.Add((time, layer, told, draw));

    /// <summary>Draws everything.</summary>
    /// <returns>The events, in order.</returns>
    public IReadOnlyList<PictureEvent> DrawAll()
    {
        var numbered = _entries.OrderBy(entry => entry.Time).Select((entry, number) => (Entry: entry, Number: number < EventsMax ? number : (int?)null)).ToList();
        foreach (var (entry, number) in numbered.OrderBy(one => one.Entry.Layer))
            entry.Draw(number);
        return [.. numbered.Take(EventsMax).Select(one => one.Entry.Event)];
    }

    /// <summary>A time, as it is to be read.</summary>
    public static string When(long microseconds) => string.Create(CultureInfo.InvariantCulture, $"{microseconds / 1e6:0.000} s");

    /// <summary>From a time to another.</summary>
    public static string When(long from, long to, bool isOver = true) =>
        !isOver ? $"{When(from)} to the end" : When(from) == When(to) ? When(from) : $"{When(from)} to {When(to)}";
}

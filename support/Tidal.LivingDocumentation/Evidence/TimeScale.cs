namespace Tidal.LivingDocumentation.Drawing;

/// <summary>
/// Where a time stands on an axis. Long stretches in which nothing is to be seen are drawn short, so that what happens has room: there
/// the axis is broken. Immutable.
/// </summary>
internal sealed class TimeScale
{
    /// <summary>Which part of the whole a stretch must be to be drawn short.</summary>
    private const double LongPart = 0.22;

    /// <summary>Which part of the axis it takes then.</summary>
    private const double ShortPart = 0.05;

    private readonly List<(long Time, double X)> _knots = [];

    /// <summary>A scale.</summary>
    /// <param name="times">Times at which something is to be seen, in microseconds; the first and the last are where the axis begins and ends.</param>
    /// <param name="left">Where it begins.</param>
    /// <param name="right">Where it ends.</param>
    public TimeScale(IEnumerable<long> times, double left, double right)
    {
        var sorted = times.Distinct().Order().ToList();
        var (began, ended) = (sorted[0], sorted[^1]);
        Breaks = BreaksIn(sorted, (ended - began) * LongPart);
        var full = ended - began - Breaks.Sum(gap => gap.To - gap.From);
        var perMicrosecond = (right - left) * (1 - ShortPart * Breaks.Count) / Math.Max(1, full);
        var x = left;
        var at = began;
        _knots.Add((began, left));
        foreach (var (from, to) in Breaks)
        {
            _knots.Add((from, x += (from - at) * perMicrosecond));
            _knots.Add((to, x += (right - left) * ShortPart));
            at = to;
        }
        _knots.Add((ended, right));
    }

    /// <summary>The stretches drawn short.</summary>
    public IReadOnlyList<(long From, long To)> Breaks { get; }

    /// <summary>When the axis begins.</summary>
    public long Began => _knots[0].Time;

    /// <summary>When it ends.</summary>
    public long Ended => _knots[^1].Time;

    /// <summary>Where a time stands; one before the beginning at the beginning, one after the end at the end.</summary>
    public double X(long time)
    {
        if (time <= Began)
            return _knots[0].X;
        for (var knot = 1; knot < _knots.Count; knot++)
        {
            var ((from, left), (to, right)) = (_knots[knot - 1], _knots[knot]);
            if (time <= to)
                return left + (right - left) * (time - from) / Math.Max(1, to - from);
        }
        return _knots[^1].X;
    }

    /// <summary>Round times for the axis, no closer to each other than a distance.</summary>
    public IEnumerable<long> Ticks(double distance)
    {
        var step = Steps().First(step => step * PerMicrosecond >= distance);
        for (var time = (Began + step - 1) / step * step; time <= Ended; time += step)
        {
            var isInBreak = Breaks.Any(gap => time > gap.From && time < gap.To);
            if (!isInBreak)
                yield return time;
        }
    }

    private double PerMicrosecond
    {
        get
        {
            var ((from, left), (to, right)) = _knots.Zip(_knots.Skip(1)).Where(pair => !Breaks.Contains((pair.First.Time, pair.Second.Time)))
                .MaxBy(pair => pair.Second.Time - pair.First.Time);
            return (right - left) / Math.Max(1, to - from);
        }
    }

    // What happens at the edge of a stretch keeps some room.
    private static List<(long From, long To)> BreaksIn(List<long> times, double longest)
    {
        var gaps = times.Zip(times.Skip(1), (from, to) => (From: from, To: to)).Where(gap => gap.To - gap.From > longest).ToList();
        var room = (times[^1] - times[0] - gaps.Sum(gap => gap.To - gap.From)) / 20;
        return [.. gaps.Select(gap => (gap.From + Math.Min(room, (gap.To - gap.From) / 12), gap.To - Math.Min(room, (gap.To - gap.From) / 12)))];
    }

    private static IEnumerable<long> Steps()
    {
        for (var power = 1000L; ; power *= 10)
        {
            yield return power;
            yield return 2 * power;
            yield return 5 * power;
        }
    }
}

using System.Globalization;
using System.Text;
using Tidal.LivingDocumentation.Records;
using Tidal.Testing;

namespace Tidal.LivingDocumentation.Drawing;

/// <summary>Draws how long signals took from region to region: how many in which time, on an axis of powers, against a limit.</summary>
internal static class LagPicture
{
    private const double Width = 960;
    private const double Left = 118;
    private const double Right = 940;
    private const double Top = 34;
    private const double Bottom = 134;
    private const int BarsOfADecade = 8;

    /// <summary>The picture; null if nothing was measured.</summary>
    /// <param name="title">Which lag.</param>
    /// <param name="lag">The lag.</param>
    /// <param name="limit">The limit for 99 of 100.</param>
    public static Picture? Of(string title, Histogram? lag, TimeSpan limit)
    {
        if (lag is not { Count: > 0 })
            return null;
        var svg = new Svg();
        var events = new List<PictureEvent>();
        var (from, to) = RangeOf(lag, limit);
        double X(double microseconds) => Left + (Right - Left) * (Math.Log10(Math.Max(1, microseconds)) - from) / (to - from);
        DrawBars(svg, events, lag, from, to);
        DrawLine(svg, events, "t", X(lag.At(0.5).TotalMicroseconds), 12, $"half within {Words(lag.At(0.5))}");
        DrawLine(svg, events, "t", X(lag.At(0.99).TotalMicroseconds), 26, $"99 of 100 within {Words(lag.At(0.99))}");
        DrawLine(svg, events, PictureClasses.Limit, X(limit.TotalMicroseconds), 12, $"limit {Words(limit)}");
        DrawAxis(svg, from, to, X);
        var summary = string.Create(CultureInfo.InvariantCulture, $"Of {lag.Count:N0} signals half took {Words(lag.At(0.5))} or less, 99 of 100 {Words(lag.At(0.99))}, the longest {Words(lag.Max)}; the limit is {Words(limit)}.");
        return new Picture(title, summary, "histogram", svg.Of(Width, 160, summary), events);
    }

    private static (int From, int To) RangeOf(Histogram lag, TimeSpan limit)
    {
        var least = (int)Math.Floor(Math.Log10(Math.Max(1, lag.At(0).TotalMicroseconds)));
        var most = (int)Math.Ceiling(Math.Log10(1.2 * Math.Max(lag.Max.TotalMicroseconds, limit.TotalMicroseconds)));
        return (least, Math.Max(most, least + 1));
    }

    private static void DrawBars(Svg svg, List<PictureEvent> events, Histogram lag, int from, int to)
    {
        var bounds = Enumerable.Range(0, (to - from) * BarsOfADecade + 1).Select(bar => Math.Pow(10, from + (double)bar / BarsOfADecade)).ToList();
        var counts = bounds.Zip(bounds.Skip(1), lag.CountBetween).ToList();
        var (most, width) = (counts.Max(), (Right - Left) / counts.Count);
        for (var bar = 0; bar < counts.Count; bar++)
        {
            if (counts[bar] == 0)
                continue;
            var height = Math.Max(1.5, (Bottom - Top) * counts[bar] / most);
            svg.Rect(PictureClasses.Delay, Left + bar * width, Bottom - height, width - 1.5, height, events.Count);
            events.Add(new PictureEvent($"{Words(bounds[bar])} to {Words(bounds[bar + 1])}", "", EventWords.Count((ulong)counts[bar], "signal")));
        }
    }

    private static void DrawLine(Svg svg, List<PictureEvent> events, string style, double x, double y, string words)
    {
        var isNearTheEnd = x + 6 + Svg.WidthOf(words) > Right;
        svg.Line(style, $"M{Svg.N(x)} {Svg.N(y - 8)}V{Svg.N(Bottom)}", 1.5, events.Count);
        svg.Text(PictureClasses.Text, isNearTheEnd ? x - 4 : x + 4, y, words, isNearTheEnd ? "end" : "start", events.Count);
        events.Add(new PictureEvent("", "", words));
    }

    private static void DrawAxis(Svg svg, int from, int to, Func<double, double> x)
    {
        var path = new StringBuilder($"M{Svg.N(Left)} {Svg.N(Bottom)}H{Svg.N(Right)}");
        for (var power = from; power <= to; power++)
        {
            path.Append(CultureInfo.InvariantCulture, $"M{Svg.N(x(Math.Pow(10, power)))} {Svg.N(Bottom)}v5");
            svg.Text("t f", x(Math.Pow(10, power)), Bottom + 18, Words(Math.Pow(10, power)), "middle");
        }
        svg.Line(PictureClasses.Faint, path.ToString());
        svg.Text("t f", Left - 8, Top + 12, "signals", "end");
    }

    private static string Words(TimeSpan time) => Words(time.TotalMicroseconds);

    private static string Words(double microseconds) => microseconds switch
    {
        < 1000 => string.Create(CultureInfo.InvariantCulture, $"{microseconds:0.#} µs"),
        < 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{microseconds / 1000:0.#} ms"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{microseconds / 1_000_000:0.##} s"),
    };
}

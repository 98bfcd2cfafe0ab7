using System.Globalization;
using Tidal.LivingDocumentation.Records;
using Tidal.Schema;
using Tidal.Testing.History;

namespace Tidal.LivingDocumentation.Drawing;

/// <summary>
/// Draws a story: from left to right the time, from top to bottom the steps, the faults, each region with what it answered and the shards in
/// which something happened, tenants on the move, regions that come to agree, and the lag. Bounded. Not safe for use by several threads.
/// </summary>
internal sealed partial class TimelinePicture
{
    /// <summary>A lag that is worth a look.</summary>
    public static readonly TimeSpan LagWorthSeeing = TimeSpan.FromSeconds(1);

    private const double Width = 960;
    private const double Left = 118;
    private const double Right = 940;
    private const double Row = 19;

    private readonly Story _story;
    private readonly TimeScale _scale;
    private readonly Svg _svg = new();
    private readonly EventBook _book = new();
    private readonly Dictionary<RegionId, (double Top, double Bottom)> _regions = [];
    private readonly Dictionary<(RegionId, ShardId), (double Top, double Bottom)> _lanes = [];
    private double _y = 4;

    private TimelinePicture(Story story)
    {
        _story = story;
        _scale = new TimeScale(TimesOf(story), Left, Right);
    }

    /// <summary>The picture; null where nothing happened that is worth one.</summary>
    public static Picture? Of(Story story)
    {
        if (!story.SaysSomething)
            return null;
        var picture = new TimelinePicture(story);
        picture.Lay();
        var events = picture._book.DrawAll();
        var summary = SummaryOf(story);
        return new Picture("What happened", summary, "timeline", picture._svg.Of(Width, Math.Ceiling(picture._y), summary), events);
    }

    private void Lay()
    {
        LaySteps();
        LayFaults();
        LayOrders();
        LayRegions();
        LayMoves();
        LayAgreements();
        LayLoad();
        LayLag();
        LayAxis();
        LayLegend();
    }

    private static IEnumerable<long> TimesOf(Story story) => story.Marks.Where(mark => mark.Kind != MarkKind.Checkpoint).Select(mark => mark.Time)
        .Concat(story.Faults.Concat(story.Agreements).SelectMany(span => new[] { span.From, span.To }))
        .Concat(story.Moves.SelectMany(move => move.Phases).SelectMany(phase => new[] { phase.From, phase.To }))
        .Concat(story.Steps.Select(step => (long)step.At.TotalMicroseconds)).Concat(story.Told.Select(told => told.Time))
        .Append(story.AuditBegan ?? story.Ended)
        .Where(time => time > story.Began && time < story.Ended)
        .Prepend(story.Began).Append(story.Ended);

    private static string SummaryOf(Story story)
    {
        var counts = new (int Number, string Noun, string Many)[]
        {
            (story.Faults.Count(fault => fault.Sort == HistorySort.Network), "disturbance of the network", "disturbances of the network"),
            (story.Faults.Count(fault => fault.Sort == HistorySort.Clock), "fault of clocks", "faults of clocks"),
            (story.Marks.Count(mark => mark.Kind == MarkKind.Crash) + story.Faults.Count(fault => fault.Sort == HistorySort.Stop), "crash or stop", "crashes or stops"),
            (story.Marks.Count(mark => mark.Kind == MarkKind.Promotion), "promotion", "promotions"),
            (story.Moves.Count, "tenant on the move", "tenants on the move"),
            (story.Agreements.Count, "agreement between two regions", "agreements between two regions"),
        };
        var parts = counts.Where(count => count.Number > 0).Select(count => $"{count.Number} {(count.Number == 1 ? count.Noun : count.Many)}");
        var seconds = ((story.Ended - story.Began) / 1e6).ToString("0.0", CultureInfo.InvariantCulture);
        return string.Join(", ", parts.Prepend($"{seconds} seconds of the cluster's time"));
    }

    private double X(long time) => _scale.X(time);

    private void Label(double y, string text, string style = PictureClasses.Text) => _svg.Text(style, Left - 8, y, Svg.Cut(text, 18), "end");
}

using System.Globalization;
using Tidal.LivingDocumentation.Records;
using Tidal.Placement;
using Tidal.Testing.Oracles;

namespace Tidal.LivingDocumentation.Drawing;

// Below the regions: tenants on the move, regions that come to agree, and the lag.
internal sealed partial class TimelinePicture
{
    private const int MovesShown = 6;
    private const int PhasesShown = 12;
    private const int PairsShown = 6;
    private const int AgreementsShown = 8;
    private const double LagHeight = 44;

    private void LayMoves()
    {
        foreach (var (tenant, phases) in _story.Moves.Take(MovesShown))
        {
            Label(_y + 14, tenant);
            foreach (var phase in phases.Take(PhasesShown))
                LayPhase(tenant, phase, _y);
            _y += 22;
        }
    }

    private void LayPhase(string tenant, StoryPhase phase, double y)
    {
        var (left, right) = (X(phase.From), Math.Max(X(phase.To), X(phase.From) + 2));
        var words = phase.Step switch
        {
            MigrationStep.PreparingTarget => "taking in",
            MigrationStep.DualWrite => "both take writes",
            MigrationStep.Finalizing => "handing over",
            _ => "erasing",
        };
        var told = new PictureEvent(EventBook.When(phase.From, phase.To), tenant, EventWords.Of(phase.Step));
        _book.Add(phase.From, Layer.Marks, told, number =>
        {
            _svg.Rect(PictureClasses.Move, left, y + 13, Math.Max(1.5, right - left - 1), 5, number);
            if (Svg.WidthOf(words) < right - left)
                _svg.Text(PictureClasses.Text, left, y + 10, words, happened: number);
        });
    }

    private void LayAgreements()
    {
        foreach (var pair in _story.Agreements.GroupBy(span => span.Where).Take(PairsShown))
        {
            Label(_y + 12, string.Join(", ", pair.First().Regions.Select(_story.Topology.NameOf)), "t f");
            var spans = pair.Take(AgreementsShown).ToList();
            for (var place = 0; place < spans.Count; place++)
                LayAgreement(spans[place], _y + 8, place + 1 < spans.Count ? X(spans[place + 1].From) : Right);
            _y += Row;
        }
    }

    private void LayAgreement(StorySpan span, double y, double next)
    {
        var (left, width) = (X(span.From), Math.Max(3, X(span.To) - X(span.From)));
        var words = span.IsOver ? "agree" : "do not agree";
        var told = new PictureEvent(EventBook.When(span.From, span.To, span.IsOver), span.Where, span.What);
        _book.Add(span.From, Layer.Marks, told, number =>
        {
            _svg.Rect(span.IsOver ? PictureClasses.Good : PictureClasses.Bad, left, y - 4, width, 8, number);
            if (left + width + 6 + Svg.WidthOf(words) < next)
                _svg.Text("t f", left + width + 5, y + 4, words, happened: number);
        });
    }

    /// <summary>How many signals of a load were accepted in each second, against what must be.</summary>
    private void LayLoad()
    {
        var (began, accepted) = _story.Load;
        if (accepted.Count == 0)
            return;
        var (bottom, most) = (_y + 8 + LagHeight, Math.Max(accepted.Max(), 1.2 * Limits.SignalsPerSecond));
        var path = string.Concat(accepted.Select((number, second) => (Left: X(began + second * 1_000_000L), Right: X(began + (second + 1) * 1_000_000L), Height: number / most * LagHeight))
            .Where(bar => bar.Right > bar.Left).Select(bar => $"M{Svg.N(bar.Left)} {Svg.N(bottom)}v{Svg.N(-bar.Height)}H{Svg.N(bar.Right - 1)}V{Svg.N(bottom)}z"));
        Label(bottom - LagHeight / 2 + 4, "accepted a second");
        var words = string.Create(CultureInfo.InvariantCulture, $"signals accepted, second by second: {accepted.SkipLast(1).DefaultIfEmpty().Min():N0} to {accepted.Max():N0}; 25,000 must be, over all");
        _book.Add(began, Layer.Marks, new PictureEvent(EventBook.When(began, began + accepted.Count * 1_000_000L), "all regions", words), number => _svg.Fill(PictureClasses.Amount, path, number));
        var limit = bottom - Limits.SignalsPerSecond / most * LagHeight;
        _svg.Line(PictureClasses.Limit, $"M{Svg.N(Left)} {Svg.N(limit)}H{Svg.N(Right)}");
        _svg.Text("t f", Right, limit - 3, "25,000", "end");
        _y = bottom + 4;
    }

    /// <summary>The lag as it went, against its limit, where it was worth a look.</summary>
    private void LayLag()
    {
        if (_story.Lag.Count == 0 || (_story.WorstLag < LagWorthSeeing && !_story.IsAboutLag))
            return;
        var (top, bottom) = (_y + 8, _y + 8 + LagHeight);
        var most = Math.Max(_story.WorstLag.TotalSeconds, Limits.LagSeconds * 1.1);
        double Y(double seconds) => bottom - seconds / most * LagHeight;
        Label(bottom - LagHeight / 2 + 4, _story.IsAboutLag ? "lag, 99 of 100" : "lag");
        _svg.Line(PictureClasses.Faint, $"M{Svg.N(Left)} {Svg.N(bottom)}H{Svg.N(Right)}");
        _svg.Line(PictureClasses.Limit, $"M{Svg.N(Left)} {Svg.N(Y(Limits.LagSeconds))}H{Svg.N(Right)}");
        _svg.Text("t f", Right, Y(Limits.LagSeconds) - 3, "2 s", "end");
        var worst = _story.Lag.MaxBy(sample => sample.Age);
        _book.Add(worst.TimeMicroseconds, Layer.Marks, LagEvent(worst), number =>
        {
            _svg.Line(PictureClasses.Delay, LagPath(Y), 1.5, number);
            var seconds = string.Create(CultureInfo.InvariantCulture, $"{worst.Age.TotalSeconds:0.0#} s");
            _svg.Text(PictureClasses.Text, Math.Min(X(worst.TimeMicroseconds) + 4, Right - 34), top + 4, seconds, happened: number);
        });
        _y = bottom + 4;
    }

    private PictureEvent LagEvent(in LagSample worst)
    {
        var age = worst.Age.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);
        var where = worst.Origin == worst.Target ? "between the regions" : $"{_story.Topology.NameOf(worst.Origin)} to {_story.Topology.NameOf(worst.Target)}";
        return new PictureEvent(EventBook.When(worst.TimeMicroseconds), where, $"the largest lag: {age} seconds; signals must be everywhere within 2 seconds where regions can hear each other");
    }

    // Only where it turns: what lies on a line with its neighbours is left out.
    private string LagPath(Func<double, double> y)
    {
        var points = _story.Lag.Select(sample => (X: X(sample.TimeMicroseconds), Y: y(sample.Age.TotalSeconds))).ToList();
        var kept = points.Where((point, place) =>
            place == 0 || place == points.Count - 1
            || Math.Abs((points[place - 1].Y + points[place + 1].Y) / 2 - point.Y) > 0.4).Select(point => $"{Svg.N(point.X)} {Svg.N(point.Y)}");
        return $"M{string.Join('L', kept)}";
    }
}

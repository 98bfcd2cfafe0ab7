using System.Globalization;
using Tidal.LivingDocumentation.Records;
using Tidal.Testing.Drivers;
using Tidal.Testing.History;

namespace Tidal.LivingDocumentation.Drawing;

// What stands around the regions: the scenario's steps, the faults, the axis, and what the marks mean.
internal sealed partial class TimelinePicture
{
    private const int StepsShown = 40;
    private const int FaultsShown = 16;
    private const int StepLetters = 80;
    private const int StepLettersOfMany = 44;
    private const int StepsTold = 12;

    /// <summary>A tick with the numbers of the steps that began there.</summary>
    private void LaySteps()
    {
        var groups = Gathered(_story.Steps.Take(ScenarioNotes.StepsMax), step => X((long)step.At.TotalMicroseconds), 36).Take(StepsShown).ToList();
        if (groups.Count == 0)
            return;
        _y += 12;
        Label(_y, "steps", "t f");
        foreach (var group in groups)
            DrawSteps(group, X((long)group[0].At.TotalMicroseconds), _y);
        if (_story.AuditBegan is { } audit && groups.All(group => Math.Abs(X((long)group[0].At.TotalMicroseconds) - X(audit)) > 30))
        {
            var y = _y;
            _book.Add(audit, Layer.Marks, new PictureEvent(EventBook.When(audit), "", "the steps are over: all faults end, and the cluster is audited"), number => DrawTick("end", X(audit), y, number));
        }
        _y += 10;
    }

    private void DrawSteps(IReadOnlyList<StepNote> group, double x, double y)
    {
        var letters = group.Count > 2 ? StepLettersOfMany : StepLetters;
        var words = string.Join("; ", group.Take(StepsTold).Select(step => $"step {step.Number}: {Svg.Cut($"{step.Keyword} {step.Text}", letters)}"));
        var label = group.Count == 1 ? $"{group[0].Number}" : $"{group[0].Number}–{group[^1].Number}";
        var at = (long)group[0].At.TotalMicroseconds;
        _book.Add(Math.Max(at, _story.Began), Layer.Marks, new PictureEvent(at < _story.Began ? "" : EventBook.When(at), "", words), number => DrawTick(label, x, y, number));
    }

    private void DrawTick(string label, double x, double y, int? number)
    {
        _svg.Text(PictureClasses.Text, x + 3, y, label, happened: number);
        _svg.Line("t f", $"M{Svg.N(x)} {Svg.N(y - 9)}v14", 1.5, number);
    }

    /// <summary>A bar for each fault that lasts, in as few rows as there is room for their words.</summary>
    private void LayFaults()
    {
        var rowsEnd = new List<double>();
        var top = _y;
        foreach (var fault in _story.Faults.Take(FaultsShown))
        {
            var (text, anchor, from, to) = PlaceOf(fault);
            var row = rowsEnd.FindIndex(end => end < from);
            if (row < 0)
            {
                row = rowsEnd.Count;
                rowsEnd.Add(0);
            }
            rowsEnd[row] = to + 8;
            var y = top + row * Row;
            var told = new PictureEvent(EventBook.When(fault.From, fault.To, fault.IsOver), fault.Where, fault.What);
            _book.Add(fault.From, Layer.Ground, told, number => DrawFault(fault, text, anchor, y, number));
        }
        _y = top + rowsEnd.Count * Row;
        if (_story.Faults.Count > FaultsShown)
            Label(_y += 12, $"and {_story.Faults.Count - FaultsShown} more faults", "t f");
        _y += rowsEnd.Count > 0 ? 6 : 0;
    }

    /// <summary>What was ordered of the cluster as a whole.</summary>
    private void LayOrders()
    {
        var orders = _story.Marks.Where(mark => mark.Region is null).ToList();
        if (orders.Count == 0)
            return;
        Label(_y + 12, "orders", "t f");
        LayMarks(orders, _y + 8);
        _y += Row;
    }

    // Inside the bar where the words have room; else beside it, on the right or on the left.
    private (double Text, string Anchor, double From, double To) PlaceOf(StorySpan fault)
    {
        var (left, right, width) = (X(fault.From), Math.Max(X(fault.To), X(fault.From) + 3), Svg.WidthOf(Svg.Cut(fault.What, 100)));
        if (fault.Sort != HistorySort.Stop && width + 8 <= right - left)
            return (left + 4, "start", left, right);
        if (right + 5 + width <= Right)
            return (right + 5, "start", left, right + 5 + width);
        return left - 5 - width >= Left ? (left - 5, "end", left - 5 - width, right) : (Right, "end", Math.Min(left, Right - width), Right);
    }

    private void DrawFault(StorySpan fault, double text, string anchor, double y, int? number)
    {
        var (left, width) = (X(fault.From), Math.Max(3, X(fault.To) - X(fault.From)));
        if (fault.Sort == HistorySort.Stop)
            _svg.Line(PictureClasses.Bad, $"M{Svg.N(left)} {Svg.N(y + 7)}h{Svg.N(width)}", 5, number);
        else
            _svg.Rect(PictureClasses.Fault, left, y, width, 14, number);
        foreach (var (top, bottom) in fault.Sort == HistorySort.Stop ? [] : GroundOf(fault))
            _svg.Rect(PictureClasses.Fault, left, top, width, bottom - top, number);
        _svg.Text(PictureClasses.Text, text, y + 11, Svg.Cut(fault.What, 100), anchor, number);
    }

    /// <summary>The lanes that a fault strikes: that of its one replica's shard, if it is one, else those of its regions.</summary>
    private IEnumerable<(double Top, double Bottom)> GroundOf(StorySpan fault) =>
        fault.Replica is { } replica && _lanes.TryGetValue((replica.Region, replica.Shard), out var lane)
            ? [lane]
            : fault.Regions.Where(_regions.ContainsKey).Select(region => _regions[region]);

    private void LayAxis()
    {
        _y += 6;
        var ticks = _scale.Ticks(60).Take(20).ToList();
        _svg.Line(PictureClasses.Faint, $"M{Svg.N(Left)} {Svg.N(_y)}H{Svg.N(Right)}{string.Concat(ticks.Select(tick => $"M{Svg.N(X(tick))} {Svg.N(_y)}v5"))}");
        foreach (var tick in ticks)
            _svg.Text("t f", X(tick), _y + 16, (tick / 1e6).ToString("0.###", CultureInfo.InvariantCulture) + " s", "middle");
        foreach (var (from, to) in _scale.Breaks)
            _svg.Line("t", $"M{Svg.N((X(from) + X(to)) / 2 - 5)} {Svg.N(_y + 5)}l4-10m3 0l-4 10", 1.5);
        Label(_y + 16, "time", "t f");
        _y += 24;
    }

    private void LayLegend()
    {
        var entries = _story.Marks.Select(mark => mark.Kind).Distinct().Order().Where(_shown.Contains).ToList();
        var x = Left;
        _y += 12;
        foreach (var (style, width, path, words) in entries.Select(GlyphOf))
        {
            if (x + 16 + Svg.WidthOf(words) > Right)
                (x, _y) = (Left, _y + 15);
            Draw(style, width, Path(path, x + 5, _y - 4), null);
            _svg.Text("t f", x + 14, _y, words);
            x += 28 + Svg.WidthOf(words);
        }
        _y += 8;
    }

    /// <summary>Puts those together that stand so close that one mark is drawn for them.</summary>
    private static IEnumerable<IReadOnlyList<T>> Gathered<T>(IEnumerable<T> all, Func<T, double> where, double distance)
    {
        var group = new List<T>();
        foreach (var one in all)
        {
            if (group.Count > 0 && where(one) - where(group[0]) > distance)
            {
                yield return group;
                group = [];
            }
            group.Add(one);
        }
        if (group.Count > 0)
            yield return group;
    }
}

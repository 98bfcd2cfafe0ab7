using System.Text;
using Tidal.LivingDocumentation.Records;
using Tidal.Replication;
using Tidal.Schema;

namespace Tidal.LivingDocumentation.Drawing;

// The regions: what each answered, and a lane for each shard in which something happened.
internal sealed partial class TimelinePicture
{
    private const int LanesOfARegion = 5;
    private const double Bin = 8;
    private const double StripHeight = 16;

    private void LayRegions()
    {
        var lanes = _story.Topology.Regions.Take(12).ToDictionary(region => region, LanesOf);
        GatherMarks([.. lanes.Values.SelectMany(lane => lane.Select(shard => shard.Marks)), .. lanes.Keys.Select(MarksOfRegion)]);
        foreach (var (region, shards) in lanes)
        {
            var top = _y;
            _y += 3;
            LayAnswers(region);
            LayMarks(MarksOfRegion(region), _y - 6);
            foreach (var (shard, marks) in shards)
                LayLane(region, shard, marks);
            LayOthers(shards.Select(lane => lane.Shard).ToList(), region);
            _y += 4;
            _regions[region] = (top, _y);
        }
    }

    /// <summary>The shards of a region in which most happened; a checkpoint alone is nothing to see.</summary>
    private List<(ShardId Shard, IReadOnlyList<StoryMark> Marks)> LanesOf(RegionId region) => [
        .. (from mark in _story.Marks
            where mark.Region == region && mark.Shard is not null
            group mark by mark.Shard!.Value into shard
            where shard.Any(mark => mark.Kind != MarkKind.Checkpoint)
            orderby shard.Count(mark => mark.Kind is MarkKind.Crash or MarkKind.Promotion or MarkKind.Trouble) descending, shard.Count() descending, shard.Key.Number
            select (shard.Key, (IReadOnlyList<StoryMark>)[.. shard])).Take(LanesOfARegion).OrderBy(lane => lane.Key.Number),
    ];

    private List<StoryMark> MarksOfRegion(RegionId region) => [.. _story.Marks.Where(mark => mark.Shard is null && mark.Region == region)];

    /// <summary>How many writes a region acknowledged, refused or left unknown, as time went.</summary>
    private void LayAnswers(RegionId region)
    {
        var bottom = _y + StripHeight;
        var told = _story.Told.Where(one => one.Region == region).ToList();
        var bins = told.GroupBy(one => (int)((X(one.Time) - Left) / Bin)).OrderBy(bin => bin.Key)
            .Select(bin => (Bin: bin.Key, Well: bin.Count(one => one.Outcome == WriteOutcomeKind.Acknowledged), Others: bin.Count(one => one.Outcome != WriteOutcomeKind.Acknowledged))).ToList();
        Label(_y + 12, _story.Topology.NameOf(region));
        _svg.Line(PictureClasses.Faint, $"M{Svg.N(Left)} {Svg.N(bottom)}H{Svg.N(Right)}");
        if (bins.Count > 0)
        {
            LayBars(PictureClasses.Amount, bins.Select(bin => (bin.Bin, 0, bin.Well)), bottom, AnswersOf(told, region, isWell: true));
            LayBars(PictureClasses.Bad, bins.Select(bin => (bin.Bin, bin.Well, bin.Others)), bottom, AnswersOf(told, region, isWell: false));
        }
        _y = bottom + 4;
    }

    private PictureEvent AnswersOf(List<(long Time, RegionId Region, WriteOutcomeKind Outcome)> told, RegionId region, bool isWell)
    {
        var outcomes = told.Where(one => one.Outcome == WriteOutcomeKind.Acknowledged == isWell).GroupBy(one => one.Outcome)
            .Select(outcome => $"{EventWords.Count(outcome.Count(), "write")} {EventWords.Of(outcome.Key)}");
        return new PictureEvent(EventBook.When(told[0].Time, told[^1].Time), _story.Topology.NameOf(region), string.Join(", ", outcomes));
    }

    // The tallest bar of all regions is as high as the strip; heights go with the square root, so that few are seen beside many.
    private void LayBars(string style, IEnumerable<(int Bin, int Below, int Number)> bars, double bottom, PictureEvent told)
    {
        var most = Math.Sqrt(MostInABin);
        double Height(int number) => Math.Sqrt(number) / most * StripHeight;
        var path = new StringBuilder();
        foreach (var (bin, below, number) in bars.Where(bar => bar.Number > 0))
        {
            var (from, to) = (Height(below), Math.Max(Height(below + number), Height(below) + 1.5));
            path.Append(System.Globalization.CultureInfo.InvariantCulture, $"M{Svg.N(Left + bin * Bin)} {Svg.N(bottom - from)}v{Svg.N(from - to)}h{Svg.N(Bin - 1)}v{Svg.N(to - from)}z");
        }
        if (path.Length > 0)
            _book.Add(_story.Began, Layer.Marks, told, number => _svg.Fill(style, path.ToString(), number));
    }

    private int MostInABin => _mostInABin ??= _story.Told.GroupBy(one => (one.Region, (int)((X(one.Time) - Left) / Bin))).Max(bin => bin.Count());

    private int? _mostInABin;

    private void LayLane(RegionId region, ShardId shard, IReadOnlyList<StoryMark> marks)
    {
        var y = _y + Row / 2;
        Label(y + 4, $"shard {shard.Number}", "t f");
        var reigns = _story.Primaries.GetValueOrDefault((region, shard)) ?? [];
        _svg.Line(PictureClasses.Bad, $"M{Svg.N(Left)} {Svg.N(y)}H{Svg.N(Right)}");
        if (reigns.Count > 0)
            _svg.Line(PictureClasses.Good, string.Concat(reigns.Select(reign => $"M{Svg.N(X(reign.From))} {Svg.N(y)}H{Svg.N(X(reign.To))}")), 3);
        LayMarks(marks, y);
        _lanes[(region, shard)] = (_y, _y + Row);
        _y += Row;
    }

    private void LayOthers(List<ShardId> shown, RegionId region)
    {
        if (shown.Count == 0 || shown.Count == _story.Topology.ShardCount)
            return;
        var y = _y + Row / 2;
        Label(y + 4, shown.Count == _story.Topology.ShardCount - 1 ? "the other shard" : $"{_story.Topology.ShardCount - shown.Count} other shards", "t f");
        _svg.Line(PictureClasses.Faint, $"M{Svg.N(Left)} {Svg.N(y)}H{Svg.N(Right)}", 3);
        LayMarks(_story.Marks.Where(mark => mark.Region == region && mark.Shard is { } shard && !shown.Contains(shard) && mark.Kind != MarkKind.Checkpoint), y);
        _y += Row;
    }
}

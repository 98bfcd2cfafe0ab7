using System.Globalization;
using Tidal.LivingDocumentation.Records;
using Tidal.Query;
using Tidal.Schema;
using Tidal.Testing.Drivers;

namespace Tidal.LivingDocumentation.Drawing;

/// <summary>
/// Draws what the last answers cover: a grid of regions and shards each, where each shard asked has answered or is missing, and why; how
/// stale it may be; and where the items listed are at home. Bounded.
/// </summary>
internal sealed class CoveragePicture
{
    private const int AnswersMax = 3;
    private const int ShardsMax = 8;
    private const int RegionsMax = 6;
    private const double GridWidth = 310;
    private const double NameWidth = 74;
    private const double Row = 24;

    private readonly ClusterDriver _driver;
    private readonly Svg _svg = new();
    private readonly List<PictureEvent> _events = [];

    private CoveragePicture(ClusterDriver driver) => _driver = driver;

    /// <summary>The picture; null where no answer missed anything or may be stale.</summary>
    public static Picture? Of(ClusterDriver driver)
    {
        var answers = driver.Notes.Answers.Where(note => note.Answer.Stats.Asked.Count > 0)
            .DistinctBy(note => (note.Region, note.Query, KeyOf(note.Answer.Stats))).TakeLast(AnswersMax).ToList();
        if (!answers.Exists(note => note.Answer.Stats.IsDegraded || note.Answer.Stats.Staleness.Any(IsWorthSaying)))
            return null;
        var picture = new CoveragePicture(driver);
        for (var place = 0; place < answers.Count; place++)
            picture.Draw(answers[place], 6 + place * (GridWidth + 8));
        var summary = string.Join(" ", answers.Select(picture.SummaryOf));
        var height = 60 + Row * Math.Min(RegionsMax, driver.Cluster.Topology.RegionCount);
        return new Picture("What the answers cover", summary, "coverage", picture._svg.Of(960, height, summary), picture._events);
    }

    private static string KeyOf(QueryStats stats) => $"{string.Join(',', stats.Answered)}|{string.Join(',', stats.Missing)}";

    private static bool IsWorthSaying(Staleness staleness) => staleness.Age >= TimeSpan.FromSeconds(1);

    private string SummaryOf(AnswerNote note)
    {
        var stats = note.Answer.Stats;
        var missing = stats.Missing.GroupBy(shard => (shard.Place.Region, shard.Reason))
            .Select(of => $"{EventWords.Count(of.Count(), "shard")} of {Name(of.Key.Region)} ({EventWords.Of(of.Key.Reason)})");
        return stats.IsDegraded ? $"{note.Region} was answered in part, and told so: missing are {string.Join(", ", missing)}." : $"{note.Region} was answered in full.";
    }

    private void Draw(AnswerNote note, double x)
    {
        var stats = note.Answer.Stats;
        _events.Add(new PictureEvent(EventBook.When((long)note.At.TotalMicroseconds), note.Region, $"is asked {note.Query}"));
        _svg.Text(PictureClasses.Text, x, 14, Svg.Cut($"{note.Region} is asked", 46), happened: _events.Count - 1);
        _svg.Text("t f", x, 29, Svg.Cut(note.Query, 48), happened: _events.Count - 1);
        var y = 38.0;
        foreach (var region in _driver.Cluster.Topology.Regions.Take(RegionsMax))
        {
            _svg.Text(PictureClasses.Text, x + NameWidth - 6, y + 15, Svg.Cut(Name(region), 11), "end");
            DrawShards(stats, region, x + NameWidth, y);
            y += Row;
        }
        var verdict = stats.IsDegraded ? "degraded" : "whole";
        _events.Add(new PictureEvent("", note.Region, $"the answer is {verdict}; {ItemsOf(note)}"));
        _svg.Text(stats.IsDegraded ? "b" : "g", x, y + 14, verdict, happened: _events.Count - 1);
        _svg.Text("t f", x + 8 + Svg.WidthOf(verdict), y + 14, Svg.Cut(ItemsOf(note), 43), happened: _events.Count - 1);
    }

    private void DrawShards(QueryStats stats, RegionId region, double x, double y)
    {
        var shards = _driver.Cluster.Topology.Shards.Take(ShardsMax).ToList();
        var width = (GridWidth - NameWidth - 8) / shards.Count;
        foreach (var shard in shards)
            DrawShard(stats, new ShardPlace(region, shard), x + shard.Number * width, y, width - 3);
    }

    private void DrawShard(QueryStats stats, ShardPlace place, double x, double y, double width)
    {
        var (style, words) = StateOf(stats, place);
        var number = _events.Count;
        _events.Add(new PictureEvent("", $"{Name(place.Region)}/{place.Shard.Number}", words));
        if (style == PictureClasses.Faint)
            _svg.Rect(style, x, y + 8, width, 4, number);
        else
            _svg.Rect(style, x, y, width, Row - 5, number);
        if (style == PictureClasses.Bad)
            _svg.Line(PictureClasses.Faint, $"M{Svg.N(x + width / 2 - 4)} {Svg.N(y + 5)}l8 8m0-8l-8 8", 2, number);
        else if (style == PictureClasses.Fault)
            _svg.Text(PictureClasses.Text, x + width / 2, y + 14, StaleText(stats, place), "middle", number);
    }

    private (string Style, string Words) StateOf(QueryStats stats, ShardPlace place)
    {
        var missing = stats.Missing.Where(shard => shard.Place == place).ToList();
        if (missing.Count > 0)
            return (PictureClasses.Bad, $"missing: {EventWords.Of(missing[0].Reason)}");
        if (!stats.Answered.Contains(place))
            return (PictureClasses.Faint, "not asked");
        var stale = stats.Staleness.Where(staleness => staleness.Place == place && IsWorthSaying(staleness)).ToList();
        return stale.Count == 0
            ? (PictureClasses.Good, "answered")
            : (PictureClasses.Fault, $"answered; {string.Join(", ", stale.Select(staleness => $"{Age(staleness.Age)} behind {Name(staleness.Origin)}"))}");
    }

    private static string StaleText(QueryStats stats, ShardPlace place) =>
        Age(stats.Staleness.Where(staleness => staleness.Place == place).Max(staleness => staleness.Age));

    private string ItemsOf(AnswerNote note)
    {
        var homes = _driver.HomesOf(note.Tenant, note.Answer.Items.Take(200).Select(item => item.Item));
        var listed = homes.GroupBy(home => home.Value).OrderBy(region => region.Key).Select(region => $"{region.Count()} of {Name(region.Key)}");
        return note.Answer.Items.Count == 0 ? "no items" : $"items: {string.Join(", ", listed)}";
    }

    private static string Age(TimeSpan age) =>
        age == TimeSpan.MaxValue ? "?" : string.Create(CultureInfo.InvariantCulture, $"{age.TotalSeconds:0.#} s");

    private string Name(RegionId region) => _driver.Cluster.Topology.NameOf(region);
}

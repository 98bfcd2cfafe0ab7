using Tidal.Replication;
using Tidal.Schema;
using Tidal.Testing.History;

namespace Tidal.LivingDocumentation.Drawing;

/// <summary>Puts together, for each two regions, when they planned how to agree and when they did, over all shards. Not safe for use by several threads.</summary>
internal sealed class AgreementReader(Topology topology)
{
    /// <summary>What begins so soon after the one before is drawn as one with it.</summary>
    private const long GapMicroseconds = 300_000;

    private readonly List<HistoryLine> _lines = [];

    /// <summary>Times at which something was planned or done.</summary>
    public IEnumerable<long> Times => _lines.Select(line => line.TimeMicroseconds);

    /// <summary>A region has planned, or agrees.</summary>
    public void Take(in HistoryLine line) => _lines.Add(line);

    /// <summary>The agreements, in the order in which they began.</summary>
    public IReadOnlyList<StorySpan> Until(long end) => [
        .. _lines.GroupBy(PairOf).SelectMany(pair => SpansOf(pair.Key.First, pair.Key.Second, [.. pair], end)).OrderBy(span => span.From),
    ];

    private static (RegionId First, RegionId Second) PairOf(HistoryLine line) =>
        line.Place.Region.CompareTo(line.Event.Region) < 0 ? (line.Place.Region, line.Event.Region) : (line.Event.Region, line.Place.Region);

    private IEnumerable<StorySpan> SpansOf(RegionId first, RegionId second, IReadOnlyList<HistoryLine> lines, long end)
    {
        var (open, from) = (new HashSet<(RegionId, ShardId)>(), 0);
        for (var place = 0; place < lines.Count; place++)
        {
            var key = (lines[place].Place.Region, lines[place].Place.Shard);
            if (lines[place].Event.Kind == ReplicaEventKind.ReconciliationPlanned)
                open.Add(key);
            else
                open.Remove(key);
            var isLast = place == lines.Count - 1;
            if (!isLast && (open.Count > 0 || lines[place + 1].TimeMicroseconds < lines[place].TimeMicroseconds + GapMicroseconds))
                continue;
            yield return SpanOf(first, second, [.. lines.Skip(from).Take(place + 1 - from)], open.Count == 0 ? lines[place].TimeMicroseconds : end, open.Count == 0);
            from = place + 1;
        }
    }

    private StorySpan SpanOf(RegionId first, RegionId second, IReadOnlyList<HistoryLine> lines, long end, bool isOver)
    {
        var names = $"{topology.NameOf(first)} and {topology.NameOf(second)}";
        var shards = lines.Select(line => line.Place.Shard).Distinct().Count();
        var planned = lines.Count(line => line.Event.Kind == ReplicaEventKind.ReconciliationPlanned);
        var taken = lines.Where(line => line.Event.Kind == ReplicaEventKind.ReconciliationDone).Aggregate(0UL, (sum, line) => sum + line.Event.Number);
        var outcome = isOver ? $"agree after {Seconds(end - lines[0].TimeMicroseconds)}: {EventWords.Count(taken, "record")} taken" : "do not agree by the end";
        return new StorySpan(
            lines[0].TimeMicroseconds, end, names, $"a plan for {EventWords.Count(shards, "shard")}{(planned > 2 * shards ? ", made anew meanwhile" : "")}; they {outcome}")
        {
            IsOver = isOver,
            Regions = [first, second],
        };
    }

    private static string Seconds(long microseconds) => FormattableString.Invariant($"{microseconds / 1e6:0.000} s");
}

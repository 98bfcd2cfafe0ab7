using Tidal.Schema;
using Tidal.Testing.History;

namespace Tidal.LivingDocumentation.Drawing;

/// <summary>Puts the beginnings and ends of faults together. Not safe for use by several threads.</summary>
internal sealed class FaultReader(Topology topology)
{
    private readonly List<(HistoryLine Began, long? Ended)> _faults = [];

    /// <summary>Times at which a fault began or ended.</summary>
    public IEnumerable<long> Times => _faults.SelectMany(fault => new[] { fault.Began.TimeMicroseconds, fault.Ended ?? 0 });

    /// <summary>A fault began or ended, or what had stopped is back.</summary>
    public void Take(in HistoryLine line)
    {
        if (line.Kind == HistoryKind.FaultBegan)
        {
            _faults.Add((line, null));
            return;
        }
        var ended = line;
        var place = _faults.FindIndex(fault => fault.Ended is null && IsOf(fault.Began, ended));
        if (place >= 0)
            _faults[place] = (_faults[place].Began, line.TimeMicroseconds);
    }

    /// <summary>The faults, in the order in which they began.</summary>
    public IReadOnlyList<StorySpan> Until(long end) => [.. _faults.Select(fault => SpanOf(fault.Began, fault.Ended, end))];

    // What ends says what it was; what comes back, where it stood; the control plane comes back wherever it likes.
    private static bool IsOf(in HistoryLine began, in HistoryLine ended) =>
        ended.Kind == HistoryKind.FaultEnded ? began.Text == ended.Text
        : began.Scope!.Sort == HistorySort.Stop && (began.Place == ended.Place || (IsControlPlane(began) && IsControlPlane(ended)));

    private static bool IsControlPlane(in HistoryLine line) => line.Scope is { Sort: HistorySort.Stop, Regions.Count: 0 };

    private StorySpan SpanOf(in HistoryLine began, long? ended, long end) =>
        new(began.TimeMicroseconds, ended ?? end, string.Join(", ", began.Scope!.Regions.Select(topology.NameOf)), began.Text)
        {
            IsOver = ended is not null,
            Sort = began.Scope.Sort,
            Regions = began.Scope.Regions,
            Replica = began.Scope.Replica,
        };
}

using Tidal.Placement;
using Tidal.Replication;
using Tidal.Schema;
using Tidal.Testing;
using Tidal.Testing.Drivers;
using Tidal.Testing.History;
using Tidal.Testing.Oracles;
using Tidal.Testing.RealTime;

namespace Tidal.LivingDocumentation.Drawing;

/// <summary>Reads a cluster's history, once, as a story. Not safe for use by several threads.</summary>
internal sealed class StoryReader
{
    private const int SecondsMax = 120;

    private readonly ClusterUnderTest _cluster;
    private readonly Topology _topology;
    private readonly ScenarioNotes _notes;
    private readonly long _began;
    private readonly FaultReader _faults;
    private readonly PrimaryReader _primaries;
    private readonly AgreementReader _agreements;
    private readonly List<StoryMark> _marks = [];
    private readonly List<(long Time, RegionId Region, WriteOutcomeKind Outcome)> _told = [];

    private readonly MeasuredLoad? _load;

    private StoryReader(ClusterUnderTest cluster, ScenarioNotes notes, MeasuredLoad? load)
    {
        _load = load;
        (_cluster, _topology, _notes) = (cluster, cluster.Topology, notes);
        _began = Microseconds(notes.Began ?? cluster.Elapsed);
        _faults = new FaultReader(_topology);
        _primaries = new PrimaryReader(_topology);
        _agreements = new AgreementReader(_topology);
    }

    /// <summary>The story of a scenario.</summary>
    public static Story Read(ClusterDriver driver)
    {
        var reader = new StoryReader(driver.Cluster, driver.Notes, driver.MeasuredLoad);
        foreach (var line in driver.Cluster.History.Lines)
            reader.Take(line);
        return reader.Story(Microseconds(driver.Cluster.Elapsed));
    }

    private static long Microseconds(TimeSpan time) => (long)time.TotalMicroseconds;

    private Story Story(long now)
    {
        var moves = Moves(now);
        var ended = EndOf(moves, now);
        return new Story
        {
            Topology = _topology,
            Began = _began,
            Ended = ended,
            Faults = _faults.Until(ended),
            Marks = _marks,
            Agreements = _agreements.Until(ended),
            Primaries = _primaries.Until(_began, ended),
            Moves = moves,
            Told = _told,
            Lag = Lag(ended),
            Load = _load is null ? (0, []) : (Microseconds(_load.BeganAt), [.. _load.Load.AcceptedBySecond.Take(SecondsMax)]),
            Steps = _notes.Steps,
            AuditBegan = _notes.AuditBegan is { } audit ? Microseconds(audit) : null,
        };
    }

    private void Take(in HistoryLine line)
    {
        _primaries.Take(line);
        // The last election of the founding ends just where the story begins.
        if (line.TimeMicroseconds <= _began && line.Kind == HistoryKind.Replica)
            return;
        switch (line.Kind)
        {
            case HistoryKind.ClientTold:
                _told.Add((line.TimeMicroseconds, line.Place.Region, (WriteOutcomeKind)line.Event.Number));
                break;
            case HistoryKind.Replica when line.Event.Kind is ReplicaEventKind.ReconciliationPlanned or ReplicaEventKind.ReconciliationDone:
                _agreements.Take(line);
                break;
            case HistoryKind.Replica:
                TakeReplica(line);
                break;
            default:
                TakeWords(line);
                break;
        }
    }

    private void TakeReplica(in HistoryLine line)
    {
        if (KindOf(line.Event.Kind) is not { } kind)
            return;
        _marks.Add(new StoryMark(
            line.TimeMicroseconds, kind, line.Place.Region, line.Place.Shard, EventWords.PlaceOf(line.Place, _topology), EventWords.Of(line.Place, line.Event, _topology))
        {
            Label = kind == MarkKind.Promotion ? FormattableString.Invariant($"epoch {line.Event.Epoch}") : "",
        });
    }

    private void TakeWords(in HistoryLine line)
    {
        if (line.Scope is { Sort: HistorySort.Stop, Replica: not null })
        {
            var kind = line.Kind == HistoryKind.FaultBegan ? MarkKind.Crash : MarkKind.Return;
            _marks.Add(new StoryMark(line.TimeMicroseconds, kind, line.Place.Region, line.Place.Shard, EventWords.PlaceOf(line.Place, _topology), line.Text));
        }
        else if (line.Scope?.Sort is null or HistorySort.Order)
        {
            RegionId? region = line.Scope?.Regions is [var one] ? one : null;
            _marks.Add(new StoryMark(line.TimeMicroseconds, line.Kind == HistoryKind.MachineStalled ? MarkKind.Stall : MarkKind.Order, region, line.Scope?.Replica?.Shard, region is { } known ? _topology.NameOf(known) : "", line.Text));
        }
        else
        {
            _faults.Take(line);
        }
    }

    private static MarkKind? KindOf(ReplicaEventKind kind) => kind switch
    {
        ReplicaEventKind.PrimaryReady => MarkKind.Promotion,
        ReplicaEventKind.SteppedDown => MarkKind.SteppedDown,
        ReplicaEventKind.BecameVoter => MarkKind.Voter,
        ReplicaEventKind.SnapshotInstalled or ReplicaEventKind.SnapshotMerged => MarkKind.Snapshot,
        ReplicaEventKind.Checkpointed => MarkKind.Checkpoint,
        ReplicaEventKind.SnapshotRefused or ReplicaEventKind.BatchRefused or ReplicaEventKind.Diverged or ReplicaEventKind.CutTail => MarkKind.Trouble,
        ReplicaEventKind.Sealed or ReplicaEventKind.Reopened or ReplicaEventKind.Erased => MarkKind.Erased,
        ReplicaEventKind.HandingOver or ReplicaEventKind.HandOverGivenUp => MarkKind.HandOver,
        _ => null,
    };

    private List<(string Tenant, IReadOnlyList<StoryPhase> Phases)> Moves(long now) => [
        .. from step in _cluster.TenantSteps
           where step.TimeMicroseconds >= _began
           group step by step.Tenant into steps
           orderby steps.Key.Number
           let ends = steps.Skip(1).Select(step => step.TimeMicroseconds).Append(now)
           let phases = steps.Zip(ends, (step, end) => new StoryPhase(step.TimeMicroseconds, end, step.Step)).Where(phase => phase.Step != MigrationStep.Idle).ToList()
           where phases.Count > 0
           select (_cluster.NameOf(steps.Key), (IReadOnlyList<StoryPhase>)phases),
    ];

    // The audit lets everything come to rest: what is drawn ends soon after the last that happened.
    private long EndOf(List<(string Tenant, IReadOnlyList<StoryPhase> Phases)> moves, long now)
    {
        var last = _marks.Where(mark => mark.Kind != MarkKind.Checkpoint).Select(mark => mark.Time)
            .Concat(_faults.Times).Concat(_agreements.Times).Concat(_notes.Steps.Select(step => Microseconds(step.At)))
            .Concat(moves.SelectMany(move => move.Phases.Select(phase => phase.To < now ? phase.To : phase.From)))
            .Append(_told.Count == 0 ? _began : _told[^1].Time)
            .Append(_notes.AuditBegan is { } audit ? Microseconds(audit) : now).Max();
        return Math.Max(_began + 1000, Math.Min(now, last + (last - _began) / 30 + 1000));
    }

    private List<LagSample> Lag(long ended) =>
        [.. Samples.Where(sample => sample.TimeMicroseconds >= _began && sample.TimeMicroseconds <= ended)];

    /// <summary>In virtual time what the gauges said; in real time, under a load, what was measured of those that arrived.</summary>
    private IEnumerable<LagSample> Samples => _load is null
        ? _notes.Lag
        : _load.Cluster.Lag.Course.Select(stretch => new LagSample(Microseconds(stretch.Until), stretch.Lag, default, default));
}

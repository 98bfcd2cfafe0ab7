using Tidal.Placement;
using Tidal.Replication;
using Tidal.Schema;
using Tidal.Testing.Drivers;
using Tidal.Testing.History;
using Tidal.Testing.Oracles;

namespace Tidal.LivingDocumentation.Drawing;

/// <summary>What kind of mark stands on a lane.</summary>
internal enum MarkKind
{
    Crash,
    Return,
    Promotion,
    SteppedDown,
    Voter,
    Snapshot,
    Checkpoint,
    Trouble,
    Erased,
    HandOver,
    Order,
    Stall,
}

/// <summary>Something that happened at an instant, in a shard of a region or in the region as a whole.</summary>
internal sealed record StoryMark(long Time, MarkKind Kind, RegionId? Region, ShardId? Shard, string Where, string What)
{
    /// <summary>What stands beside the mark where there is room.</summary>
    public string Label { get; init; } = "";
}

/// <summary>Something that lasted; one that is not over at the end of the story ends with it.</summary>
internal sealed record StorySpan(long From, long To, string Where, string What)
{
    /// <summary>Whether it was over before the story was.</summary>
    public bool IsOver { get; init; } = true;

    /// <summary>What kind of thing it is.</summary>
    public HistorySort Sort { get; init; }

    /// <summary>The regions concerned; none for the whole cluster.</summary>
    public IReadOnlyList<RegionId> Regions { get; init; } = [];

    /// <summary>The one replica concerned, if it is one.</summary>
    public Address? Replica { get; init; }
}

/// <summary>A shard of a region has a primary from a time to another.</summary>
internal readonly record struct Presence(long From, long To);

/// <summary>A step of a tenant's move.</summary>
internal sealed record StoryPhase(long From, long To, MigrationStep Step);

/// <summary>What happened to a cluster while a scenario ran, as it is drawn. Times are in microseconds since the cluster was founded. Immutable.</summary>
internal sealed record Story
{
    public required Topology Topology { get; init; }

    public required long Began { get; init; }

    public required long Ended { get; init; }

    public required IReadOnlyList<StorySpan> Faults { get; init; }

    public required IReadOnlyList<StoryMark> Marks { get; init; }

    public required IReadOnlyList<StorySpan> Agreements { get; init; }

    public required IReadOnlyDictionary<(RegionId, ShardId), IReadOnlyList<Presence>> Primaries { get; init; }

    public required IReadOnlyList<(string Tenant, IReadOnlyList<StoryPhase> Phases)> Moves { get; init; }

    public required IReadOnlyList<(long Time, RegionId Region, WriteOutcomeKind Outcome)> Told { get; init; }

    public required IReadOnlyList<LagSample> Lag { get; init; }

    /// <summary>Signals of a load that were accepted, second by second from its beginning; none without a load.</summary>
    public (long Began, IReadOnlyList<int> Accepted) Load { get; init; } = (0, []);

    public required IReadOnlyList<StepNote> Steps { get; init; }

    public required long? AuditBegan { get; init; }

    /// <summary>Whether it is about lag, so that it is drawn however small it is.</summary>
    public bool IsAboutLag => Load.Accepted.Count > 0;

    /// <summary>The worst lag that was seen.</summary>
    public TimeSpan WorstLag => Lag.Count == 0 ? TimeSpan.Zero : Lag.Max(sample => sample.Age);

    /// <summary>Whether there is something to be seen in it: what only checkpoints and answers writes tells nothing.</summary>
    public bool SaysSomething =>
        Faults.Count > 0 || Agreements.Count > 0 || Moves.Count > 0 || WorstLag >= TimelinePicture.LagWorthSeeing
        || Marks.Any(mark => mark.Kind != MarkKind.Checkpoint);
}

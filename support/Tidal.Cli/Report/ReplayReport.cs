namespace Tidal.Cli;

/// <summary>What came of a replay. A function of the plan alone: nothing in it depends on the machine or its clock. Immutable.</summary>
internal sealed record ReplayReport
{
    /// <summary>Rows played: signal operations that clients meant to send.</summary>
    public required long Signals { get; init; }

    /// <summary>Distinct signal operations that were acknowledged.</summary>
    public required long Accepted { get; init; }

    /// <summary>Those of them present on every replica of their shard in every region that holds the tenant.</summary>
    public required long Materialized { get; init; }

    /// <summary>Acknowledged operations that are missing anywhere.</summary>
    public required long Lost { get; init; }

    /// <summary>Operations that are counted more than once anywhere.</summary>
    public required long Duplicated { get; init; }

    /// <summary>Writes that were sent again because their outcome was unknown or they were refused.</summary>
    public required long Retries { get; init; }

    /// <summary>Signals that were sent twice on purpose, the second time to another region.</summary>
    public required long SentTwice { get; init; }

    /// <summary>Records of them that are in a log beside the one that counts.</summary>
    public required long Voided { get; init; }

    /// <summary>Hides that were acknowledged to users.</summary>
    public required int Hides { get; init; }

    /// <summary>Those of them that were undone.</summary>
    public required int HidesUndone { get; init; }

    /// <summary>Answers to users who hide something.</summary>
    public required long AnswersWatched { get; init; }

    /// <summary>How often something hidden was listed for its user, or a replica did not hide what its own log says.</summary>
    public required long Leaks { get; init; }

    /// <summary>Whether all replicas of each shard, in all regions, hold the same state to the bit.</summary>
    public required bool DigestsEqual { get; init; }

    /// <summary>Whether every count, score and attribute on every replica is what a single node that saw no fault has.</summary>
    public required bool GroundTruthEqual { get; init; }

    /// <summary>The hash of everything that happened, in hexadecimal.</summary>
    public required string HistoryHash { get; init; }

    /// <summary>The seed of the run.</summary>
    public required ulong Seed { get; init; }

    /// <summary>The half-life of every signal.</summary>
    public required TimeSpan HalfLife { get; init; }

    /// <summary>From the cluster's start until it was quiet, in seconds of its own time.</summary>
    public required double VirtualSeconds { get; init; }

    /// <summary>The time as of which the lists and the queries "at the end" were read.</summary>
    public required DateTimeOffset ReadTime { get; init; }

    /// <summary>The faults that struck, in order of time.</summary>
    public required IReadOnlyList<PlayedFault> Faults { get; init; }

    /// <summary>The failovers, in order of time.</summary>
    public required IReadOnlyList<PlayedFailover> Failovers { get; init; }

    /// <summary>The moves of tenants, in the order in which they ended.</summary>
    public IReadOnlyList<PlayedMigration> Migrations { get; init; } = [];

    /// <summary>Regions that came to agree after they could not hear each other, in order of time.</summary>
    public IReadOnlyList<PlayedHeal> Heals { get; init; } = [];

    /// <summary>Records that regions lacked after they could not hear each other; one that two others could have shipped is counted once.</summary>
    public long RecordsReconciled { get; init; }

    /// <summary>The trending list of each cohort and of everyone.</summary>
    public required IReadOnlyList<TrendingList> Trending { get; init; }

    /// <summary>The answers to the queries, in the order in which the queries were given.</summary>
    public required IReadOnlyList<PlayedQuery> Queries { get; init; }

    /// <summary>Further checks of the audit; all of them must have passed.</summary>
    public IReadOnlyList<AuditCheck> Checks { get; init; } = [];

    /// <summary>Whether the audit passed: every row was accepted and is everywhere, once, and replicas are equal.</summary>
    public bool Passed =>
        Accepted == Signals && Materialized == Accepted && Lost == 0 && Duplicated == 0 && Leaks == 0 && DigestsEqual && GroundTruthEqual
        && Migrations.All(migration => migration.Passed) && Checks.All(check => check.Passed);
}

/// <summary>A check of the audit. Immutable.</summary>
/// <param name="Name">What was checked, in a few words.</param>
/// <param name="Passed">Whether it is as it must be.</param>
/// <param name="Detail">What was found, in a few words.</param>
internal sealed record AuditCheck(string Name, bool Passed, string Detail);

/// <summary>A fault that struck. Immutable.</summary>
/// <param name="Kind"><c>partition</c> or <c>crash</c>.</param>
/// <param name="Region">The region.</param>
/// <param name="Shard">The shard whose primary crashed; null for a partition.</param>
/// <param name="From">When it struck.</param>
/// <param name="To">When it ended; null if it had not when the report was made.</param>
/// <param name="Text">The fault as it was described.</param>
internal sealed record PlayedFault(string Kind, string Region, int? Shard, DateTimeOffset From, DateTimeOffset? To, string Text)
{
    /// <summary>A fault, as it struck.</summary>
    /// <param name="spec">Its description.</param>
    /// <param name="from">When it struck.</param>
    /// <param name="to">When it ended.</param>
    public static PlayedFault Of(FaultSpec spec, DateTimeOffset from, DateTimeOffset? to) => spec switch
    {
        CrashSpec crash => new PlayedFault("crash", crash.Region, crash.Shard, from, to, spec.Text),
        _ => new PlayedFault("partition", spec.Region, null, from, to, spec.Text),
    };
}

/// <summary>A primary was replaced. Immutable.</summary>
/// <param name="Region">The region.</param>
/// <param name="Shard">The shard.</param>
/// <param name="Epoch">The new primary's leader epoch.</param>
/// <param name="Seconds">From the crash to the commit of the new primary's empty record.</param>
internal sealed record PlayedFailover(string Region, int Shard, ulong Epoch, double Seconds);

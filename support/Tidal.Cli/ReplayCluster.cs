using Tidal.Schema;
using Tidal.Testing;

namespace Tidal.Cli;

/// <summary>What every replay is played on: the cluster, its timing, and what is counted.</summary>
internal static class ReplayCluster
{
    /// <summary>The cohort attribute by which trending lists are kept.</summary>
    public const string CohortAttribute = "locale";

    /// <summary>The region in which a query is asked that names none.</summary>
    public const string DefaultRegion = "us-east";

    /// <summary>The half-life of every signal, where none is given.</summary>
    public static readonly TimeSpan DefaultHalfLife = TimeSpan.FromHours(6);

    /// <summary>How often a primary is heard of: less often than in a real cluster, so that a day fits in seconds.</summary>
    public static readonly TimeSpan Heartbeat = TimeSpan.FromMilliseconds(250);

    /// <summary>The shortest time without a primary after which a replica stands for election.</summary>
    public static readonly TimeSpan ElectionTimeoutMin = TimeSpan.FromSeconds(1.5);

    /// <summary>The longest such time.</summary>
    public static readonly TimeSpan ElectionTimeoutMax = TimeSpan.FromSeconds(3);

    /// <summary>How often the primaries of a shard in two regions tell each other what they hold.</summary>
    public static readonly TimeSpan ShipBeat = TimeSpan.FromSeconds(1);

    /// <summary>The same where each language edition is a tenant, for each beat tells of all of them.</summary>
    public static readonly TimeSpan ShipBeatOfTenants = TimeSpan.FromSeconds(2);

    /// <summary>How long a crashed primary is away, before it comes back with its disk.</summary>
    public static readonly TimeSpan CrashDuration = TimeSpan.FromSeconds(60);

    /// <summary>Three regions of five shards of three replicas.</summary>
    public static readonly Topology Topology = ClusterOptions.AcceptanceTopology;

    /// <summary>The names of the regions, in order of their ids.</summary>
    public static readonly IReadOnlyList<string> Regions = [.. Topology.Regions.Select(Topology.NameOf)];

    /// <summary>The names of the signals, in order of the schema.</summary>
    public static readonly IReadOnlyList<string> Signals = [.. Schema(DefaultHalfLife).Signals.Select(signal => signal.Name)];

    /// <summary>What is counted: people's edits make an item trend; reverts and the edits of programs are counted only.</summary>
    /// <param name="halfLife">After how long a signal counts half.</param>
    public static SignalSchema Schema(TimeSpan halfLife) => new SchemaBuilder()
        .Signal("edit", halfLife)
        .Signal("create", halfLife)
        .Signal("revert", halfLife, weight: 0)
        .Signal("bot_edit", halfLife, weight: 0)
        .Cohort(CohortAttribute)
        .Build();
}

using Tidal.Schema;
using Tidal.Testing;

namespace Tidal.Cli;

/// <summary>What every benchmark is run on: the cluster, and what is counted.</summary>
internal static class BenchCluster
{
    /// <summary>The cohort attribute.</summary>
    public const string CohortAttribute = "locale";

    /// <summary>
    /// The items that a shard remembers as seen by a user: few, so that a warm-up reaches the state in which each new one takes the
    /// place of an old one.
    /// </summary>
    public const int SeenItemsMax = 20;

    /// <summary>The tenant.</summary>
    public static readonly TenantId Tenant = TenantId.First;

    /// <summary>Three regions of five shards of three replicas.</summary>
    public static readonly Topology Topology = ClusterOptions.AcceptanceTopology;

    /// <summary>The users' locales.</summary>
    public static readonly IReadOnlyList<string> Locales = ["EU", "NA", "AS", "SA"];

    /// <summary>What is counted: four of five signals are views.</summary>
    public static readonly SignalSchema Schema = new SchemaBuilder()
        .Signal("view", TimeSpan.FromHours(6), marksSeen: true)
        .Signal("like", TimeSpan.FromHours(24), weight: 3)
        .Cohort(CohortAttribute)
        .SeenItems(SeenItemsMax)
        .Build();

    /// <summary>The number of <c>view</c>.</summary>
    public static readonly SignalTypeId View = Schema.Signal("view").Id;

    /// <summary>The number of <c>like</c>.</summary>
    public static readonly SignalTypeId Like = Schema.Signal("like").Id;

    /// <summary>The cohort of each locale, as a record carries it.</summary>
    public static readonly IReadOnlyList<CohortScope[]> Cohorts = [.. Locales.Select(locale => new[] { new CohortScope(0, locale) })];

    /// <summary>A place to count items or replicas in: all replicas of all shards in all regions.</summary>
    public static int ReplicaCount => Topology.RegionCount * Topology.ShardCount * Topology.ReplicaCount;
}

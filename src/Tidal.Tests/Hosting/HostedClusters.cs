using Tidal.Hosting;
using Tidal.Replication;
using Tidal.Schema;

namespace Tidal.Tests.Hosting;

/// <summary>Tests in real time, one after the other: they share the machine's cores with nobody else of this assembly.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class InRealTime
{
    public const string Name = "real time";
}

/// <summary>Clusters in real time for tests, and what they have in common.</summary>
internal static class HostedClusters
{
    public static readonly SignalSchema Schema = new SchemaBuilder().Signal("view", TimeSpan.FromHours(6)).Cohort("locale").Build();

    public static readonly RegionId UsEast = new(0);

    private static readonly string[] RegionNames = ["us-east", "eu-west", "ap-south"];

    /// <summary>A bound on what takes moments: reached only by what would never come.</summary>
    public static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    public static TidalClusterOptions Options(int regions = 1, int shards = 1, int replicas = 3) => new()
    {
        Topology = new Topology([.. RegionNames.Take(regions)], shards, replicas),
        Tenants = [new HostedTenant("first", Schema)],
        Seed = 1,
    };

    public static Task<TidalCluster> StartAsync(TidalClusterOptions options) => TidalCluster.StartAsync(options).WaitAsync(Long);

    public static TidalClient Client(this TidalCluster cluster, RegionId region = default) => cluster.ClientIn(region, TenantId.First);

    /// <summary>Observes until something is so.</summary>
    public static async Task Until(Func<bool> condition, string what)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        while (!condition())
        {
            clock.Elapsed.Should().BeLessThan(Long, what);
            await Task.Delay(2);
        }
    }

    /// <summary>How often an item was counted on each replica that runs.</summary>
    public static IReadOnlyList<long> Counts(this TidalCluster cluster, string item) => cluster.InspectAll(replicas => replicas
        .Where(replica => replica.Self.Shard == cluster.Router.ShardOf(TenantId.First, new ItemId(item)))
        .Select(replica => CountOn(replica, item)).ToList());

    /// <summary>Waits until an item is counted so often on every replica.</summary>
    public static Task UntilCounted(this TidalCluster cluster, string item, long count)
    {
        var replicas = cluster.Topology.RegionCount * cluster.Topology.ReplicaCount;
        return Until(() => cluster.Counts(item) is var counts && counts.Count == replicas && counts.All(held => held == count), $"{count} of {item} on all");
    }

    private static long CountOn(ShardReplica replica, string item) =>
        replica.State.Tenants.TryGetValue(TenantId.First, out var tenant) ? tenant.State.ReadCount(new ItemId(item), Schema.Signal("view").Id, CohortScope.Everyone, CountWindow.All, 0) : 0;
}

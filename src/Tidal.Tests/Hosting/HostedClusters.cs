using Tidal.Hosting;
using Tidal.Placement;
using Tidal.Replication;
using Tidal.Replication.Raft;
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
    public static readonly SignalSchema Views = new SchemaBuilder().Signal("view", TimeSpan.FromHours(6)).Cohort("locale").Build();

    public static readonly RegionId UsEast = new(0);

    private static readonly RaftOptions Raft = new()
    {
        HeartbeatInterval = TimeSpan.FromMilliseconds(20),
        ElectionTimeoutMin = TimeSpan.FromMilliseconds(150),
        ElectionTimeoutMax = TimeSpan.FromMilliseconds(300),
    };

    private static readonly string[] RegionNames = ["us-east", "eu-west", "ap-south"];

    /// <summary>A bound on what takes moments: reached only by what would never come.</summary>
    public static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    public static TidalClusterOptions Options(int regions = 1, int shards = 1, int replicas = 3) => new()
    {
        Topology = new Topology([.. RegionNames.Take(regions)], shards, replicas),
        Tenants = [new HostedTenant("first", Views)],
        Seed = 1,
        // Elections of a second, and writes that a replica took to its grave, would be most of a test's time.
        Replication = new ReplicationOptions { Raft = Raft },
        Gateway = new GatewayOptions { WriteTimeout = TimeSpan.FromMilliseconds(500) },
    };

    public static Task<TidalCluster> StartAsync(TidalClusterOptions options) => TidalCluster.StartAsync(options).WaitAsync(Long);

    public static TidalClient Client(this TidalCluster cluster, RegionId region = default) => cluster.ClientIn(region, TenantId.First);

    public static Address FollowerOf(this TidalCluster cluster, RegionId region, ShardId shard) => cluster.Topology.Replicas
        .Select(replica => new Address(region, shard, replica)).First(place => place != cluster.PrimaryOf(region, shard));

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
        replica.State.Tenants.TryGetValue(TenantId.First, out var tenant) ? tenant.State.ReadCount(new ItemId(item), Views.Signal("view").Id, CohortScope.Everyone, CountWindow.All, 0) : 0;
}

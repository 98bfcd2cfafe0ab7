using Tidal.Log;
using Tidal.Placement;
using Tidal.Replication;
using Tidal.Schema;

namespace Tidal.Testing.Tests.Simulation;

/// <summary>Small clusters and writes that the tests of the simulator share.</summary>
internal static class Clusters
{
    public static readonly RegionId East = new(0);
    public static readonly RegionId West = new(1);
    public static readonly ShardId Shard = new(0);
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static readonly SignalSchema Schema = new SchemaBuilder().Signal("view", TimeSpan.FromHours(6)).Build();

    public static SimulatedCluster Found(int regions = 2, ulong seed = 1, int replicas = 3, ReplicationOptions? software = null)
    {
        string[] names = ["us-east", "eu-west", "ap-south"];
        var cluster = new SimulatedCluster(new ClusterOptions
        {
            Seed = seed,
            Schema = Schema,
            Topology = new Topology(names[..regions], shards: 1, replicas),
            Replication = software ?? new ReplicationOptions(),
        });
        cluster.RunUntil(() => cluster.HasAllPrimaries, Patience).Should().BeTrue();
        return cluster;
    }

    public static LogRecord Signal(SimulatedCluster cluster, OperationId operation = default, double weight = 1) => LogRecord.Signal(
        operation, default, cluster.Now.ToUnixTimeMilliseconds(), new ItemId("item"), new UserId("ana"), default, weight, cohorts: []);

    /// <summary>Writes signals from a region and waits for each.</summary>
    public static ClusterClient Write(SimulatedCluster cluster, RegionId region, int number = 1)
    {
        var client = cluster.NewClient(region);
        for (var written = 0; written < number; written++)
            cluster.Await(client.WriteAsync(Signal(cluster), TimeSpan.FromMilliseconds(50)), Patience);
        return client;
    }

    /// <summary>A quiet cluster with two signals of the one region and one of the other.</summary>
    public static SimulatedCluster Written()
    {
        var cluster = Found();
        Write(cluster, East, 2);
        Write(cluster, West);
        cluster.RunUntilQuiet(Patience).Should().BeTrue();
        return cluster;
    }

    public static long CountIn(SimulatedCluster cluster, RegionId region) =>
        cluster.PrimaryOf(region, Shard)!.State.TenantOf(TenantId.First).SignalRecords;

    /// <summary>Writes behind the ledger's back: nobody is told the outcome.</summary>
    public static void WriteUntold(SimulatedCluster cluster, RegionId region, LogRecord record)
    {
        var call = new WriteCall { Record = record };
        cluster.Begin(region, call);
        cluster.RunUntil(() => call.IsCompleted, Patience).Should().BeTrue();
        call.Result!.Outcome.Should().Be(WriteOutcomeKind.Acknowledged);
    }
}

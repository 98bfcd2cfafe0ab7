using Tidal;
using Tidal.Log;
using Tidal.Replication;
using Tidal.Schema;
using Tidal.Testing;
using Tidal.Testing.Faults;
using Tidal.Testing.Oracles;

var schema = new SchemaBuilder().Signal("view", halfLife: TimeSpan.FromHours(6)).Cohort("locale").Build();
await KeepOnDisk(args[0]);
SimulateAPartition();
await MetricsSample.Run(schema);

// What is written is there when the directory is opened again.
async Task KeepOnDisk(string directory)
{
    await using (var db = TidalDb.Open(schema, new TidalDbOptions { Directory = directory }))
    {
        await db.PutItemAsync("song");
        for (var i = 0; i < 3; i++)
            await db.SignalAsync("ana", "view", "song");
    }
    await using var again = TidalDb.Open(schema, new TidalDbOptions { Directory = directory });
    var answer = await again.RetrieveAsync("RETRIEVE items USING PROFILE top LIMIT 10");
    foreach (var (item, score) in answer.Items)
        Console.WriteLine($"database: {item} {score}");
}

// Both regions take writes while they cannot hear each other, and agree after it.
void SimulateAPartition()
{
    using var cluster = new SimulatedCluster(new ClusterOptions
    {
        Seed = 7,
        Schema = schema,
        Topology = new Topology(["us-east", "eu-west"], shards: 1, replicas: 3),
    });
    var patience = TimeSpan.FromSeconds(30);
    cluster.RunUntil(() => cluster.HasAllPrimaries, patience);
    using (NetworkPartition.Isolate(cluster, cluster.Topology.Region("us-east")))
    {
        foreach (var region in cluster.Topology.Regions)
            Console.WriteLine($"cut off, {cluster.Topology.NameOf(region)}: {cluster.Await(cluster.NewClient(region).TryWriteAsync(View(cluster)), patience).Result!.Outcome}");
    }
    cluster.RunUntilQuiet(patience);
    Console.WriteLine($"audit: {ClusterAudit.Run(cluster)}");
}

LogRecord View(SimulatedCluster cluster) => LogRecord.Signal(
    default, default, cluster.Now.ToUnixTimeMilliseconds(), new ItemId("song"), new UserId("ana"), schema.Signal("view").Id);

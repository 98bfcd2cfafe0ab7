using Tidal.Hosting;
using Tidal.Placement;
using Tidal.Query;
using Tidal.Schema;
using static Tidal.Tests.Hosting.HostedClusters;

namespace Tidal.Tests.Hosting;

/// <summary>What a cluster in real time does for its clients.</summary>
[Collection(InRealTime.Name)]
public sealed class TidalClusterTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Writes_reach_every_replica_of_every_region(int workersPerNode)
    {
        await using var cluster = await StartAsync(Options(regions: 3, shards: 2) with { WorkersPerNode = workersPerNode });
        foreach (var region in cluster.Topology.Regions)
            await cluster.Client(region).SignalAsync("ana", "view", "song");
        await cluster.UntilCounted("song", 3);
        cluster.MessagesDropped.Should().Be(0);
    }

    // The README's example.
    [Fact]
    public async Task The_example_of_the_README_runs()
    {
        var schema = new SchemaBuilder().Signal("view", halfLife: TimeSpan.FromHours(6)).Cohort("locale").Build();
        await using var cluster = await TidalCluster.StartAsync(new TidalClusterOptions
        {
            Topology = new Topology(["us-east", "eu-west"], shards: 2, replicas: 3),
            Tenants = [new HostedTenant("first", schema)],
        });
        var client = cluster.ClientIn(cluster.Topology.Region("us-east"), TenantId.First);
        client.Token = SessionToken.Empty;
        await client.PutItemAsync("song");
        await client.SetUserAsync("ana", new Dictionary<string, string> { ["locale"] = "EU" });
        await client.SignalAsync("ana", "view", "song");

        var elsewhere = cluster.ClientIn(cluster.Topology.Region("eu-west"), TenantId.First);
        elsewhere.Token = client.Token;
        var score = await elsewhere.ReadScoreAsync("song", "view");
        var answer = await client.RetrieveAsync("RETRIEVE items COHORT locale:EU LIMIT 10");

        score!.Count.Should().Be(1, "the token says what has been seen");
        answer.Items.Select(item => item.Item.Value).Should().Equal("song");
    }

    [Fact]
    public async Task Every_shard_has_a_primary_when_a_cluster_has_started()
    {
        await using var cluster = await StartAsync(Options(shards: 3));
        foreach (var shard in cluster.Topology.Shards)
        {
            var primary = cluster.PrimaryOf(UsEast, shard);
            (await cluster.InspectAsync(primary!.Value, replica => replica!.Raft.IsReadyPrimary)).Should().BeTrue();
        }
    }

    [Fact]
    public async Task A_call_that_is_wrong_ends_with_what_is_wrong_with_it()
    {
        await using var cluster = await StartAsync(Options(replicas: 1));
        var wrong = () => cluster.Client().RetrieveAsync("RETRIEVE items COHORT colour:red");
        await wrong.Should().ThrowAsync<QueryException>();
        await cluster.Client().SignalAsync("ana", "view", "song");
        cluster.Failures.Should().BeEmpty("the gateway is not at fault");
    }

    [Fact]
    public async Task A_tenant_moves_by_where_it_is_wanted()
    {
        var options = Options(regions: 2) with { Tenants = [new HostedTenant("first", Views) { Regions = ["us-east"] }] };
        await using var cluster = await StartAsync(options);
        await cluster.Client().SignalAsync("ana", "view", "song");
        cluster.ChangeTable(table => table.Move("first", ["eu-west"], cluster.Topology));
        await Until(() => cluster.IsSettled, "the move ends");
        cluster.ProgressOf(TenantId.First)!.Step.Should().Be(MigrationStep.Idle);
        (await cluster.Client().ReadScoreAsync("song", "view"))!.Count.Should().Be(1);
    }
}

using Tidal.Replication;
using Tidal.Schema;
using Tidal.Testing.Oracles;

namespace Tidal.Testing.Tests.Simulation;

/// <summary>A client's session in a whole cluster.</summary>
public sealed class SessionTests
{
    [Fact]
    public void It_ends_in_every_shard_of_every_region_and_the_next_write_opens_another()
    {
        using var cluster = new SimulatedCluster(new ClusterOptions { Schema = Clusters.Schema });
        cluster.RunUntil(() => cluster.HasAllPrimaries, Clusters.Patience).Should().BeTrue();
        var client = cluster.NewClient(Clusters.East);
        var calls = Enumerable.Range(0, 20).Select(item => Write(cluster, client, $"item-{item}")).ToList();
        cluster.Await(client.EndSessionAsync(), Clusters.Patience).Outcome.Should().Be(WriteOutcomeKind.Acknowledged);
        bool HasEnded(ShardReplica replica) => replica.State.TenantOf(TenantId.First).Origins.Values.All(origin => origin.Operations.SessionCount == 0);
        cluster.RunUntil(() => cluster.AllReplicas.All(HasEnded), TimeSpan.FromSeconds(5)).Should().BeTrue();
        cluster.Await(cluster.NewClient(Clusters.West).TryAgainAsync(calls[0]), Clusters.Patience).Result!.Refusal.Should().Be(RefusalReason.SessionEnded);
        cluster.Ledger.Acknowledged.Should().HaveCount(20, "what was acknowledged stays so");
        var next = Write(cluster, client, "item-0");
        (next.Result!.Outcome, next.Record.Operation.Session == calls[0].Record.Operation.Session).Should().Be((WriteOutcomeKind.Acknowledged, false));
        cluster.RunUntilQuiet(Clusters.Patience).Should().BeTrue();
        ClusterAudit.Run(cluster).IsClean.Should().BeTrue();
    }

    private static Placement.WriteCall Write(SimulatedCluster cluster, ClusterClient client, string item) => cluster.Await(
        client.WriteAsync(Clusters.Signal(cluster) with { Item = new ItemId(item) }, TimeSpan.FromMilliseconds(50)), Clusters.Patience);
}

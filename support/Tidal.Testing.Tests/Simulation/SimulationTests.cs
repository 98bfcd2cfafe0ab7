using Tidal.LivingDocumentation;
using Tidal.Replication;
using Tidal.Testing.Drivers;
using Tidal.Testing.History;

namespace Tidal.Testing.Tests.Simulation;

public sealed class SimulationTests
{
    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    public void The_same_seed_gives_the_same_history_to_the_last_message_and_another_seed_another(ulong seed)
    {
        HashOf(seed).Should().Be(HashOf(seed));
        HashOf(seed).Should().NotBe(HashOf(seed + 1000));
    }

    [Fact]
    public void A_wait_ends_when_its_condition_holds_or_at_its_bound_and_not_later()
    {
        using var cluster = Clusters.Found(regions: 1);
        var began = cluster.Elapsed;
        cluster.RunUntil(() => false, TimeSpan.FromMilliseconds(123)).Should().BeFalse();
        (cluster.Elapsed - began).Should().Be(TimeSpan.FromMilliseconds(123));
        var target = cluster.Elapsed + TimeSpan.FromMilliseconds(70);
        cluster.RunUntil(() => cluster.Elapsed >= target, TimeSpan.FromSeconds(1)).Should().BeTrue();
        cluster.Elapsed.Should().BeLessThan(target + TimeSpan.FromMilliseconds(50));
        var already = cluster.Elapsed;
        cluster.RunUntil(() => true, TimeSpan.FromSeconds(1)).Should().BeTrue();
        cluster.Elapsed.Should().Be(already);
        cluster.Invoking(held => held.Await(new TaskCompletionSource<int>().Task, TimeSpan.FromMilliseconds(5))).Should().Throw<TimeoutException>();
    }

    [Fact]
    public void Callbacks_come_in_order_of_their_time()
    {
        using var cluster = Clusters.Found(regions: 1);
        var (called, began) = (new List<(int, TimeSpan)>(), cluster.Elapsed);
        foreach (var milliseconds in new[] { 30, 10, 20 })
            cluster.After(TimeSpan.FromMilliseconds(milliseconds), () => called.Add((milliseconds, cluster.Elapsed - began)));
        cluster.Run(TimeSpan.FromMilliseconds(25));
        called.Should().Equal((10, TimeSpan.FromMilliseconds(10)), (20, TimeSpan.FromMilliseconds(20)));
    }

    [Fact]
    public void A_scenario_that_failed_says_how_to_see_it_again_and_what_happened_last()
    {
        using var driver = new ClusterDriver(seed: 42);
        var text = FailureReport.Of(driver, "A (lossy) link & others = 1|2 ~ !");
        text.Should().StartWith(
            """Seed 42. To see it again: TIDAL_SEED=42 dotnet test --filter "DisplayName~A \(lossy\) link \& others \= 1\|2 \~ \!" """.TrimEnd());
        driver.Found(new Schema.Topology(["us-east"], shards: 1, replicas: 3));
        driver.Pass(TimeSpan.FromSeconds(1));
        FailureReport.Of(driver, "x").Should().Contain("of virtual time; what happened last:").And.Contain("us-east/0: replica ").And.Contain("is elected primary, epoch 1");
    }

    [Fact]
    public void The_seed_of_a_scenario_is_its_own() =>
        ScenarioSeed.For("one title").Should().Be(ScenarioSeed.For("one title")).And.NotBe(ScenarioSeed.For("another"));

    [Fact]
    public void Lines_of_a_history_read_as_sentences()
    {
        var topology = new Schema.Topology(["us-east", "eu-west"], shards: 1, replicas: 3);
        string Of(HistoryKind kind, ReplicaEvent happened = default, string text = "") =>
            HistoryText.Of(new HistoryLine(1_500_000, kind, new Address(new Schema.RegionId(1), default, new Schema.ReplicaId(2)), happened, text), topology);
        Of(HistoryKind.FaultBegan, text: "a fault").Should().Be("      1.500000 s  a fault");
        Of(HistoryKind.FaultEnded, text: "a fault").Should().EndWith("over: a fault");
        Of(HistoryKind.Replica, new ReplicaEvent(ReplicaEventKind.CutTail, 4, 17)).Should().EndWith("eu-west/0: replica 2 cuts off what was never committed (epoch 4)");
        Of(HistoryKind.Replica, new ReplicaEvent(ReplicaEventKind.SteppedDown, 4)).Should().EndWith("eu-west/0: replica 2 is primary no more (epoch 4)");
        Of(HistoryKind.ClientTold, new ReplicaEvent(ReplicaEventKind.Acknowledged, 0, (ulong)WriteOutcomeKind.Unknown))
            .Should().Contain("client in eu-west: ").And.EndWith("outcome unknown");
    }

    private static string HashOf(ulong seed)
    {
        using var run = new ClusterHistoryRun(seed);
        run.Run();
        run.Cluster.History.MessagesSent.Should().BeGreaterThan(500);
        return run.Cluster.History.Hash();
    }

    [Fact]
    public void A_history_keeps_the_last_messages_in_the_order_in_which_they_were_sent()
    {
        using var driver = new ClusterDriver(5);
        driver.Found(ClusterOptions.AcceptanceTopology);
        driver.Pass(TimeSpan.FromSeconds(30));
        var messages = driver.Cluster.History.RecentMessages.ToList();
        driver.Cluster.History.MessagesSent.Should().BeGreaterThan(ClusterHistory.MessagesMax);
        messages.Should().HaveCount(ClusterHistory.MessagesMax);
        messages.Select(message => message.TimeMicroseconds).Should().BeInAscendingOrder();
        messages.Should().Contain(message => message.Message == typeof(Replication.Raft.NodeHeartbeat) && message.From.Region == message.To.Region);
        messages.Should().Contain(message => message.Message == typeof(ShipMarks) && message.From.Region != message.To.Region);
    }
}

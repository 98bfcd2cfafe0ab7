using Tidal.Cli;
using Tidal.Replication;
using Tidal.Schema;
using Tidal.Testing.Tests.Simulation;

namespace Tidal.Testing.Tests.Cli;

/// <summary>What the benchmark is told of commits, by replicas of a simulated cluster that it is told of in this order or that.</summary>
public sealed class CommitWatchTests : IDisposable
{
    private static readonly RegionId Origin = new(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly SimulatedCluster _cluster = new(new ClusterOptions { Schema = Clusters.Schema });
    private readonly CommitWatch _watch = new();
    private readonly Histogram _lag = new();
    private readonly ShardId _shard;

    public CommitWatchTests()
    {
        _cluster.RunUntil(() => _cluster.HasAllPrimaries, Patience).Should().BeTrue();
        Clusters.Write(_cluster, Origin, 3);
        _cluster.RunUntilQuiet(Patience).Should().BeTrue();
        _shard = _cluster.Router.ShardOf(TenantId.First, new ItemId("item"));
        _watch.MeasureLag(_lag);
    }

    public void Dispose() => _cluster.Dispose();

    [Fact]
    public void Replicas_are_level_once_the_last_has_committed()
    {
        _watch.IsLevel.Should().BeTrue("nothing was told yet");
        var replicas = All().ToList();
        foreach (var replica in replicas.SkipLast(1))
            Commit(replica);
        _watch.IsLevel.Should().BeFalse();
        _watch.WaitUntilLevel(TimeSpan.Zero, CancellationToken.None).Should().BeFalse();
        (_watch.IsLevelAt(replicas[0].Self), _watch.IsLevelAt(replicas[^1].Self)).Should().Be((true, false));
        Commit(replicas[^1]);
        _watch.IsLevel.Should().BeTrue();
        _watch.WaitUntilLevel(TimeSpan.Zero, CancellationToken.None).Should().BeTrue();
    }

    [Fact]
    public void A_replica_that_starts_with_nothing_is_not_level()
    {
        foreach (var replica in All())
            Commit(replica);
        using var empty = new SimulatedCluster(new ClusterOptions { Schema = Clusters.Schema });
        _watch.OnStarted(empty.AllReplicas.First(replica => replica.Self == All().First().Self));
        _watch.IsLevel.Should().BeFalse();
    }

    [Fact]
    public void A_lag_is_counted_once_for_each_record_and_other_region()
    {
        foreach (var replica in OfOriginFirst())
            Commit(replica);
        _lag.Count.Should().Be(2 * Records);
    }

    [Fact]
    public void A_region_that_is_told_of_before_the_origin_has_no_lag()
    {
        foreach (var replica in OfOriginFirst().Reverse())
            Commit(replica);
        (_lag.Count, _lag.Max).Should().Be((2 * Records, TimeSpan.Zero));
    }

    [Fact]
    public void A_replica_that_is_behind_the_first_of_its_region_makes_no_difference()
    {
        using var behind = new SimulatedCluster(new ClusterOptions { Schema = Clusters.Schema });
        behind.RunUntil(() => behind.HasAllPrimaries, Patience).Should().BeTrue();
        Clusters.Write(behind, Origin, 1);
        behind.RunUntilQuiet(Patience).Should().BeTrue();
        var replicas = OfOriginFirst().ToList();
        Commit(replicas[0]);
        Commit(behind.AllReplicas.First(replica => replica.Self == replicas[1].Self));
        Commit(replicas[^1]);
        _lag.Count.Should().Be(Records);
    }

    [Fact]
    public void Nothing_but_a_commit_is_one()
    {
        _watch.OnEvent(All().First(), new ReplicaEvent(ReplicaEventKind.Acknowledged, 1), 0);
        _watch.IsLevel.Should().BeTrue();
    }

    private long Records => (long)All().First().State.TenantOf(TenantId.First).Origins[Origin].Mark.Number;

    private IEnumerable<ShardReplica> All() => _cluster.AllReplicas.Where(replica => replica.Self.Shard == _shard);

    private IEnumerable<ShardReplica> OfOriginFirst() => All().OrderBy(replica => replica.Self.Region != Origin);

    private void Commit(ShardReplica replica) => _watch.OnEvent(replica, new ReplicaEvent(ReplicaEventKind.Committed, 1), 0);
}

using Tidal.Log;
using Tidal.Placement;
using Tidal.Replication;
using Tidal.Testing.Oracles;

namespace Tidal.Testing.Tests.Simulation;

/// <summary>The rolling upgrade of a simulated cluster, its control plane and its nodes crashing in the middle.</summary>
public sealed class UpgradeTests : IDisposable
{
    private static readonly ReplicationOptions Old = new() { Log = new SegmentedLogOptions { FormatReadable = 2 } };
    private readonly SimulatedCluster _cluster = Clusters.Found(software: Old);

    private RollingUpgrade Upgrade => _cluster.Upgrade!;

    [Fact]
    public void All_nodes_are_upgraded_and_the_format_is_raised_at_the_end()
    {
        Begin();
        var steps = new List<UpgradeStep>();
        RunUntilDone(() =>
        {
            if (steps.Count == 0 || steps[^1] != Upgrade.Progress.Step)
                steps.Add(Upgrade.Progress.Step);
            _cluster.Table.Format.Should().Be(Upgrade.Progress.Upgraded.Count < 6 ? 2 : _cluster.Table.Format);
        });
        steps.Count(step => step == UpgradeStep.Upgrading).Should().Be(6);
        steps.TakeLast(2).Should().Equal(UpgradeStep.Raising, UpgradeStep.Done);
        Clusters.Write(_cluster, Clusters.East);
        _cluster.RunUntilQuiet(Clusters.Patience).Should().BeTrue();
        _cluster.AllReplicas.Should().OnlyContain(replica => replica.Raft.Format == 3);
        ClusterAudit.Run(_cluster).IsClean.Should().BeTrue();
    }

    [Theory]
    [InlineData(300)]
    [InlineData(1300)]
    [InlineData(2900)]
    public void The_upgrade_goes_on_when_the_process_that_sees_to_it_dies_again_and_again(int everyMilliseconds)
    {
        Begin();
        var next = _cluster.Elapsed + TimeSpan.FromMilliseconds(everyMilliseconds);
        var restarts = 0;
        RunUntilDone(() =>
        {
            if (_cluster.Elapsed < next || ++restarts > 15)
                return;
            next += TimeSpan.FromMilliseconds(everyMilliseconds);
            _cluster.RestartUpgrade();
        });
        _cluster.RunUntilQuiet(Clusters.Patience).Should().BeTrue();
        _cluster.AllReplicas.Should().OnlyContain(replica => replica.Raft.Format == 3);
        ClusterAudit.Run(_cluster).IsClean.Should().BeTrue();
    }

    [Fact]
    public void A_node_that_nobody_asks_to_drain_any_more_takes_office_again()
    {
        Begin();
        _cluster.RunUntil(() => Upgrade.Progress.Step == UpgradeStep.Draining, Clusters.Patience).Should().BeTrue();
        _cluster.AbandonUpgrade();
        _cluster.Run(TimeSpan.FromSeconds(1));
        _cluster.AllReplicas.Where(replica => replica.Yields).Should().NotBeEmpty();
        _cluster.Run(TimeSpan.FromSeconds(5));
        _cluster.AllReplicas.Should().OnlyContain(replica => !replica.Yields);
    }

    private void Begin() => _cluster.BeginUpgrade(new ClusterUpgrade { Software = new ReplicationOptions() });

    private void RunUntilDone(Action look) => _cluster.RunUntil(
        () =>
        {
            look();
            return Upgrade.Progress.Step == UpgradeStep.Done;
        },
        TimeSpan.FromMinutes(2)).Should().BeTrue($"{Upgrade.Progress}");

    public void Dispose() => _cluster.Dispose();
}

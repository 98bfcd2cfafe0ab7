using Tidal.Log;
using Tidal.Replication;
using Tidal.Schema;
using Tidal.Testing.Oracles;

namespace Tidal.Testing.Tests.Simulation;

/// <summary>Lies are planted in a small cluster that is well; the audit must find each of them, and nothing where there is none.</summary>
public sealed class ClusterAuditTests
{
    private static readonly WriteResult Acknowledged = new(WriteOutcomeKind.Acknowledged, RefusalReason.None, null, default);

    [Fact]
    public void A_cluster_that_is_well_is_found_clean()
    {
        using var cluster = Clusters.Written();
        var findings = ClusterAudit.Run(cluster);
        (findings.Accepted, findings.Materialized, findings.IsClean).Should().Be((3, 3, true));
        findings.ToString().Should().Be("3 accepted, 3 everywhere, 0 lost, 0 duplicated, 0 unexpected, digests equal, 0 replicas with wrong counts, 0 with wrong scores");
    }

    [Fact]
    public void A_signal_that_was_acknowledged_and_is_nowhere_is_lost()
    {
        using var cluster = Clusters.Written();
        cluster.Ledger.Told(TenantId.First, Clusters.Shard, Clusters.Signal(cluster, new OperationId(new SessionId(default, 99), 1)), Acknowledged);
        var findings = ClusterAudit.Run(cluster);
        (findings.Lost, findings.IsClean).Should().Be((1, false));
    }

    [Fact]
    public void A_retraction_that_was_acknowledged_and_is_nowhere_is_lost_and_one_that_nobody_was_told_of_is_unexpected()
    {
        using var cluster = Clusters.Written();
        var signals = cluster.Ledger.Acknowledged.Values.ToList();
        cluster.Ledger.Told(TenantId.First, Clusters.Shard, LogRecord.Retraction(default, signals[0]), Acknowledged);
        Clusters.WriteUntold(cluster, Clusters.East, LogRecord.Retraction(default, signals[1]));
        cluster.RunUntilQuiet(Clusters.Patience).Should().BeTrue();
        var findings = ClusterAudit.Run(cluster);
        (findings.Lost, findings.Unexpected, findings.ScoresOff, findings.IsClean).Should().Be((1, 1, 0, false));
    }

    [Fact]
    public void What_does_not_count_because_another_record_of_it_does_is_reported_apart()
    {
        using var cluster = Clusters.Written();
        var told = cluster.Ledger.Acknowledged.First(pair => pair.Key.Operation.Session.Region == Clusters.East);
        using (Faults.NetworkPartition.Between(cluster, Clusters.East, Clusters.West))
        {
            var again = Clusters.Signal(cluster) with { Operation = new OperationId(told.Key.Operation.Session, 50) };
            Clusters.WriteUntold(cluster, Clusters.East, again);
            Clusters.WriteUntold(cluster, Clusters.West, again with { Attempt = 1 });
            cluster.Ledger.Told(TenantId.First, Clusters.Shard, again, Acknowledged);
        }
        cluster.RunUntilQuiet(Clusters.Patience).Should().BeTrue();
        var findings = ClusterAudit.Run(cluster);
        (findings.Accepted, findings.Materialized, findings.Voided, findings.IsClean).Should().Be((4, 4, 1, true));
    }

    [Fact]
    public void A_signal_that_has_not_reached_every_region_is_lost_as_long()
    {
        using var cluster = Clusters.Found();
        Clusters.Write(cluster, Clusters.East);
        ClusterAudit.Run(cluster).Lost.Should().Be(1);
    }

    [Fact]
    public void A_signal_that_two_regions_took_under_one_operation_is_doubled()
    {
        using var cluster = Clusters.Written();
        var told = cluster.Ledger.Acknowledged.Keys.First().Operation;
        Clusters.WriteUntold(cluster, Clusters.West, Clusters.Signal(cluster, told));
        cluster.RunUntilQuiet(Clusters.Patience).Should().BeTrue();
        var findings = ClusterAudit.Run(cluster);
        (findings.Duplicated, findings.Lost, findings.IsClean).Should().Be((1, 0, false));
    }

    [Theory]
    [InlineData(null, 1)]
    [InlineData(WriteOutcomeKind.Refused, 1)]
    [InlineData(WriteOutcomeKind.Unknown, 0)]
    public void A_signal_that_counts_though_its_client_was_told_otherwise_is_unexpected(WriteOutcomeKind? told, long unexpected)
    {
        using var cluster = Clusters.Written();
        var record = Clusters.Signal(cluster, new OperationId(new SessionId(default, 99), 1));
        Clusters.WriteUntold(cluster, Clusters.East, record);
        if (told is { } outcome)
            cluster.Ledger.Told(TenantId.First, Clusters.Shard, record, new WriteResult(outcome, RefusalReason.None, null, default));
        cluster.RunUntilQuiet(Clusters.Patience).Should().BeTrue();
        ClusterAudit.Run(cluster).Unexpected.Should().Be(unexpected);
    }

    [Fact]
    public void A_score_that_is_not_what_the_log_adds_up_to_is_wrong_on_that_replica()
    {
        using var cluster = Clusters.Written();
        var replica = cluster.Replicas(Clusters.West, Clusters.Shard).Last();
        replica.State.TenantOf(TenantId.First).State.Apply(new BatchHeader { OriginEpoch = 1 }, 1000, Clusters.Signal(cluster));
        var findings = ClusterAudit.Run(cluster);
        (findings.ScoresOff, findings.CountsOff, findings.DigestsEqual, findings.IsClean).Should().Be((1, 1, false, false));
    }
}

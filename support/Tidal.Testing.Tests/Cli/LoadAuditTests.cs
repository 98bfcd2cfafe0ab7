using Tidal.Cli;
using Tidal.Log;
using Tidal.Schema;

namespace Tidal.Testing.Tests.Cli;

/// <summary>The audit behind the figures: it passes a cluster that is right, and finds what is planted. In real time, of a short load.</summary>
[Trait("Category", "realtime")]
public sealed class LoadAuditTests : IClassFixture<LoadAuditTests.Loaded>
{
    private readonly BenchHost _host;

    public LoadAuditTests(Loaded loaded) => _host = loaded.Host;

    [Fact]
    public void A_cluster_that_is_right_passes()
    {
        _host.Ledger.Count.Should().BeGreaterThanOrEqualTo(2_000);
        _host.Audit().Should().BeEmpty();
    }

    [Fact]
    public void A_signal_that_was_acknowledged_and_is_nowhere_is_found()
    {
        var told = Copy(static signal => signal);
        told.Add(new AcknowledgedSignal(0, 0, 0, 0));
        Audit(told).Should().Contain(problem => problem.Contains("are in the logs", StringComparison.Ordinal))
            .And.Contain(problem => problem.Contains(" count", StringComparison.Ordinal));
    }

    [Fact]
    public void A_signal_that_counts_and_was_never_acknowledged_is_found() =>
        Audit(Copy(signal => signal == _host.Ledger.Signals.First() ? null : signal)).Should().Contain(problem => problem.Contains("are in the logs", StringComparison.Ordinal));

    [Fact]
    public void A_signal_that_counts_for_another_item_of_its_shard_is_found()
    {
        var first = _host.Ledger.Signals.First();
        var router = _host.Cluster.Router;
        var other = Enumerable.Range(0, _host.Ledger.Items.Length).First(item => item != first.Item && ShardOf(item) == ShardOf(first.Item));
        Audit(Copy(signal => signal == first ? signal with { Item = other } : signal))
            .Should().NotBeEmpty().And.OnlyContain(problem => problem.Contains("the count", StringComparison.Ordinal) || problem.Contains("the score", StringComparison.Ordinal) || problem.StartsWith("and "));

        ShardId ShardOf(int item) => router.ShardOf(BenchCluster.Tenant, _host.Ledger.Items[item]);
    }

    [Fact]
    public void A_score_that_is_not_the_formulas_is_found()
    {
        var first = _host.Ledger.Signals.First();
        Audit(Copy(signal => signal == first ? signal with { EventMilliseconds = signal.EventMilliseconds - 3_600_000 } : signal))
            .Should().NotBeEmpty().And.OnlyContain(problem => problem.Contains("the score", StringComparison.Ordinal) || problem.StartsWith("and "));
    }

    [Fact]
    public void A_replica_that_is_not_what_a_single_node_makes_of_the_logs_is_found() =>
        new LoadAudit(_host.Cluster, _host.Ledger) { DigestOf = replica => replica.Self == new Replication.Address(default, default, default) ? "planted" : replica.State.Digest(BenchCluster.Tenant) }
            .Run(CancellationToken.None).Should().Equal("region 0, shard 0, replica 0: it is not what a single node makes of the logs");

    [Fact]
    public void A_signal_that_is_in_the_logs_twice_is_found()
    {
        LogRecord[] records = [Record(1), Record(2), Record(1)];
        var logged = LoggedSignals.Of([BatchWriter.Encode(new BatchStart(TenantId.First, default, default, 1, 1, 0, 0), records)]);
        (logged.Count, logged.Twice).Should().BeEquivalentTo((3, new[] { records[0].Operation }));
    }

    private static LogRecord Record(ulong number) =>
        LogRecord.Signal(new OperationId(new SessionId(default, 1), number), default, 0, new ItemId("a"), new UserId("u"), default);

    private IReadOnlyList<string> Audit(LoadLedger told) => new LoadAudit(_host.Cluster, told).Run(CancellationToken.None);

    private LoadLedger Copy(Func<AcknowledgedSignal, AcknowledgedSignal?> change)
    {
        var copy = new LoadLedger(_host.Ledger.Items.Length, _host.Ledger.Users.Length, _host.Ledger.StartMilliseconds);
        foreach (var signal in _host.Ledger.Signals)
        {
            if (change(signal) is { } changed)
                copy.Add(changed);
        }
        return copy;
    }

    /// <summary>A cluster that has taken a short load.</summary>
    public sealed class Loaded : IDisposable
    {
        public Loaded()
        {
            Host = BenchHost.Start(new BenchOptions().Quick(), inFiles: false, CancellationToken.None);
            Host.NewLoad(lanes: 2, batch: 100).RunClosed(seconds: 30, signalsMax: 2_000);
            Host.WaitUntilLevel();
        }

        internal BenchHost Host { get; }

        public void Dispose() => Host.Dispose();
    }
}

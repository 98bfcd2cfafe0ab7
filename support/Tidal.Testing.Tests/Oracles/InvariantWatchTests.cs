using Tidal.Crdt;
using Tidal.Log;
using Tidal.Placement;
using Tidal.Replication;
using Tidal.Schema;
using Tidal.Testing.Oracles;
using Tidal.Testing.Tests.Simulation;

namespace Tidal.Testing.Tests.Oracles;

/// <summary>Each check of the watch is shown a broken invariant, which it must tell; and a cluster that is well, of which it has nothing to tell.</summary>
public sealed class InvariantWatchTests
{
    private static readonly OperationId Operation = new(new SessionId(default, 1), 1);

    [Fact]
    public void Of_a_cluster_that_is_well_there_is_nothing_to_tell()
    {
        using var cluster = Clusters.Found();
        Clusters.Write(cluster, Clusters.East, 3);
        cluster.RunUntilQuiet(Clusters.Patience).Should().BeTrue();
        cluster.Invariants.Violations.Should().BeEmpty();
        cluster.Invariants.Violations.Should().BeEmpty();
    }

    [Fact]
    public void What_is_acknowledged_must_be_committed()
    {
        using var cluster = Clusters.Found();
        var primary = cluster.PrimaryOf(Clusters.East, Clusters.Shard)!;
        Acknowledge(cluster.Invariants, primary, new OperationId(new SessionId(default, 99), 1));
        Told(cluster.Invariants, 1).Should().Be(
            $"us-east/0, replica {primary.Self.Replica.Number}: it acknowledges session 0.99, operation 1, of which its group has committed nothing");
    }

    [Fact]
    public void What_is_acknowledged_must_be_on_the_disks_of_a_quorum()
    {
        using var cluster = Clusters.Found();
        Clusters.Write(cluster, Clusters.East);
        var primary = cluster.PrimaryOf(Clusters.East, Clusters.Shard)!;
        var watch = WatchOver(cluster, primary);
        Acknowledge(watch, primary, Operation);
        Told(watch, 1).Should().EndWith("which is on 1 of 3 disks");
    }

    [Fact]
    public void What_was_cut_off_a_log_is_on_its_disk_no_more()
    {
        using var cluster = Clusters.Found();
        Clusters.Write(cluster, Clusters.East);
        cluster.RunUntilQuiet(Clusters.Patience).Should().BeTrue();
        var primary = cluster.PrimaryOf(Clusters.East, Clusters.Shard)!;
        var followers = cluster.Replicas(Clusters.East, Clusters.Shard).Where(replica => replica != primary).ToArray();
        var watch = WatchOver(cluster, [primary, .. followers]);
        Acknowledge(watch, primary, Operation);
        watch.Violations.Should().BeEmpty();
        foreach (var follower in followers)
            watch.OnHappened(follower, new ReplicaEvent(ReplicaEventKind.CutTail, 1, 2));
        Acknowledge(watch, primary, Operation);
        Told(watch, 1).Should().EndWith("which is on 1 of 3 disks");
    }

    [Fact]
    public void A_new_primary_must_have_what_was_acknowledged()
    {
        using var cluster = Clusters.Found();
        Clusters.Write(cluster, Clusters.East);
        var primary = cluster.PrimaryOf(Clusters.East, Clusters.Shard)!;
        using var another = Clusters.Found();
        var empty = another.PrimaryOf(Clusters.East, Clusters.Shard)!;
        cluster.Invariants.OnHappened(empty, new ReplicaEvent(ReplicaEventKind.PrimaryReady, 2));
        Told(cluster.Invariants, 1).Should().Contain("it is the primary of epoch 2 without index").And.Contain("which was acknowledged");
        cluster.Invariants.OnHappened(primary, new ReplicaEvent(ReplicaEventKind.PrimaryReady, 2));
        cluster.Invariants.Count.Should().Be(1);
    }

    [Fact]
    public void A_group_founded_anew_need_not_have_what_was_acknowledged_before()
    {
        using var cluster = Clusters.Found();
        Clusters.Write(cluster, Clusters.East);
        using var another = Clusters.Found();
        cluster.Invariants.OnFounded(Clusters.East, Clusters.Shard);
        cluster.Invariants.OnHappened(another.PrimaryOf(Clusters.East, Clusters.Shard)!, new ReplicaEvent(ReplicaEventKind.PrimaryReady, 2));
        cluster.Invariants.Violations.Should().BeEmpty();
    }

    [Fact]
    public void A_group_commits_one_record_at_an_index()
    {
        var group = new WatchedGroup();
        group.Take(Envelope(1, 1, Batch(0, Operation))).Should().BeNull();
        group.Take(Envelope(1, 1, Batch(0, Operation))).Should().BeNull("another replica commits the same");
        group.Take(Envelope(1, 2, Batch(0, Operation)))!.Value.Invariant.Should().Be(1);
    }

    [Theory]
    [InlineData(0, 0, 3, "Signal session 0.1, operation 1 stands twice in the log of region 0, now at index 2 of epoch 1")]
    [InlineData(1, 0, 3, "Signal session 0.1, operation 1 is a first attempt in the log of region 1 and in another's")]
    [InlineData(1, 1, 0, "")]
    public void An_operation_is_in_a_log_once_and_in_one_of_them_at_its_first_attempt(ushort region, byte attempt, int invariant, string text)
    {
        var group = new WatchedGroup();
        group.Take(Envelope(1, 1, Batch(0, Operation)));
        var problem = group.Take(Envelope(2, 1, Batch(region, Operation, attempt)));
        (problem?.Invariant ?? 0).Should().Be(invariant);
        (problem?.Text ?? "").Should().EndWith(text);
    }

    [Fact]
    public void One_primary_acknowledges_in_an_epoch()
    {
        using var cluster = Clusters.Found();
        Clusters.Write(cluster, Clusters.East);
        var primary = cluster.PrimaryOf(Clusters.East, Clusters.Shard)!;
        var follower = cluster.Replicas(Clusters.East, Clusters.Shard).First(replica => replica != primary);
        cluster.Invariants.OnHappened(follower, new ReplicaEvent(ReplicaEventKind.Acknowledged, primary.Raft.Epoch + 1));
        cluster.Invariants.Violations.Should().BeEmpty();
        cluster.Invariants.OnHappened(follower, new ReplicaEvent(ReplicaEventKind.Acknowledged, primary.Raft.Epoch));
        Told(cluster.Invariants, 7).Should().Contain("in which another replica has");
    }

    [Fact]
    public void Epochs_never_go_back_but_for_what_a_disk_has_lost()
    {
        using var cluster = Clusters.Found();
        using var young = new SimulatedCluster(cluster.Options);
        var before = young.Replicas(Clusters.East, Clusters.Shard).First();
        cluster.Invariants.OnStepped(before);
        Told(cluster.Invariants, 7).Should().EndWith("it went from epoch 1 back to 0");
        var lost = young.Replicas(Clusters.East, Clusters.Shard).Last();
        cluster.Invariants.OnCrashed(lost.Self, Faults.DiskFate.Lost);
        cluster.Invariants.OnStepped(lost);
        cluster.Invariants.Count.Should().Be(1);
    }

    [Theory]
    [InlineData(5, 3, 6, 0)]
    [InlineData(5, 3, 5, 1)]
    [InlineData(5, 7, 7, 1)]
    [InlineData(5, 7, 4, 2)]
    public void A_delivery_takes_the_clock_beyond_what_it_was_and_beyond_the_message(ulong before, ulong message, ulong after, int violations)
    {
        using var cluster = Clusters.Found(regions: 1);
        var (was, carried, became) = (new HlcTimestamp(before), new HlcTimestamp(message), new HlcTimestamp(after));
        cluster.Invariants.OnDelivery(new Delivery(Address.OfGateway(Clusters.East), was, carried, became));
        cluster.Invariants.Count.Should().Be(violations);
        cluster.Invariants.Violations.Select(violation => (violation.Invariant, violation.Place))
            .Should().Equal(Enumerable.Repeat((9, "the gateway of us-east"), violations));
    }

    [Fact]
    public void A_call_takes_its_session_on()
    {
        using var cluster = Clusters.Found(regions: 1);
        var client = cluster.NewClient(Clusters.East);
        client.Token = SessionToken.Empty;
        cluster.Await(client.WriteAsync(Clusters.Signal(cluster), TimeSpan.FromMilliseconds(50)), Clusters.Patience);
        client.Token.Hlc.Should().BeGreaterThan(HlcTimestamp.Zero);
        cluster.Invariants.Violations.Should().BeEmpty();
        cluster.Invariants.OnHop(Clusters.East, client.Token, client.Token);
        Told(cluster.Invariants, 9).Should().StartWith("the gateway of us-east: a session that had seen ");
        cluster.Invariants.OnHop(Clusters.East, client.Token, null);
        cluster.Invariants.Count.Should().Be(2);
    }

    [Fact]
    public void A_violation_makes_the_audit_fail_and_says_when_and_where()
    {
        using var cluster = Clusters.Found(regions: 1);
        cluster.RunUntilQuiet(Clusters.Patience).Should().BeTrue();
        cluster.Invariants.OnDelivery(new Delivery(Address.OfGateway(Clusters.East), default, default, default));
        var findings = ClusterAudit.Run(cluster);
        findings.IsClean.Should().BeFalse();
        findings.ToString().Should().Contain("\ninvariant 9 at ").And.Contain("s, the gateway of us-east: its clock went from 0.0 to 0.0 with a message");
    }

    private static InvariantWatch WatchOver(SimulatedCluster cluster, params ShardReplica[] started)
    {
        var watch = new InvariantWatch(cluster.Topology, () => cluster.Elapsed);
        foreach (var replica in started)
            watch.OnStarted(replica);
        return watch;
    }

    private static void Acknowledge(InvariantWatch watch, ShardReplica replica, OperationId operation) =>
        watch.OnHappened(replica, new ReplicaEvent(ReplicaEventKind.Acknowledged, replica.Raft.Epoch, Operation: operation, Tenant: TenantId.First));

    private static string Told(InvariantWatch watch, int invariant)
    {
        var violation = watch.Violations.Should().ContainSingle().Subject;
        violation.Invariant.Should().Be(invariant);
        return $"{violation.Place}: {violation.Text}";
    }

    private static Envelope Envelope(ulong index, ulong epoch, byte[] batch) => Log.Envelope.Encode(EnvelopeKind.Batch, epoch, index, 0, batch);

    private static byte[] Batch(ushort region, OperationId operation, byte attempt = 0)
    {
        var record = LogRecord.Signal(operation, new HlcTimestamp(1), 0, new ItemId("item"), new UserId("ana"), default, attempt: attempt);
        return BatchWriter.Encode(new BatchStart(TenantId.First, new NodeId(new RegionId(region), default), default, 1, 1, 0, 0), [record]);
    }
}

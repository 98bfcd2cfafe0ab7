using Tidal.Log;
using Tidal.Replication;
using Tidal.Schema;
using Tidal.Testing.Oracles;
using Tidal.Testing.Tests.Simulation;

namespace Tidal.Testing.Tests.Oracles;

/// <summary>Each tenant is judged by itself, over the regions that hold it; and what must be nowhere else is looked for.</summary>
public sealed class TenantAuditTests : IDisposable
{
    private static readonly TenantId Second = new(2);

    private readonly SimulatedCluster _cluster = Found(new ReplicationOptions());

    public void Dispose() => _cluster.Dispose();

    [Fact]
    public void Tenants_have_numbers_names_schemas_and_regions()
    {
        _cluster.Tenants.Should().Equal(TenantId.First, Second);
        (_cluster.TenantNamed("second"), _cluster.NameOf(TenantId.First)).Should().Be((Second, "first"));
        (_cluster.SchemaOf(TenantId.First), _cluster.SchemaOf(Second).Signals[0].Name).Should().Be((Clusters.Schema, "look"));
        (_cluster.HoldersOf(TenantId.First).Count, _cluster.HoldersOf(Second).Single()).Should().Be((2, Clusters.West));
        _cluster.Invoking(cluster => cluster.TenantNamed("third")).Should().Throw<RoutingTableException>().WithMessage("*'third'*first, second.");
    }

    [Fact]
    public void A_tenant_of_one_region_is_quiet_and_equal_if_that_region_is()
    {
        WriteAll();
        var findings = ClusterAudit.Run(_cluster);
        findings.ToString().Should().StartWith("3 accepted, 3 everywhere, 0 lost");
        findings.IsClean.Should().BeTrue();
    }

    [Fact]
    public void A_wrong_state_of_a_tenant_is_told_by_its_name()
    {
        WriteAll();
        var replica = _cluster.Replicas(Clusters.West, Clusters.Shard).Last();
        replica.State.TenantOf(Second).State.Apply(new BatchHeader { OriginEpoch = 1 }, 1000, Clusters.Signal(_cluster) with { Item = new ItemId("only-here") });
        var findings = ClusterAudit.Run(_cluster);
        (findings.ScoresOff, findings.CountsOff, findings.DigestsEqual, findings.IsClean).Should().Be((1, 1, false, false));
        findings.FirstTruthDifferences.Should().OnlyContain(difference => difference.Place == "second in eu-west/0, replica 2");
    }

    [Fact]
    public void Bytes_of_a_tenant_are_found_on_every_disk_that_holds_it()
    {
        WriteAll();
        var found = TenantBytes.Of(_cluster, Second, [Clusters.West]);
        found.Select(bytes => bytes.What).Distinct().Should().BeEquivalentTo("a batch", "the text 'only-here'");
        found.Select(bytes => bytes.Place).Distinct().Should().HaveCount(3);
        TenantBytes.Of(_cluster, Second, [Clusters.East]).Should().BeEmpty("'item' and 'ana' are the first tenant's too");
    }

    [Fact]
    public void Bytes_in_a_checkpoint_are_found()
    {
        using var cluster = Found(new ReplicationOptions { CheckpointEveryBytes = 1, RetentionBytesMax = 0 });
        Write(cluster, Clusters.West, Second, "only-here");
        for (var write = 0; write < 3; write++)
            Write(cluster, Clusters.West, TenantId.First, "item");
        cluster.RunUntilQuiet(Clusters.Patience).Should().BeTrue();
        TenantBytes.Of(cluster, Second, [Clusters.West]).Where(bytes => bytes.File.StartsWith("checkpoint-", StringComparison.Ordinal))
            .Select(bytes => bytes.What).Distinct().Should().BeEquivalentTo("a checkpoint with a part of it", "the text 'only-here'");
        ClusterAudit.Run(cluster).IsClean.Should().BeTrue();
    }

    [Theory]
    [InlineData("a batch")]
    [InlineData("a chunk of a snapshot")]
    [InlineData("the text 'only-here'")]
    public void Bytes_left_where_the_tenant_may_leave_none_fail_the_audit(string what)
    {
        WriteAll();
        var batch = TenantBytes.Of(_cluster, Second, [Clusters.West]).First(bytes => bytes.What == "a batch");
        var west = _cluster.ReplicaAt(_cluster.Replicas(Clusters.West, Clusters.Shard).First().Self).Disk;
        var bytes = new byte[batch.Bytes];
        west.Read(batch.File, batch.Offset, bytes);
        _cluster.ReplicaAt(_cluster.Replicas(Clusters.East, Clusters.Shard).Last().Self).Disk.Append("lost+found", what switch
        {
            "a batch" => bytes,
            "a chunk of a snapshot" => Envelope.Encode(EnvelopeKind.Control, 1, 1, 1, ControlRecord.ForSnapshot(Second, Clusters.West, 1, 0, 1, new byte[9]).Encode()).Bytes.Span,
            _ => "...only-here..."u8.ToArray(),
        });
        var findings = ClusterAudit.Run(_cluster);
        findings.IsClean.Should().BeFalse();
        findings.ToString().Should().MatchRegex($"\nsecond has left \\d+ bytes on the disk of us-east/0, replica 2, lost\\+found at \\d+: {what}");
    }

    private static SimulatedCluster Found(ReplicationOptions replication)
    {
        var cluster = new SimulatedCluster(new ClusterOptions
        {
            Schema = Clusters.Schema,
            Topology = new Topology(["us-east", "eu-west"], shards: 1, replicas: 3),
            Replication = replication,
            Tenants =
            [
                new ClusterTenant("first"),
                new ClusterTenant("second") { Schema = new SchemaBuilder().Signal("look", TimeSpan.FromHours(1)).Build(), Regions = ["eu-west"] },
            ],
        });
        cluster.RunUntil(() => cluster.HasAllPrimaries, Clusters.Patience).Should().BeTrue();
        return cluster;
    }

    private void WriteAll()
    {
        Write(_cluster, Clusters.West, TenantId.First, "item");
        Write(_cluster, Clusters.West, Second, "only-here");
        Write(_cluster, Clusters.East, TenantId.First, "item");
        _cluster.RunUntilQuiet(Clusters.Patience).Should().BeTrue();
    }

    private static void Write(SimulatedCluster cluster, RegionId region, TenantId tenant, string item)
    {
        var record = Clusters.Signal(cluster) with { Item = new ItemId(item) };
        cluster.Await(cluster.NewClient(region, tenant).WriteAsync(record, TimeSpan.FromMilliseconds(50)), Clusters.Patience);
    }
}

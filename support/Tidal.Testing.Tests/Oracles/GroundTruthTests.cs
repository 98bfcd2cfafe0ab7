using Tidal.Crdt;
using Tidal.Log;
using Tidal.Schema;
using Tidal.Testing.Faults;
using Tidal.Testing.Oracles;
using Tidal.Testing.Tests.Simulation;

namespace Tidal.Testing.Tests.Oracles;

/// <summary>The ground truth finds whatever a replica has that no single node would have, and what is wrong with a log itself.</summary>
public sealed class GroundTruthTests
{
    [Fact]
    public void A_cluster_that_is_well_is_as_the_truth_has_it()
    {
        using var cluster = Clusters.Written();
        GroundTruth.Compare(cluster).Differences.Should().BeEmpty();
    }

    [Fact]
    public void A_signal_too_many_on_one_replica_shows_in_its_counts_its_score_and_its_digest()
    {
        using var cluster = Clusters.Written();
        var replica = cluster.Replicas(Clusters.West, Clusters.Shard).Last();
        replica.State.TenantOf(TenantId.First).State.Apply(new BatchHeader { OriginEpoch = 1 }, 1000, Clusters.Signal(cluster));
        var truth = GroundTruth.Compare(cluster);
        truth.Count.Should().Be(truth.Differences.Count).And.BePositive();
        truth.Differences.Should().OnlyContain(difference => difference.Place == "eu-west/0, replica 2");
        truth.Differences.Select(difference => $"{difference}").Should()
            .Contain("ground truth, eu-west/0, replica 2: the count of item, signal type 0 in All is 4, and must be 3")
            .And.Contain("ground truth, eu-west/0, replica 2: signals materialised is 4, and must be 3")
            .And.Contain(line => line.Contains("the score of item, signal type 0 is "))
            .And.Contain(line => line.Contains("the digest of the state"));
        ClusterAudit.Run(cluster).IsClean.Should().BeFalse();
    }

    [Theory]
    [InlineData(RecordKind.Item, "topic of item is rock, and must be jazz")]
    [InlineData(RecordKind.UserAttributes, "locale of ana is fr, and must be de")]
    [InlineData(RecordKind.HardNegative, "the digest of the state is ")]
    public void An_attribute_or_a_hide_that_no_log_has_shows(RecordKind kind, string difference)
    {
        using var cluster = Clusters.Written();
        cluster.Await(cluster.NewClient(Clusters.East).WriteAsync(Record(cluster, RecordKind.Item, "jazz"), TimeSpan.FromMilliseconds(50)), Clusters.Patience);
        cluster.Await(cluster.NewClient(Clusters.East).WriteAsync(Record(cluster, RecordKind.UserAttributes, "de"), TimeSpan.FromMilliseconds(50)), Clusters.Patience);
        cluster.RunUntilQuiet(Clusters.Patience).Should().BeTrue();
        GroundTruth.Compare(cluster).Count.Should().Be(0);
        var planted = Record(cluster, kind, kind == RecordKind.Item ? "rock" : "fr") with { Hlc = new HlcTimestamp(ulong.MaxValue / 2) };
        cluster.Replicas(Clusters.East, Clusters.Shard).First().State.TenantOf(TenantId.First).State.Apply(new BatchHeader(), 1, planted);
        GroundTruth.Compare(cluster).Differences.Select(found => $"{found}").Should().Contain(line => line.Contains(difference));
    }

    [Theory]
    [InlineData(DiskFate.Kept)]
    [InlineData(DiskFate.Torn)]
    [InlineData(DiskFate.Lost)]
    public void What_crashed_disks_held_is_remembered(DiskFate disk)
    {
        using var cluster = Clusters.Written();
        for (var crash = 0; crash < 4; crash++)
        {
            using (ShardCrash.OfPrimary(cluster, Clusters.East, Clusters.Shard, disk))
                Clusters.Write(cluster, Clusters.East, 2);
            cluster.RunUntilQuiet(Clusters.Patience).Should().BeTrue();
        }
        GroundTruth.Compare(cluster).Differences.Should().BeEmpty();
    }

    [Fact]
    public void Of_a_group_founded_anew_only_what_it_got_back_is_asked_for()
    {
        using var cluster = Clusters.Written();
        using (NetworkPartition.Isolate(cluster, Clusters.East))
        {
            Clusters.Write(cluster, Clusters.East, 3);
            cluster.FoundAnew(Clusters.East, Clusters.Shard);
        }
        Clusters.Write(cluster, Clusters.East, 2);
        cluster.RunUntilQuiet(Clusters.Patience).Should().BeTrue("the other region sends again what the new group has lost of its log");
        GroundTruth.Compare(cluster).Differences.Should().BeEmpty();
        ClusterAudit.Run(cluster).Lost.Should().BePositive("what was acknowledged and not shipped is gone");
    }

    [Fact]
    public void Two_batches_committed_under_one_number_are_found()
    {
        var (one, other) = (Batch(1, "a"), Batch(1, "b"));
        History(Entry(1, 1, one), Entry(2, 1, other)).Should().Equal("two batches were committed under number 1");
        History(Entry(1, 1, one), Entry(2, 1, one)).Should().BeEmpty("a store that has it twice was given it twice");
    }

    [Fact]
    public void Two_records_committed_at_one_index_are_found() =>
        History(Entry(1, 1, Batch(1, "a")), Entry(1, 2, null)).Should().Equal("two records were committed at index 1, of epochs 1 and 2");

    [Fact]
    public void A_batch_that_is_missing_is_found()
    {
        var first = Batch(1, "a");
        History(Entry(1, 1, first), Entry(2, 1, Batch(3, "c", first.Header.Crc))).Single()
            .Should().StartWith("the batch of numbers 3 to 3 does not follow number 1, CRC ");
    }

    [Fact]
    public void A_batch_that_follows_another_one_is_found() =>
        History(Entry(1, 1, Batch(1, "a")), Entry(2, 1, Batch(2, "b"))).Single().Should().StartWith("the batch of numbers 2 to 2 does not follow number 1, CRC ");

    private static LogRecord Record(SimulatedCluster cluster, RecordKind kind, string value)
    {
        var (now, item, user) = (cluster.Now.ToUnixTimeMilliseconds(), new ItemId("item"), new UserId("ana"));
        return kind switch
        {
            RecordKind.Item => LogRecord.ForItem(default, default, now, item, default, [new AttributeValue("topic", value)]),
            RecordKind.UserAttributes => LogRecord.ForUser(default, default, now, user, [new AttributeValue("locale", value)]),
            _ => new LogRecord { Kind = kind, User = user, Target = "item" },
        };
    }

    private static IReadOnlyList<string> History(params TeedEntry[] entries) => OriginHistory.Of(entries, [], TenantId.First, Clusters.East).Problems;

    private static TeedEntry Entry(ulong index, ulong epoch, TeedBatch? batch) => new(index, epoch, batch);

    private static TeedBatch Batch(ulong number, string item, uint previousCrc = 0)
    {
        var record = LogRecord.Signal(default, new HlcTimestamp(1), 0, new ItemId(item), new UserId("ana"), default);
        var bytes = BatchWriter.Encode(new BatchStart(TenantId.First, default, default, 1, number, 0, previousCrc), [record]);
        return new TeedBatch(BatchHeader.Read(bytes), bytes);
    }
}

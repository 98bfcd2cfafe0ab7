using Tidal.Log;
using Tidal.Replication;
using Tidal.Replication.Raft;
using Tidal.Schema;

namespace Tidal.Tests.Replication;

/// <summary>A newer batch format is written once a record of the group's log has raised it, and never before (PROTOCOL 9).</summary>
public sealed class FormatScenarios
{
    private static readonly ReplicationOptions Tight = new()
    {
        CheckpointEveryBytes = 0,
        RetentionBytesMax = 0,
        Log = new SegmentedLogOptions { SegmentBytesMax = 0 },
    };

    [Fact]
    public void A_group_writes_the_old_format_until_the_table_raises_it()
    {
        var shard = new ShardHarness(replicas: 3);
        shard.Write(1);
        Raise(shard);
        shard.RunUntil(() => shard.Alive.All(replica => replica.Raft.Format == 3));
        shard.Write(2);
        VersionsIn(shard.Primary()).Should().Equal(2, 3);
        RecordsIn(shard.Primary()).Should().Be(1);
    }

    [Fact]
    public void The_new_format_is_not_written_before_the_record_that_raises_it_is_committed()
    {
        var shard = new ShardHarness(replicas: 3);
        shard.Loses = letter => letter.Message is AppendEnvelopes;
        Raise(shard);
        shard.RunUntil(() => RecordsIn(shard.Primary()) == 1);
        shard.Write(1);
        VersionsIn(shard.Primary()).Should().Equal([(ushort)2], "it is not committed");
        shard.Loses = static _ => false;
        shard.RunUntil(() => shard.PrimaryOf(default)?.Raft.Format == 3);
        shard.Write(2);
        VersionsIn(shard.Primary()).Should().Equal(2, 3);
    }

    [Fact]
    public void A_record_that_its_primary_takes_with_it_is_proposed_anew()
    {
        var shard = new ShardHarness(replicas: 3);
        var first = shard.Primary().Self;
        shard.Loses = letter => letter.Message is AppendEnvelopes;
        Raise(shard);
        shard.RunUntil(() => RecordsIn(shard.Primary()) == 1);
        shard.Crash(first);
        shard.Loses = static _ => false;
        shard.RunUntil(() => shard.PrimaryOf(default) is { } next && next.Self != first && next.Raft.Format == 3);
        shard.Restart(first);
        shard.RunUntil(() => shard.Alive.All(replica => replica.Raft.Format == 3 && RecordsIn(replica) == 1));
    }

    [Fact]
    public void A_record_that_a_new_primary_takes_over_counts_once_it_is_committed()
    {
        var shard = new ShardHarness(replicas: 3);
        var first = shard.Primary().Self;
        shard.Loses = letter => letter.Message is AppendReply or NodeHeartbeat { Beats: [{ IsPrimary: false }] };
        Raise(shard);
        shard.RunUntil(() => RecordsIn(shard.Primary()) == 1);
        shard.Crash(first);
        shard.Loses = letter => letter.Message is AppendReply;
        shard.RunUntil(() => shard.Alive.Any(replica => replica.Raft.Role == RaftRole.Primary));
        var next = shard.Alive.Single(replica => replica.Raft.Role == RaftRole.Primary);
        RecordsIn(next).Should().Be(1, "it was in its log");
        next.Raft.Format.Should().Be(2);
        shard.Loses = static _ => false;
        shard.RunUntil(() => next.Raft.Format == 3);
        RecordsIn(next).Should().Be(1);
    }

    [Fact]
    public void The_raised_format_outlives_the_log_that_raised_it()
    {
        var shard = new ShardHarness(replicas: 3, options: Tight);
        Raise(shard);
        shard.RunUntil(() => shard.Alive.All(replica => replica.Raft.Format == 3));
        shard.Write(1);
        shard.RunUntil(() => shard.Alive.All(replica => replica.Raft.Checkpoint?.Format == 3));
        var places = shard.Alive.Select(replica => replica.Self).ToList();
        places.ForEach(shard.Crash);
        places.ForEach(place => shard.Restart(place));
        shard.Alive.Should().OnlyContain(replica => replica.Raft.Format == 3 && RecordsIn(replica) == 0);
        shard.RunUntil(() => shard.PrimaryOf(default) is not null);
        shard.Write(2);
        VersionsIn(shard.Primary()).Last().Should().Be(3);
        RecordsIn(shard.Primary()).Should().Be(0, "it is raised already");
    }

    [Fact]
    public void A_follower_hears_of_the_raised_format_with_its_primarys_checkpoint()
    {
        var shard = new ShardHarness(replicas: 3, options: Tight);
        var follower = shard.Alive.First(replica => replica != shard.Primary()).Self;
        shard.Crash(follower);
        Raise(shard);
        shard.RunUntil(() => shard.Primary().Raft.Format == 3);
        shard.Write(1);
        shard.RunUntil(() => shard.Primary().Raft.Checkpoint?.Format == 3);
        shard.Restart(follower, diskLost: true);
        shard.RunUntil(() => shard[0, follower.Replica.Number].Raft.Format == 3);
        shard.Events.Should().Contain(happened => happened.Place == follower && happened.Event.Kind == ReplicaEventKind.SnapshotInstalled);
    }

    [Fact]
    public void A_primary_does_not_raise_what_it_does_not_read_itself()
    {
        var shard = new ShardHarness(options: Reads2);
        Raise(shard);
        shard.Run(500);
        shard.Write(1);
        RecordsIn(shard.Primary()).Should().Be(0);
        VersionsIn(shard.Primary()).Should().Equal(2);
    }

    [Fact]
    public void A_replica_that_does_not_read_the_raised_format_stops_when_it_meets_the_record()
    {
        var shard = new ShardHarness(replicas: 3);
        var old = shard.Alive.First(replica => replica != shard.Primary()).Self;
        shard.Crash(old);
        shard.FormatsReadable[old] = 2;
        shard.Restart(old);
        shard.Run(200);
        Raise(shard);
        var meet = () => shard.Run(500);
        var error = meet.Should().Throw<UnsupportedFormatException>().Which;
        (error.What, error.Found).Should().Be(("batch version", 3));
        RecordsIn(shard[0, old.Replica.Number]).Should().Be(0, "it is not taken");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Who_does_not_read_the_raised_format_does_not_start_on_its_disk(bool afterCheckpoint)
    {
        var shard = new ShardHarness(options: afterCheckpoint ? Tight : null);
        Raise(shard);
        shard.RunUntil(() => shard.Primary().Raft.Format == 3);
        shard.Write(1);
        shard.Run(200);
        RecordsIn(shard.Primary()).Should().Be(afterCheckpoint ? 0 : 1);
        var place = shard.Primary().Self;
        shard.Crash(place);
        shard.FormatsReadable[place] = 2;
        var start = () => shard.Restart(place);
        start.Should().Throw<UnsupportedFormatException>().WithMessage("*batch version 3*knows 2*");
        shard.FormatsReadable.Clear();
        shard.Restart(place);
        shard.RunUntil(() => shard.PrimaryOf(default) is not null);
        shard.OutcomeOf(shard.Write(1)).Should().Be(WriteOutcomeKind.Acknowledged, "nothing is lost by the try");
    }

    [Fact]
    public void A_region_that_reads_the_old_format_alone_refuses_a_batch_of_the_new_one()
    {
        var shard = new ShardHarness(regions: 2, options: Reads2);
        var start = new BatchStart(TenantId.First, default, default, 1, 1, 0, 0, Version: 3);
        shard.Ship(0, 1, BatchWriter.Encode(start, [shard.Signal(1)]));
        shard.Events.Should().Contain(happened => happened.Event.Kind == ReplicaEventKind.BatchRefused);
        ShardHarness.BatchesIn(shard.Primary(1), 0).Should().BeEmpty();
    }

    [Fact]
    public void A_batch_of_the_new_format_reaches_a_region_that_has_not_raised_it_yet()
    {
        var shard = new ShardHarness(regions: 2);
        ShippingScenarios.Meet(shard);
        shard.Loses = letter => letter.To.Region == letter.From.Region;
        var start = new BatchStart(TenantId.First, default, default, 1, 1, 0, 0, Version: 3);
        shard.Ship(0, 1, BatchWriter.Encode(start, [shard.Signal(1)]));
        shard.MarkIn(shard.Primary(1)).Number.Should().Be(1);
        shard.Primary(1).Raft.Format.Should().Be(2);
    }

    private static ReplicationOptions Reads2 => new() { Log = new SegmentedLogOptions { FormatReadable = 2 } };

    private static void Raise(ShardHarness shard) => shard.Publish(shard.TenantsIn(0).Table with { Version = shard.TenantsIn(0).Table.Version + 1, Format = 3 });

    private static IEnumerable<ushort> VersionsIn(ShardReplica replica) =>
        ShardHarness.BatchesIn(replica, 0).Select(batch => BatchHeader.Read(batch).Version);

    private static int RecordsIn(ShardReplica replica) => replica.Raft.Log
        .Read(replica.Raft.Log.FirstIndex, replica.Raft.Log.LastIndex, int.MaxValue)
        .Count(envelope => envelope.Kind == EnvelopeKind.Control && ControlRecord.Decode(envelope.Payload).Kind == ControlKind.Format);
}

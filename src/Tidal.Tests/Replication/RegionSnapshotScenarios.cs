using Tidal.Log;
using Tidal.Replication;
using Tidal.Replication.Raft;
using Tidal.Schema;

namespace Tidal.Tests.Replication;

/// <summary>
/// Snapshots of replicas' states and between regions (PROTOCOL 8), where logs are deleted as soon as a checkpoint stands
/// for them.
/// </summary>
public sealed class RegionSnapshotScenarios
{
    private static readonly RegionId One = new(1);

    /// <summary>A checkpoint after every commit, a segment for each envelope, none of them kept; snapshots come in several chunks.</summary>
    private static readonly ReplicationOptions Tight = new()
    {
        Log = new SegmentedLogOptions { SegmentBytesMax = 0, CacheBytesMax = 0 },
        CheckpointEveryBytes = 0,
        RetentionBytesMax = 0,
        SnapshotChunkBytesMax = 50,
    };

    [Fact]
    public void A_replica_starts_again_from_its_checkpoint()
    {
        var shard = new ShardHarness(options: Tight);
        Write(shard, 1, 5);
        var (digest, log) = (shard[0].State.Digest(), shard[0].Raft.Log);
        log.FirstIndex.Should().BeGreaterThan(5);
        var hlc = shard[0].State.HighestHlc;

        shard.Crash(shard[0].Self);
        shard.Restart(new Address(default, default, default));
        shard.RunUntil(() => shard.PrimaryOf(default) is not null);

        shard[0].State.Digest().Should().Be(digest);
        (shard[0].Hlc >= hlc).Should().BeTrue("the next stamp follows all that the checkpoint stands for");
        CountsOnce(shard, retried: 3, count: 5);
        Write(shard, 6, 6);
        shard.CountOn(shard[0]).Should().Be(6);
    }

    [Fact]
    public void A_follower_that_got_a_checkpoint_and_is_promoted_knows_every_operation()
    {
        var shard = new ShardHarness(replicas: 3, options: Tight);
        var late = shard.Alive.First(replica => replica != shard.Primary()).Self;
        shard.Crash(late);
        Write(shard, 1, 5);
        shard.Restart(late);
        shard.RunUntil(() => shard.Alive.All(replica => replica.State.Digest() == shard.Primary().State.Digest()));
        shard.Events.Should().Contain(happened => happened.Place == late && happened.Event.Kind == ReplicaEventKind.SnapshotInstalled);
        shard.Loses = letter => letter.Message is VoteRequest && letter.From != late;
        shard.Crash(shard.Primary().Self);
        shard.RunUntil(() => shard.PrimaryOf(default)?.Self == late);

        CountsOnce(shard, retried: 2, count: 5);
    }

    [Fact]
    public void A_region_that_needs_what_is_no_longer_in_the_log_gets_a_snapshot_on_every_replica()
    {
        var shard = FarBehind(replicas: 3);

        shard.RunUntil(() => IsLevel(shard));

        shard.Events.Where(happened => happened.Event.Kind == ReplicaEventKind.SnapshotMerged).Select(happened => happened.Place)
            .Should().BeEquivalentTo(shard.Alive.Where(replica => replica.Self.Region == One).Select(replica => replica.Self));
        foreach (var replica in shard.Alive.Where(replica => replica.Self.Region == One))
            shard.MarkIn(replica).Should().Be(shard.MarkIn(shard.Primary()));
        shard.Sent.Count(letter => letter.Message is ShipSnapshot).Should().BeGreaterThan(2).And.BeLessThan(40, "one chunk is under way at a time");
    }

    [Fact]
    public void After_a_snapshot_batches_go_on_from_its_mark()
    {
        var shard = FarBehind();
        shard.RunUntil(() => IsLevel(shard));
        shard.Sent.Clear();

        Write(shard, 7, 9);

        shard.RunUntil(() => IsLevel(shard));
        shard.CountOn(shard.Primary(1)).Should().Be(9);
        shard.SentBy<ShipSnapshot>(0).Should().BeEmpty();
        shard.Events.Should().NotContain(happened => happened.Event.Kind == ReplicaEventKind.Diverged);
    }

    /// <summary>PROTOCOL 8: otherwise only the primary has it, and a failover loses it.</summary>
    [Fact]
    public void A_failover_right_after_a_snapshot_forgets_nothing()
    {
        var shard = FarBehind(replicas: 3);
        shard.RunUntil(() => shard.Events.Exists(happened => happened.Event.Kind == ReplicaEventKind.SnapshotMerged));
        var first = shard.Events.Find(happened => happened.Event.Kind == ReplicaEventKind.SnapshotMerged).Place;
        shard.Loses = letter => letter.From.Region != letter.To.Region;
        shard.Crash(first);

        shard.RunUntil(() => shard.PrimaryOf(One) is { } primary && primary.Self != first);

        shard.CountOn(shard.Primary(1)).Should().Be(6);
        shard.MarkIn(shard.Primary(1)).Should().Be(shard.MarkIn(shard.Primary()));
    }

    [Fact]
    public void A_receiving_primary_that_crashes_in_the_middle_is_followed_by_one_that_goes_on()
    {
        var shard = FarBehind(replicas: 3, keep: letter => letter.Message is ShipSnapshot { Number: 2 });
        shard.RunUntil(() => shard.Kept.Count > 0);
        var first = shard.Primary(1).Self;
        shard.Crash(first);
        shard.RunUntil(() => shard.PrimaryOf(One) is { } primary && primary.Self != first);
        shard.Sent.Clear();

        shard.Release();
        shard.RunUntil(() => IsLevel(shard));

        shard.SentBy<ShipSnapshot>(0).Should().NotBeEmpty().And.OnlyContain(chunk => chunk.Number >= 2, "what was committed is not sent again");
    }

    [Fact]
    public void A_sending_primary_that_crashes_in_the_middle_is_followed_by_one_that_sends_a_newer_snapshot()
    {
        var shard = FarBehind(replicas: 3, keep: letter => letter.Message is ShipSnapshot { Number: 2 });
        shard.RunUntil(() => shard.Kept.Count > 0);
        shard.Crash(shard.Primary().Self);

        shard.Keeps = static _ => false;
        shard.RunUntil(() => shard.PrimaryOf(default) is not null && IsLevel(shard));

        shard.SentBy<ShipSnapshot>(0).Select(chunk => chunk.Id).Distinct().Should().HaveCount(2);
    }

    [Fact]
    public void All_replicas_of_a_receiving_region_may_start_again_in_the_middle()
    {
        var shard = FarBehind(replicas: 3, keep: letter => letter.Message is ShipSnapshot { Number: 2 });
        shard.RunUntil(() => shard.Kept.Count > 0);
        foreach (var replica in shard.Alive.Where(replica => replica.Self.Region == One).ToList())
        {
            shard.Crash(replica.Self);
            shard.Restart(replica.Self);
        }
        shard.RunUntil(() => shard.PrimaryOf(One) is not null);
        shard.Sent.Clear();

        shard.Release();
        shard.RunUntil(() => IsLevel(shard));

        shard.SentBy<ShipSnapshot>(0).Should().NotBeEmpty().And.OnlyContain(chunk => chunk.Number >= 2, "the checkpoint holds what has arrived");
    }

    [Fact]
    public void A_chunk_that_is_lost_or_damaged_comes_again()
    {
        var shard = FarBehind();
        var seen = new HashSet<uint>();
        shard.Loses = letter => letter.Message is ShipSnapshot chunk && seen.Add(chunk.Number);
        shard.RunUntil(() => seen.Count > 1);
        var chunk = shard.SentBy<ShipSnapshot>(0).Last();
        var bytes = chunk.Bytes.ToArray();
        bytes[0] ^= 1;
        var damaged = new ShipSnapshot { Tenant = chunk.Tenant, Id = chunk.Id, Number = chunk.Number, Count = chunk.Count, Bytes = bytes, Crc = chunk.Crc };

        shard.Deliver(shard.Primary().Self, shard.Primary(1).Self, damaged);

        shard.Events[^1].Event.Kind.Should().Be(ReplicaEventKind.SnapshotRefused);
        shard.RunUntil(() => IsLevel(shard));
    }

    [Fact]
    public void A_snapshot_of_no_member_is_not_taken()
    {
        var shard = FarBehind(keep: letter => letter.Message is ShipSnapshot);
        shard.RunUntil(() => shard.Kept.Count > 0);
        var chunk = (ShipSnapshot)shard.Kept[0].Message;
        var foreign = new ShipSnapshot { Tenant = new TenantId(9), Id = chunk.Id, Number = 0, Count = 1, Bytes = chunk.Bytes, Crc = chunk.Crc };
        var last = shard.Primary(1).Raft.Log.LastIndex;

        shard.Deliver(shard.Primary().Self, shard.Primary(1).Self, foreign);

        shard.Primary(1).Raft.Log.LastIndex.Should().Be(last);
    }

    [Fact]
    public void A_region_that_the_origin_cannot_reach_gets_a_snapshot_from_a_third()
    {
        var shard = new ShardHarness(regions: 3, options: Tight);
        shard.Run(600);
        shard.Loses = letter => letter.From.Region != letter.To.Region && (letter.From.Region == One || letter.To.Region == One);
        Write(shard, 1, 6);
        shard.Run(1000);
        shard.Loses = letter => letter.From.Region.Ordinal + letter.To.Region.Ordinal == 1;
        shard.Sent.Clear();

        shard.RunUntil(() => shard.CountOn(shard.Primary(1)) == 6);

        shard.Sent.Where(letter => letter.Message is ShipSnapshot && letter.To.Region == One).Should().NotBeEmpty()
            .And.OnlyContain(letter => letter.From.Region.Ordinal == 2);
    }

    /// <summary>PROTOCOL 8: batches at or below a mark are passed over when they are applied, wherever in the log they stand.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Batches_that_arrive_while_a_snapshot_is_committed_are_taken_once(bool isSnapshotFirst)
    {
        var shard = new ShardHarness(regions: 2, options: Tight with { CheckpointEveryBytes = long.MaxValue, SnapshotChunkBytesMax = 1 << 20 });
        shard.Run(600);
        shard.Write(1);
        shard.Keeps = letter => letter.Message is ShipBatches or ShipSnapshot or ShipMarks;
        Write(shard, 2, 4);
        shard.Primary().SendSnapshot(TenantId.First, One);
        shard.Settle();
        shard.Write(5);
        shard.FlushesHeld.Add(shard.Primary(1).Self);
        var letters = shard.Kept.Where(letter => letter.Message is ShipBatches or ShipSnapshot).ToList();
        shard.Kept.Clear();
        shard.Keeps = letter => letter.Message is ShipBatches;
        foreach (var letter in letters.OrderBy(letter => letter.Message is ShipSnapshot != isSnapshotFirst))
            shard.Deliver(letter.From, letter.To, letter.Message);

        shard.FlushesHeld.Clear();
        shard.Settle();

        shard.CountOn(shard.Primary(1)).Should().Be(5);
        shard.Release();
        Write(shard, 6, 7);
        shard.RunUntil(() => IsLevel(shard));
        shard.CountOn(shard.Primary(1)).Should().Be(7);
    }

    /// <summary>A new primary that takes over a snapshot and batches behind it in its tail numbers and chains on from the right mark.</summary>
    [Fact]
    public void A_snapshot_in_a_tail_that_is_taken_over_counts_once_with_the_batches_behind_it()
    {
        var shard = new ShardHarness(regions: 2, replicas: 3, options: Tight with { CheckpointEveryBytes = long.MaxValue, SnapshotChunkBytesMax = 1 << 20 });
        shard.Run(600);
        shard.Keeps = letter => letter.Message is ShipBatches or ShipSnapshot or ShipMarks;
        Write(shard, 1, 4);
        shard.Primary().SendSnapshot(TenantId.First, One);
        shard.Settle();
        var letters = shard.Kept.Where(letter => letter.Message is ShipBatches or ShipSnapshot).OrderBy(letter => letter.Message is ShipBatches).ToList();
        shard.Kept.Clear();
        var first = shard.Primary(1).Self;
        shard.Keeps = letter => letter.Message is ShipBatches or ShipSnapshot or ShipMarks;
        shard.Loses = letter => letter.To == first && letter.Message is AppendReply;
        foreach (var letter in letters)
            shard.Deliver(letter.From, letter.To, letter.Message);
        shard.CountOn(shard.Primary(1)).Should().Be(0, "nothing of it is committed yet");
        shard.Crash(first);
        (shard.Loses, shard.Keeps) = (static _ => false, static _ => false);

        shard.RunUntil(() => shard.PrimaryOf(One) is { } primary && primary.Self != first);

        Write(shard, 5, 6);
        shard.RunUntil(() => IsLevel(shard));
        shard.CountOn(shard.Primary(1)).Should().Be(6);
    }

    [Fact]
    public void What_each_origin_still_holds_in_the_log_is_known()
    {
        var shard = new ShardHarness(regions: 2, options: Tight with { CheckpointEveryBytes = long.MaxValue });
        shard.Run(600);
        Write(shard, 1, 3);
        Origin(shard).OldestHeld.Should().Be(1);
        var tight = FarBehind();
        tight.RunUntil(() => IsLevel(tight));

        Origin(tight).OldestHeld.Should().BeGreaterThan(4);
        tight.Primary(1).State.TenantOf(TenantId.First).OriginOf(default).OldestHeld.Should().Be(7, "a snapshot is no log");
    }

    private static OriginLog Origin(ShardHarness shard) => shard.Primary().State.TenantOf(TenantId.First).OriginOf(default);

    /// <summary>Region 1 heard nothing while region 0 accepted six signals and deleted the log of them; now the ways are open again.</summary>
    private static ShardHarness FarBehind(int replicas = 1, Predicate<Letter>? keep = null)
    {
        var shard = new ShardHarness(regions: 2, replicas, Tight);
        shard.Run(600);
        shard.Loses = letter => letter.From.Region != letter.To.Region;
        Write(shard, 1, 6);
        shard.Run(1000);
        shard.CountOn(shard.Primary(1)).Should().Be(0);
        shard.Loses = static _ => false;
        shard.Keeps = keep ?? (static _ => false);
        return shard;
    }

    private static void Write(ShardHarness shard, ulong from, ulong to)
    {
        for (var number = from; number <= to; number++)
        {
            shard.OutcomeOf(shard.Write(number)).Should().Be(WriteOutcomeKind.Acknowledged);
            shard.Run(5);
        }
    }

    private static void CountsOnce(ShardHarness shard, ulong retried, long count)
    {
        shard.OutcomeOf(shard.Write(retried)).Should().Be(WriteOutcomeKind.Acknowledged);
        shard.Run(50);
        shard.CountOn(shard.Primary()).Should().Be(count);
        shard.Primary().State.TenantOf(TenantId.First).SignalRecords.Should().Be(count);
    }

    private static bool IsLevel(ShardHarness shard) =>
        shard.PrimaryOf(One) is { } one && shard.PrimaryOf(default) is { } zero && one.State.Digest() == zero.State.Digest()
        && shard.Alive.Where(replica => replica.Self.Region == One).All(replica => replica.State.Digest() == zero.State.Digest());
}

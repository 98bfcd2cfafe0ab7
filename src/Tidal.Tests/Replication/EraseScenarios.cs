using Tidal.Log;
using Tidal.Replication;
using Tidal.Replication.Raft;
using Tidal.Schema;

namespace Tidal.Tests.Replication;

/// <summary>A region erases a tenant, for good, on every replica (PROTOCOL 25 and 26). Region 0 has left; region 1 stays.</summary>
public sealed class EraseScenarios
{
    private const string Secret = "item";

    private static readonly ReplicationOptions LittleSegments = new() { Log = new SegmentedLogOptions { SegmentBytesMax = 300 }, SnapshotChunkBytesMax = 200 };

    [Fact]
    public void Nothing_of_it_is_left_in_the_state_or_on_any_disk_though_the_log_might_be_kept()
    {
        var shard = Written(replicas: 3);
        shard.Alive.Should().OnlyContain(replica => shard.IsOnDisk(replica.Self, Secret));
        shard.StandAndTell(0, MemberStanding.Erasing);

        foreach (var replica in shard.Alive.Where(replica => replica.Self.Region == default))
        {
            shard.IsOnDisk(replica.Self, Secret).Should().BeFalse();
            replica.State.Tenants.Should().NotContainKey(TenantId.First);
            replica.State.ErasedBy(TenantId.First).Should().Be(shard.Placement.Version);
        }
        shard.IsOnDisk(shard.Primary(1).Self, Secret).Should().BeTrue();
        shard.Events.Count(happened => happened.Event.Kind == ReplicaEventKind.Erased).Should().Be(3);
    }

    [Fact]
    public void A_batch_that_comes_late_is_not_taken_whatever_the_node_knows()
    {
        var shard = Serving(replicas: 3);
        var stale = shard.Alive.First(replica => replica.Self.Region == default && replica != shard.Primary());
        foreach (var standing in (ReadOnlySpan<MemberStanding>)[MemberStanding.Closing, MemberStanding.Leaving, MemberStanding.Erasing])
        {
            shard.Stand(0, standing);
            foreach (var other in shard.Alive.Where(replica => replica != stale))
                shard.Tell(other.Self);
            shard.Run(1000);
        }
        SealScenarios.Promote(shard, stale);
        shard.TenantsIn(0, stale.Self.Replica.Number).Table.Find(TenantId.First)!.Holders.Should().Contain(default(RegionId), "it does not know of the erase");

        shard.Ship(1, 0, ShardHarness.Batch(shard.Signal(9), origin: 1, first: 1, previousCrc: 0));
        shard.Deliver(shard.Primary(1).Self, stale.Self, Chunk(shard));
        shard.AnswerTo<Moved>(shard.Write(shard.Signal(9), stale)).Should().NotBeNull();
        shard.Run(1000);

        stale.State.Tenants.Where(held => held.Value.Origins.Values.Any(origin => origin.Mark.Number > 0)).Should().BeEmpty();
        shard.IsOnDisk(stale.Self, Secret).Should().BeFalse();
    }

    [Fact]
    public void A_region_that_is_to_hold_it_again_takes_it_again()
    {
        var shard = Written();
        shard.StandAndTell(0, MemberStanding.Erasing);
        shard.StandAndTell(0, null, departed: shard.MarkIn(shard[1], 0));
        shard.StandAndTell(0, MemberStanding.Preparing);
        shard.RunUntil(() => shard.MarkIn(shard[0], 0) == shard.MarkIn(shard[1], 0));
        shard.StandAndTell(0, MemberStanding.Serving);
        shard.OutcomeOf(shard.Write(9)).Should().Be(WriteOutcomeKind.Acknowledged);
        shard.Run(1000);
        shard.Alive.Select(replica => replica.State.Digest()).Distinct().Should().ContainSingle();
    }

    [Fact]
    public void A_replica_that_was_down_erases_when_it_returns()
    {
        var shard = Written(replicas: 3);
        var away = shard.Alive.First(replica => replica.Self.Region == default && replica != shard.Primary()).Self;
        shard.Crash(away);
        shard.StandAndTell(0, MemberStanding.Erasing);
        shard.IsOnDisk(away, Secret).Should().BeTrue();
        shard.Restart(away);
        shard.Run(3000);

        shard.IsOnDisk(away, Secret).Should().BeFalse();
    }

    // Of two checkpoints the older is kept while a follower is in the middle of it: not when it has what was erased since.
    [Fact]
    public void A_checkpoint_from_before_goes_even_while_it_is_being_sent()
    {
        var shard = Serving(replicas: 3, options: LittleSegments with { RetentionBytesMax = 0, CheckpointEveryBytes = 0, Raft = new RaftOptions { SnapshotBytesMax = 50 } });
        var away = shard.Alive.First(replica => replica.Self.Region == default && replica != shard.Primary()).Self;
        shard.Crash(away);
        for (var number = 6UL; number <= 12; number++)
            shard.Write(number);
        shard.Keeps = letter => letter is { Message: InstallProgress } && letter.From == away;
        shard.Restart(away);
        shard.Run(200);
        shard.Kept.Should().NotBeEmpty("it is in the middle of a checkpoint");
        shard.StandAndTell(0, MemberStanding.Closing);
        shard.StandAndTell(0, MemberStanding.Erasing);

        shard.IsOnDisk(shard.Primary().Self, Secret).Should().BeFalse();
        shard.Release();
        shard.Run(3000);
        shard.IsOnDisk(away, Secret).Should().BeFalse();
    }

    [Fact]
    public void A_crash_right_after_the_erase_leaves_it_to_the_next_start()
    {
        var shard = Written(replicas: 3);
        var place = shard.Primary().Self;
        shard.Keeps = static letter => letter.Message is AppendEnvelopes;
        shard.StandAndTell(0, MemberStanding.Erasing);
        shard.FlushesHeld.Add(place);
        shard.Release();
        shard.Crash(place);
        shard.FlushesHeld.Clear();
        shard.Restart(place);
        shard.Run(3000);
        shard.Alive.Where(replica => replica.Self.Region == default).Should().OnlyContain(replica => !shard.IsOnDisk(replica.Self, Secret));
    }

    // The other tenant's log goes with it: who has not got it yet gets a snapshot.
    [Fact]
    public void Another_tenants_log_that_goes_with_it_comes_as_a_snapshot()
    {
        var shard = new ShardHarness(regions: 2, options: LittleSegments, tenants: 2);
        var second = new TenantId(2);
        shard.Write(1);
        shard.Run(1000);
        shard.Loses = static letter => letter.From.Region != letter.To.Region;
        shard.Run(1000);
        var write = new WriteRequest { Try = 1000, Tenant = second, Epoch = shard[0].Raft.Epoch, Records = RecordSelection.Of(LogRecord.ForSession(default, default, shard.WallMilliseconds, SessionAction.Open)), PlacementVersion = 2 };
        shard.Write(write, shard[0].Self);
        shard.StandAndTell(0, MemberStanding.Erasing);
        shard[0].State.TenantOf(second).OriginOf(default).OldestHeld.Should().Be(2, "its batch is not in the log any more");
        shard.Loses = static _ => false;
        shard.Run(3000);

        shard[1].State.TenantOf(second).OriginOf(default).Mark.Should().Be(shard[0].State.TenantOf(second).OriginOf(default).Mark);
        shard.Sent.Should().Contain(letter => letter.Message is ShipSnapshot);
    }

    private static ShardHarness Serving(int replicas = 1, ReplicationOptions? options = null)
    {
        var shard = new ShardHarness(regions: 2, replicas, options ?? LittleSegments);
        for (var number = 1UL; number <= 5; number++)
            shard.Write(number);
        shard.Run(1000);
        return shard;
    }

    private static ShardHarness Written(int replicas = 1, ReplicationOptions? options = null)
    {
        var shard = Serving(replicas, options);
        shard.StandAndTell(0, MemberStanding.Closing);
        shard.StandAndTell(0, MemberStanding.Leaving);
        return shard;
    }

    private static ShipSnapshot Chunk(ShardHarness shard)
    {
        var bytes = shard.Primary(1).State.TenantOf(TenantId.First).ToSnapshot(TenantId.First);
        return new ShipSnapshot { Tenant = TenantId.First, Id = ulong.MaxValue / 2, Number = 0, Count = 1, Bytes = bytes, Crc = Crc32C.Of(bytes) };
    }
}

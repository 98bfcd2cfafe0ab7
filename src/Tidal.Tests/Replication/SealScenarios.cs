using Tidal.Log;
using Tidal.Replication;
using Tidal.Schema;

namespace Tidal.Tests.Replication;

/// <summary>
/// A region's own log of a tenant ends with a seal and goes on with a marker (PROTOCOL 24 and 25). Region 0 is to leave;
/// region 1 stays.
/// </summary>
public sealed class SealScenarios
{
    [Fact]
    public void A_closing_region_ends_its_log_behind_all_that_it_has_taken()
    {
        var shard = new ShardHarness(regions: 2);
        shard.Write(1);
        shard.FlushesHeld.Add(shard[0].Self);
        var (appended, open) = (shard.Write(2), shard.Write(3));
        shard.StandAndTell(0, MemberStanding.Closing);
        shard.FlushesHeld.Clear();
        shard.Run(1000);

        (shard.OutcomeOf(appended), shard.OutcomeOf(open)).Should().Be((WriteOutcomeKind.Acknowledged, WriteOutcomeKind.Acknowledged));
        ShardHarness.KindsIn(shard[0], 0).Should().Equal(RecordKind.Signal, RecordKind.Signal, RecordKind.Signal, RecordKind.Seal);
        LastIn(shard[0]).LastNumber.Should().Be(3);
        shard.AnswerTo<Moved>(shard.Write(4)).Should().NotBeNull();
        shard.CountOn(shard[0]).Should().Be(3, "reads are still answered");
        shard.MarkIn(shard[1]).Number.Should().Be(4);
        shard.Events.Where(happened => happened.Event.Kind == ReplicaEventKind.Sealed).Should().ContainSingle()
            .Which.Event.Number.Should().Be(shard.Placement.Version);
    }

    // Its node may have been cut off while the tenant moved: its log knows better than its table.
    [Fact]
    public void A_primary_that_knows_an_older_placement_writes_nothing_behind_the_seal()
    {
        var (shard, stale) = SealedWhileOneWasAway();

        shard.AnswerTo<Moved>(shard.Write(shard.Signal(2), stale)).Should().NotBeNull();
        shard.Write(RetractionOrEnd(shard, stale), stale);
        shard.Run(1000);

        ShardHarness.KindsIn(stale, 0).Should().Equal(RecordKind.Signal, RecordKind.Seal);
    }

    // Nothing of it is appended, so all of it can go where the rest must.
    [Fact]
    public void Many_writes_at_once_go_elsewhere_together_even_what_is_known_here()
    {
        var (shard, stale) = SealedWhileOneWasAway();

        var tried = shard.Write(shard.RequestFor([shard.Signal(1), shard.Signal(2)], stale), stale.Self);
        shard.Run(1000);

        shard.Answers.Where(answer => answer.Try == tried).Should().ContainSingle().Which.Should().BeOfType<Moved>();
        ShardHarness.KindsIn(stale, 0).Should().Equal(RecordKind.Signal, RecordKind.Seal);
        shard.OutcomeOf(shard.Write(shard.RequestFor([shard.Signal(1), shard.Signal(1)], stale), stale.Self)).Should().Be(WriteOutcomeKind.Acknowledged);
    }

    [Fact]
    public void A_promoted_primary_finds_the_seal_in_its_tail_and_adds_no_other()
    {
        var shard = new ShardHarness(regions: 1, replicas: 3);
        var first = shard.Primary();
        shard.Write(1);
        shard.Stand(0, MemberStanding.Closing);
        var second = ShippingScenarios.AppendOnOneFollower(shard, first, () =>
        {
            shard.Tell(first.Self);
            shard.Deliver(Address.OfGateway(default), first.Self, new LocateRequest { Try = 1000, Tenant = TenantId.First });
        });
        shard.Crash(first.Self);
        shard.Publish(shard.Table);
        shard.RunUntil(() => shard.PrimaryOf(default) == second);
        shard.Run(500);

        ShardHarness.KindsIn(second, 0).Should().Equal(RecordKind.Signal, RecordKind.Seal);
        second.State.TenantOf(TenantId.First).StandingOf(default).IsSealed.Should().BeTrue();
    }

    [Fact]
    public void A_region_that_serves_again_reopens_its_log_before_it_writes()
    {
        var shard = new ShardHarness(regions: 2);
        shard.Write(1);
        shard.StandAndTell(0, MemberStanding.Closing);
        shard.Stand(0, MemberStanding.Serving);
        shard.Publish(shard.Table);
        shard.OutcomeOf(shard.Write(2)).Should().Be(WriteOutcomeKind.Acknowledged, "the marker is in front of it");
        shard.Run(1000);

        ShardHarness.KindsIn(shard[0], 0).Should().Equal(RecordKind.Signal, RecordKind.Seal, RecordKind.TenantMarker, RecordKind.Signal);
        shard.Alive.Select(replica => replica.State.Digest()).Distinct().Should().ContainSingle();
        shard.Events.Should().Contain(happened => happened.Event.Kind == ReplicaEventKind.Reopened);
    }

    [Fact]
    public void A_primary_that_knows_only_that_it_closes_does_not_seal_what_was_reopened_since()
    {
        var shard = new ShardHarness(regions: 1, replicas: 3);
        var stale = shard.Alive.First(replica => replica != shard.Primary());
        shard.Stand(0, MemberStanding.Closing);
        shard.Publish(shard.Table);
        shard.Run(500);
        shard.Stand(0, MemberStanding.Serving);
        foreach (var other in shard.Alive.Where(replica => replica != stale))
            shard.Tell(other.Self);
        shard.Run(500);
        Promote(shard, stale);
        shard.Run(500);

        ShardHarness.KindsIn(stale, 0).Should().Equal(RecordKind.Seal, RecordKind.TenantMarker);
    }

    [Fact]
    public void A_region_that_closes_twice_seals_anew()
    {
        var shard = new ShardHarness(regions: 2);
        shard.StandAndTell(0, MemberStanding.Closing);
        shard.Stand(0, MemberStanding.Serving);
        shard.StandAndTell(0, MemberStanding.Closing);
        ShardHarness.KindsIn(shard[0], 0).Should().Equal([RecordKind.Seal, RecordKind.Seal], "a primary that knew what was between could have reopened it");
        shard[0].State.TenantOf(TenantId.First).StandingOf(default).Should().Be(new OriginStanding(shard.Placement.Version, true));
    }

    [Fact]
    public void The_seal_is_in_the_digest_and_in_what_a_checkpoint_holds()
    {
        var shard = new ShardHarness(options: new ReplicationOptions { CheckpointEveryBytes = 0, RetentionBytesMax = 0 });
        shard.Write(1);
        var before = shard[0].State.Digest();
        shard.StandAndTell(0, MemberStanding.Closing);
        var digest = shard[0].State.Digest();
        digest.Should().NotBe(before);
        shard.Crash(shard[0].Self);
        shard.Restart(new Address(default, default, default));
        shard.RunUntil(() => shard.PrimaryOf(default) is not null);
        shard[0].State.Digest().Should().Be(digest);
        shard.AnswerTo<Moved>(shard.Write(2)).Should().NotBeNull();
    }

    internal static void Promote(ShardHarness shard, ShardReplica replica)
    {
        shard.Loses = letter => letter.Message is Tidal.Replication.Raft.VoteRequest && letter.From != replica.Self;
        shard.Crash(shard.PrimaryOf(replica.Self.Region)!.Self);
        shard.RunUntil(() => shard.PrimaryOf(replica.Self.Region) == replica);
        shard.Loses = static letter => letter.Message is TableUpdate;
    }

    private static (ShardHarness Shard, ShardReplica Stale) SealedWhileOneWasAway()
    {
        var shard = new ShardHarness(regions: 1, replicas: 3);
        shard.Write(1);
        var stale = shard.Alive.First(replica => replica != shard.Primary());
        shard.Stand(0, MemberStanding.Closing);
        foreach (var other in shard.Alive.Where(replica => replica != stale))
            shard.Tell(other.Self);
        shard.Run(500);
        Promote(shard, stale);
        return (shard, stale);
    }

    private static LogRecord RetractionOrEnd(ShardHarness shard, ShardReplica to) =>
        LogRecord.ForSession(new SessionId(to.Self.Region, 1), default, shard.WallMilliseconds, SessionAction.End);

    private static LogRecord LastIn(ShardReplica replica) => Log.Samples.ReadAll(ShardHarness.BatchesIn(replica, 0)[^1])[^1];
}

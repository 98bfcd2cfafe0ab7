using Tidal.Replication;
using Tidal.Schema;

namespace Tidal.Tests.Replication;

/// <summary>A region prepares to hold a tenant, or comes back to it (PROTOCOL 8, 23 and 25). It is region 2 of three.</summary>
public sealed class JoiningScenarios
{
    [Fact]
    public void A_region_that_prepares_takes_a_snapshot_of_one_sponsor_and_then_the_logs()
    {
        var shard = Prepared();
        shard.Write(3);
        shard.Run(2000);

        shard.Sent.Where(letter => letter.Message is ShipSnapshot).Select(letter => letter.From.Region.Ordinal).Distinct().Should().Equal(0);
        Digests(shard).Should().ContainSingle();
        shard.AnswerTo<Moved>(shard.Write(1, region: 2)).Should().NotBeNull();
    }

    [Fact]
    public void Where_the_sponsor_is_not_heard_another_takes_its_place()
    {
        var shard = Gone();
        shard.Loses = static letter => (letter.From.Region.Ordinal, letter.To.Region.Ordinal) is (0, 2) or (2, 0);
        shard.StandAndTell(2, MemberStanding.Preparing);
        shard.Run(3000);

        shard.Sent.Where(letter => letter.Message is ShipSnapshot).Select(letter => letter.From.Region.Ordinal).Distinct().Should().Equal(1);
        Digests(shard).Should().ContainSingle("region 1 has what region 0 has accepted");
    }

    [Fact]
    public void What_an_origin_that_has_left_had_accepted_comes_too()
    {
        var shard = Prepared();
        shard.StandAndTell(2, MemberStanding.Serving);
        shard.StandAndTell(0, MemberStanding.Closing);
        shard.StandAndTell(0, MemberStanding.Leaving);
        shard.StandAndTell(0, MemberStanding.Erasing, departed: shard.MarkIn(shard[1], 0));
        shard.StandAndTell(0, null);
        shard.StandAndTell(2, MemberStanding.Leaving);
        shard.StandAndTell(2, MemberStanding.Erasing);
        shard.StandAndTell(2, MemberStanding.Preparing);
        shard.Run(2000);

        shard.MarkIn(shard[2], 0).Should().Be(shard.MarkIn(shard[1], 0));
    }

    // Its own log may not be back yet: a number given twice would be two records of one identity.
    [Fact]
    public void A_region_that_comes_back_writes_nothing_before_it_has_its_own_log_again()
    {
        var shard = Gone();
        var departed = shard.MarkIn(shard[1], 2);
        departed.Number.Should().BePositive();
        shard.Loses = static letter => letter.From.Region != letter.To.Region;
        shard.Stand(2, MemberStanding.Serving);
        shard.Publish(shard.Table);
        shard.OutcomeOf(shard.Write(9, region: 2)).Should().Be(WriteOutcomeKind.Refused);
        shard.MarkIn(shard[2], 2).Number.Should().Be(0);
        shard.Loses = static _ => false;
        shard.Run(3000);

        shard.OutcomeOf(shard.Write(10, region: 2)).Should().Be(WriteOutcomeKind.Acknowledged);
        shard.Run(2000);
        shard.MarkIn(shard[2], 2).Number.Should().BeGreaterThan(departed.Number);
        Digests(shard).Should().ContainSingle();
        shard.Events.Should().NotContain(happened => happened.Event.Kind == ReplicaEventKind.Diverged);
    }

    [Fact]
    public void A_region_that_leaves_takes_nothing_more_and_gives_what_it_has()
    {
        var shard = new ShardHarness(regions: 3);
        shard.Loses = static letter => letter.Message is ShipBatches && (letter.From.Region.Ordinal, letter.To.Region.Ordinal) is (0, 1);
        shard.Write(1);
        shard.Run(100);
        shard.MarkIn(shard[2], 0).Number.Should().Be(1);
        shard.MarkIn(shard[1], 0).Number.Should().Be(0);
        shard.StandAndTell(2, MemberStanding.Leaving);
        shard.Loses = static letter => (letter.From.Region.Ordinal, letter.To.Region.Ordinal) is (0, 1) or (1, 0);
        shard.Write(2);
        shard.Run(3000);

        shard.MarkIn(shard[1], 0).Number.Should().Be(1, "region 2 had it");
        shard.MarkIn(shard[2], 0).Number.Should().Be(1);
    }

    [Fact]
    public void A_session_does_not_wait_for_the_end_of_a_region_that_has_left()
    {
        var shard = new ShardHarness(regions: 3) { Loses = letter => letter.Message is TableUpdate };
        shard.Write(1);
        shard.StandAndTell(2, MemberStanding.Closing);
        shard.Write(Tidal.Log.LogRecord.ForSession(new SessionId(default, 1), default, shard.WallMilliseconds, Tidal.Log.SessionAction.End), shard[0]);
        shard.Run(2000);
        SessionsOn(shard[0]).Should().BePositive("region 2 may still hold it");
        var digest = shard[0].State.Digest();
        shard.StandAndTell(2, MemberStanding.Leaving);
        SessionsOn(shard[0]).Should().BePositive("it is not yet known how far its log goes");
        shard.Stand(2, MemberStanding.Erasing, departed: shard.MarkIn(shard[0], 2));
        shard.Tell(shard[0].Self);
        shard.Deliver(Address.OfGateway(default), shard[0].Self, new LocateRequest { Try = 1000, Tenant = TenantId.First });

        SessionsOn(shard[0]).Should().Be(0);
        SessionsOn(shard[1]).Should().BePositive("its node does not know of it yet");
        shard[0].State.Digest().Should().Be(digest).And.Be(shard[1].State.Digest(), "what is forgotten is no matter of the logs");
    }

    // A replica that reads its log again knows a table that is newer than what it reads.
    [Fact]
    public void And_is_kept_while_the_log_of_that_region_is_not_held_to_its_end()
    {
        var shard = new ShardHarness(regions: 2);
        shard.Run(500);
        shard.Loses = static letter => letter.From.Region != letter.To.Region;
        shard.Write(1, region: 1);
        shard.Write(shard.Signal(1, region: 1) with { Attempt = 1 }, shard[0]);
        shard.StandAndTell(1, MemberStanding.Closing);
        shard.StandAndTell(1, MemberStanding.Leaving);
        shard.StandAndTell(1, MemberStanding.Erasing, departed: shard.MarkIn(shard[1], 1));
        shard.Write(Tidal.Log.LogRecord.ForSession(new SessionId(new RegionId(1), 1), default, shard.WallMilliseconds, Tidal.Log.SessionAction.End), shard[0]);
        shard.Run(1000);
        SessionsOn(shard[0]).Should().BePositive("what region 1 had accepted may void what is counted here");
    }

    /// <summary>Region 2 has been a member and has left, with a record of its own.</summary>
    private static ShardHarness Gone()
    {
        var shard = new ShardHarness(regions: 3);
        shard.Write(1);
        shard.Write(1, region: 2);
        shard.Run(1000);
        shard.StandAndTell(2, MemberStanding.Closing);
        shard.StandAndTell(2, MemberStanding.Leaving);
        shard.StandAndTell(2, MemberStanding.Erasing, departed: shard.MarkIn(shard[1], 2));
        shard.StandAndTell(2, null);
        shard.Write(2);
        shard.Run(500);
        return shard;
    }

    private static ShardHarness Prepared()
    {
        var shard = Gone();
        shard.StandAndTell(2, MemberStanding.Preparing);
        return shard;
    }

    private static int SessionsOn(ShardReplica replica) =>
        replica.State.TenantOf(TenantId.First).Origins.Values.Sum(origin => origin.Operations.SessionCount);

    private static IEnumerable<string> Digests(ShardHarness shard) => shard.Alive.Select(replica => replica.State.Digest()).Distinct();
}

using Tidal.Crdt;
using Tidal.Log;
using Tidal.Replication;
using Tidal.Replication.Raft;
using Tidal.Schema;
using Tidal.Tests.Signals;

namespace Tidal.Tests.Replication;

/// <summary>Hides and undos at the replicas of a user's shard, and who may tell them (PROTOCOL 14).</summary>
public sealed class HidesScenarios
{
    private static readonly RegionId East = new(0);

    private ulong _lastTry = 1_000_000;

    [Fact]
    public void A_hide_that_was_acknowledged_is_told()
    {
        var shard = new ShardHarness(replicas: 3);
        var tried = shard.Write(Negative(1), shard.Primary());
        shard.OutcomeOf(tried).Should().Be(WriteOutcomeKind.Acknowledged);
        var told = shard.AnswerTo<HidesReply>(Ask(shard, shard.Primary()))!;
        told.Registers.Should().ContainSingle().Which.Value.IsHidden.Should().BeTrue();
        told.Marks.Should().Equal(new OriginNumber(East, 1));
        shard.AnswerTo<WriteReply>(tried)!.Marks.Should().Equal(new OriginNumber(East, 1));
        var again = shard.Write(Negative(1), shard.Primary());
        shard.AnswerTo<WriteReply>(again)!.Marks.Should().Equal([new OriginNumber(East, 1)], "a duplicate stands where it stood");
    }

    [Fact]
    public void A_deposed_primary_tells_nothing_and_says_so_once_it_knows()
    {
        var shard = new ShardHarness(replicas: 3);
        var deposed = shard.Primary();
        shard.Loses = letter => letter.From.Node == deposed.Self.Node || letter.To.Node == deposed.Self.Node;
        shard.RunUntil(() => shard.Alive.Any(replica => replica != deposed && replica.Raft.IsReadyPrimary));
        shard.Write(Negative(1), shard.Alive.Single(replica => replica != deposed && replica.Raft.IsReadyPrimary));
        deposed.Raft.Role.Should().Be(RaftRole.Primary, "nobody could tell it");
        var asked = Ask(shard, deposed);
        shard.Run(20);
        shard.Answers.Should().NotContain(answer => answer.Try == asked, "it has not heard of the hide");
        shard.RunUntil(() => deposed.Raft.Role != RaftRole.Primary);
        shard.AnswerTo<NotPrimary>(asked).Should().NotBeNull();
        shard.AnswerTo<HidesReply>(asked).Should().BeNull();
    }

    [Fact]
    public void More_reads_than_the_bound_are_left_unanswered()
    {
        var shard = new ShardHarness(replicas: 3, options: new ReplicationOptions { ReadsWaitingMax = 2 });
        shard.Loses = letter => letter.Message is ConfirmReply;
        var asked = Enumerable.Range(0, 3).Select(_ => Ask(shard, shard.Primary())).ToList();
        shard.Loses = static _ => false;
        shard.Run(1000);
        asked.Count(tried => shard.AnswerTo<HidesReply>(tried) is not null).Should().Be(2);
    }

    [Fact]
    public void A_hide_is_stamped_by_its_primary_and_an_undo_keeps_the_stamp_that_it_came_with()
    {
        var shard = new ShardHarness();
        var early = HlcTimestamp.FromUnixMilliseconds(Ledger.Noon - 1000);
        shard.Write(Negative(1) with { Hlc = early }, shard[0]);
        shard.Write(Negative(2) with { IsUndo = true, Hlc = early }, shard[0]);
        var register = RegisterIn(shard[0]);
        register.LatestHide.Should().BeGreaterThan(early);
        register.LatestUndo.Should().Be(early);
        register.IsHidden.Should().BeTrue();
    }

    /// <summary>PROTOCOL 14's history: the undo comes late to where it was tried first, after the user has hidden again.</summary>
    [Fact]
    public void An_undo_that_was_retried_elsewhere_and_arrives_late_does_not_undo_the_hide_after_it()
    {
        var shard = new ShardHarness(regions: 2);
        ShippingScenarios.Meet(shard);
        shard.Write(Negative(1), shard[0]);
        shard.Run(1000);
        var undo = Negative(2) with { IsUndo = true, Hlc = HlcTimestamp.FromUnixMilliseconds(shard.WallMilliseconds) };
        var late = shard.RequestFor(undo, shard[0]);
        shard.Run(100);
        shard.OutcomeOf(shard.Write(undo, shard[1])).Should().Be(WriteOutcomeKind.Acknowledged);
        shard.Run(100);
        RegisterIn(shard[1]).IsHidden.Should().BeFalse();
        shard.Write(Negative(3, region: 1), shard[1]);
        shard.Run(100);
        shard.Write(late, shard[0].Self);
        shard.Run(1000);
        shard.OutcomeOf(late.Try).Should().Be(WriteOutcomeKind.Acknowledged);
        (RegisterIn(shard[0]).IsHidden, RegisterIn(shard[1]).IsHidden).Should().Be((true, true));
    }

    private static LogRecord Negative(ulong number, int region = 0) => LogRecord.HardNegative(
        new OperationId(new SessionId(new RegionId((ushort)region), 1), number), default, Ledger.Noon, Ledger.User, "song", TargetKind.Item, NegativeKind.Hide);

    private static HardNegativeRegister RegisterIn(ShardReplica replica) =>
        replica.State.TenantOf(TenantId.First).State.HardNegativesOf(Ledger.User).Single().Value;

    private ulong Ask(ShardHarness shard, ShardReplica replica)
    {
        shard.Deliver(
            Address.OfGateway(replica.Self.Region), replica.Self, new HidesRequest { Try = ++_lastTry, Tenant = TenantId.First, User = Ledger.User, PlacementVersion = 1 });
        return _lastTry;
    }
}

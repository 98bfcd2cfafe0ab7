using Tidal.Replication;
using Tidal.Replication.Raft;

namespace Tidal.Tests.Replication;

/// <summary>A primary hands its office over (leadership transfer: Ongaro's thesis, §3.10).</summary>
public sealed class HandOverScenarios
{
    private readonly RaftHarness _group = new(3);

    private HarnessReplica A => _group[0];

    private HarnessReplica B => _group[1];

    private HarnessReplica C => _group[2];

    [Fact]
    public void A_level_follower_is_primary_before_any_timeout_passes()
    {
        _group.Elect(0);
        _group.Propose(A);
        _group.Settle();
        var before = _group.Now;

        _group.HandOver(A).Should().BeTrue();
        _group.Settle();

        B.IsReadyPrimary.Should().BeTrue("both others heard the old primary all the time, and vote none the less");
        (B.Raft.Epoch, A.Raft.Role, _group.Now).Should().Be((2UL, RaftRole.Follower, before));
    }

    [Fact]
    public void The_voter_that_holds_most_is_the_heir()
    {
        _group.Elect(0);
        _group.CutWay(0, 1);
        _group.Propose(A);
        _group.Settle();
        _group.HandOver(A);
        _group.Settle();
        C.IsPrimary.Should().BeTrue();
    }

    [Fact]
    public void Nobody_is_told_before_all_is_committed_and_the_heir_holds_it()
    {
        _group.Elect(0);
        _group.Propose(A);
        _group.HandOver(A);
        _group.Settle(held: parcel => parcel.Message is AppendEnvelopes);
        Told().Should().BeEmpty();
        _group.Settle();
        B.IsReadyPrimary.Should().BeTrue();
    }

    [Fact]
    public void A_primary_whose_heir_does_not_come_level_goes_on_after_a_timeout()
    {
        _group.Elect(0);
        _group.Propose(A);
        _group.HandOver(A);
        A.Raft.IsHandingOver.Should().BeTrue();

        _group.Rounds(_group.Options.ElectionTimeoutMax + TimeSpan.FromMilliseconds(50), held: parcel => parcel.Message is AppendEnvelopes);

        (A.IsReadyPrimary, A.Raft.IsHandingOver, A.Raft.Epoch).Should().Be((true, false, 1UL));
        _group.HandOver(A).Should().BeFalse("it has only just tried");
        _group.Rounds(4 * _group.Options.ElectionTimeoutMax);
        _group.HandOver(A).Should().BeTrue();
    }

    [Fact]
    public void A_learner_is_no_heir()
    {
        _group.Elect(0);
        _group.LoseDisk(B);
        _group.Restart(B);
        _group.Kill(C);
        _group.Rounds(TimeSpan.FromMilliseconds(400), held: parcel => parcel.Message is AppendEnvelopes);
        A.IsPrimary.Should().BeTrue();
        _group.HandOver(A).Should().BeFalse();
    }

    [Fact]
    public void A_lost_word_is_said_again()
    {
        _group.Elect(0);
        _group.HandOver(A);
        _group.Network.RemoveAll(parcel => parcel.Message is TimeoutNow).Should().Be(1);
        _group.Beat(B);
        _group.Settle();
        B.IsPrimary.Should().BeTrue();
    }

    [Fact]
    public void A_word_of_an_epoch_that_is_over_says_nothing()
    {
        _group.Elect(0);
        _group.HandOver(A);
        var word = Told().Single();
        _group.Network.Clear();
        _group.Isolate(A);
        _group.Elect(2);
        _group.MendWays();
        _group.Deliver(word);
        _group.Settle();
        (C.IsReadyPrimary, C.Raft.Epoch).Should().Be((true, 2UL));
    }

    [Fact]
    public void Who_yields_takes_no_office_while_another_can()
    {
        _group.Elect(0);
        B.Raft.Yields = true;
        for (var round = 0; round < 3; round++)
        {
            _group.Kill(A);
            _group.RoundsUntil(() => C.IsReadyPrimary, "C primary");
            _group.Restart(A);
            _group.Rounds(TimeSpan.FromMilliseconds(100));
            _group.HandOver(C);
            _group.Settle();
            A.IsReadyPrimary.Should().BeTrue("the heir of C was A or told nobody, for B yields");
        }
    }

    [Fact]
    public void Who_yields_takes_office_when_nobody_else_is_there()
    {
        var first = _group.Elect(0);
        _group.Isolate(C);
        _group.Propose(first);
        _group.Settle();
        B.Raft.Yields = true;
        _group.Kill(A);
        _group.MendWays();
        _group.RoundsUntil(() => B.IsReadyPrimary, "B primary, who alone holds the last record");
    }

    [Fact]
    public void A_write_under_way_is_acknowledged_before_the_office_changes_and_none_is_taken_after()
    {
        var shard = new ShardHarness(replicas: 3);
        var first = shard.Primary();
        shard.Write(1);
        shard.FlushesHeld.UnionWith(shard.Alive.Select(replica => replica.Self));
        var (flushing, open) = (shard.Write(2), shard.Write(3));
        first.Yields = true;
        shard.RunUntil(() => first.Raft.IsHandingOver, 600);
        var late = shard.Write(4);
        shard.AnswerTo<NotPrimary>(late)!.Primary.Should().BeNull();
        shard.FlushesHeld.Clear();
        shard.RunUntil(() => shard.PrimaryOf(default) is { } next && next != first, 200);
        shard.OutcomeOf(flushing).Should().Be(WriteOutcomeKind.Acknowledged);
        shard.OutcomeOf(open).Should().Be(WriteOutcomeKind.Acknowledged);
        ShardHarness.OperationsIn(shard.Primary()).Should().Equal(1UL, 2UL, 3UL);
    }

    [Fact]
    public void A_read_that_comes_after_the_office_has_changed_is_handed_on()
    {
        var shard = new ShardHarness(replicas: 3);
        var first = shard.Primary();
        shard.Write(1);
        first.Yields = true;
        shard.Keeps = letter => letter.Message is AppendReply;
        shard.RunUntil(() => first.Raft.Role == RaftRole.Follower);
        shard.PrimaryOf(default).Should().BeNull("the record of its epoch is not committed yet");
        var asked = new CohortRequest { Try = 77, Tenant = Tidal.Schema.TenantId.First, Users = [new("ana")], PlacementVersion = 1 };
        shard.Deliver(Address.OfGateway(default), first.Self, asked);
        shard.Answers.Should().NotContain(answer => answer.Try == 77, "it waits");
        shard.Release();
        shard.AnswerTo<CohortReply>(77).Should().NotBeNull();
    }

    private IEnumerable<Parcel> Told() => _group.Network.Where(parcel => parcel.Message is TimeoutNow);
}

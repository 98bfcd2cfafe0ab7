using Tidal.Replication.Raft;

namespace Tidal.Tests.Replication;

/// <summary>When a primary may answer a read that must not be stale (ReadIndex: Ongaro's thesis, §6.4).</summary>
public sealed class ReadingScenarios
{
    private readonly RaftHarness _group = new(3);

    private HarnessReplica A => _group[0];

    private HarnessReplica B => _group[1];

    private HarnessReplica C => _group[2];

    [Fact]
    public void A_primary_is_confirmed_by_a_quorum_of_its_epoch()
    {
        _group.Elect(0);
        var round = _group.AskForConfirmation(A);
        IsConfirmed(A, round).Should().BeFalse("nobody has answered yet");
        _group.CutWay(0, 2);
        _group.Settle();
        IsConfirmed(A, round).Should().BeTrue("one of two followers is enough");
    }

    [Fact]
    public void A_primary_alone_is_confirmed_at_once()
    {
        var single = new RaftHarness(1);
        single.TimeOut(single[0]);
        single.Settle();
        single.AskForConfirmation(single[0]).Should().Be(single[0].Raft.ConfirmedRound);
    }

    [Fact]
    public void A_deposed_primary_that_does_not_know_it_yet_is_not_confirmed()
    {
        _group.Elect(0);
        _group.Isolate(A);
        _group.Elect(1);
        A.Raft.Role.Should().Be(RaftRole.Primary, "nobody could tell it");
        var round = _group.AskForConfirmation(A);
        _group.Settle();
        IsConfirmed(A, round).Should().BeFalse();
        _group.MendWays();
        _group.RoundsUntil(() => !A.IsPrimary, "A deposed");
        IsConfirmed(A, round).Should().BeFalse();
    }

    [Fact]
    public void An_answer_that_tells_of_a_later_epoch_deposes()
    {
        _group.Elect(0);
        _group.Isolate(A);
        _group.Elect(1);
        _group.MendWays();
        var round = _group.AskForConfirmation(A);
        _group.Settle();
        (A.IsPrimary, IsConfirmed(A, round)).Should().Be((false, false));
    }

    [Fact]
    public void A_learners_answer_does_not_count()
    {
        _group.Elect(0);
        _group.LoseDisk(C);
        _group.CutWay(0, 1);
        _group.Restart(C);
        _group.Advance(TimeSpan.FromMilliseconds(200));
        var round = _group.AskForConfirmation(A);
        _group.Settle();
        C.Raft.IsVoter.Should().BeFalse();
        C.Raft.Epoch.Should().Be(A.Raft.Epoch, "it has heard the question, and answered it");
        IsConfirmed(A, round).Should().BeFalse();
    }

    [Fact]
    public void Who_asks_while_a_round_is_under_way_waits_for_the_next()
    {
        _group.Elect(0);
        var first = _group.AskForConfirmation(A);
        var second = _group.AskForConfirmation(A);
        _group.AskForConfirmation(A).Should().Be(second, "they share it");
        second.Should().BeGreaterThan(first!.Value);
        foreach (var parcel in _group.Network.ToList())
            _group.Deliver(parcel);
        var answer = _group.Network.First(parcel => parcel.Message is ConfirmReply);
        _group.Deliver(answer);
        _group.Deliver(answer);
        (IsConfirmed(A, first), IsConfirmed(A, second)).Should().Be((true, false), "that answer was given to the first round, however often it comes");
        _group.Settle();
        IsConfirmed(A, second).Should().BeTrue();
    }

    [Fact]
    public void An_answer_that_comes_twice_counts_once()
    {
        var group = new RaftHarness(5);
        var primary = group.Elect(0);
        group.AskForConfirmation(primary);
        foreach (var parcel in group.Network.ToList())
            group.Deliver(parcel);
        var answer = group.Network.First(parcel => parcel.Message is ConfirmReply);
        group.Deliver(answer);
        group.Deliver(answer);
        primary.Raft.ConfirmedRound.Should().Be(0, "two of five");
        group.Settle();
        primary.Raft.ConfirmedRound.Should().Be(1);
    }

    [Fact]
    public void A_round_whose_messages_were_lost_is_sent_again()
    {
        _group.Elect(0);
        var round = _group.AskForConfirmation(A);
        _group.Network.Clear();
        _group.RoundsUntil(() => IsConfirmed(A, round), "A confirmed");
        A.Raft.Epoch.Should().Be(1);
    }

    [Fact]
    public void Nobody_but_a_primary_whose_epochs_record_is_committed_can_be_asked()
    {
        _group.AskForConfirmation(A).Should().BeNull();
        _group.Elect(0);
        _group.AskForConfirmation(B).Should().BeNull();
        _group.Isolate(A);
        _group.Advance(_group.Options.ElectionTimeoutMax);
        _group.TimeOut(B);
        _group.Settle(parcel => parcel.Message is AppendEnvelopes);
        (B.IsPrimary, B.IsReadyPrimary).Should().Be((true, false));
        _group.AskForConfirmation(B).Should().BeNull("what it took over is not known as committed yet");
    }

    [Fact]
    public void A_round_of_an_epoch_that_is_over_is_confirmed_by_nothing_that_comes_later()
    {
        _group.Elect(0);
        var round = _group.AskForConfirmation(A);
        _group.Network.Clear();
        _group.Isolate(A);
        _group.Elect(1);
        _group.MendWays();
        _group.RoundsUntil(_group.IsWhole, "whole");
        _group.Isolate(B);
        _group.RoundsUntil(() => A.IsReadyPrimary || C.IsReadyPrimary, "another primary");
        _group.MendWays();
        _group.RoundsUntil(_group.IsWhole, "whole again");
        IsConfirmed(A, round).Should().BeFalse();
    }

    private static bool IsConfirmed(HarnessReplica replica, ulong? round) => replica.Raft.ConfirmedRound >= round;
}

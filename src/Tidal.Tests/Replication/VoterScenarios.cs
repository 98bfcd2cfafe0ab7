using Tidal.Log;
using Tidal.Replication.Raft;

namespace Tidal.Tests.Replication;

/// <summary>PROTOCOL 1: stores that are lost, learners that return, and words of the dead.</summary>
public sealed class VoterScenarios
{
    private readonly RaftHarness _group = new(3);

    private HarnessReplica A => _group[0];

    private HarnessReplica B => _group[1];

    private HarnessReplica C => _group[2];

    /// <summary>PROTOCOL 1, the history that breaks "until it has caught up".</summary>
    [Fact]
    public void A_vote_of_a_lost_disk_that_comes_late_elects_nobody_over_what_was_acknowledged()
    {
        _group.Elect(0);
        _group.CutWay(0, 1);
        _group.CutWay(1, 0);
        _group.TimeOut(B);
        _group.Settle(IsVoteOfC);
        var late = _group.Network.Single(IsVoteOfC);
        ReturnWithEmptyDisk(C);

        for (var beat = 0; beat < 4; beat++)
        {
            _group.Advance(TimeSpan.FromMilliseconds(50));
            _group.Beat(A);
            _group.Beat(C);
            _group.Settle(IsFromCToB);
        }
        var index = _group.Propose(A);
        _group.Settle(IsFromCToB);
        C.Raft.Log.LastIndex.Should().Be(index, "it has caught up");
        _group.Deliver(late);
        _group.Settle(IsFromCToB);

        B.IsPrimary.Should().BeTrue();
        _group.Oracle.CommittedIndex.Should().Be(2, "B could be elected because nothing was acknowledged with C");
    }

    /// <summary>PROTOCOL 1: a voter record is committed with no learner counted.</summary>
    [Fact]
    public void A_learner_that_has_caught_up_does_not_count_for_the_record_that_makes_it_a_voter()
    {
        _group.Elect(0);
        ReturnWithEmptyDisk(C);
        _group.Rounds(TimeSpan.FromMilliseconds(300), parcel => parcel.From == B.Id && (parcel.Message is AppendReply || parcel.Beat.MatchIndex > 2));
        var record = A.Raft.Log.LastIndex;

        ControlRecord.Decode(A.Raft.Log.Read(record).Payload).Kind.Should().Be(ControlKind.Voter);
        C.Raft.Log.LastIndex.Should().Be(record);
        A.Raft.CommitIndex.Should().BeLessThan(record);
        C.Raft.IsVoter.Should().BeFalse();
        _group.Settle();
        _group.RoundsUntil(() => C.Raft.IsVoter, "C voter");
    }

    /// <summary>PROTOCOL 1: held by itself.</summary>
    [Fact]
    public void What_a_new_voter_holds_already_counts_once_its_record_is_committed()
    {
        _group.Elect(0);
        ReturnWithEmptyDisk(C);
        _group.RoundsUntil(() => A.Raft.Log.LastIndex == 3, "voter record proposed");
        A.Raft.CommitIndex.Should().BeLessThanOrEqualTo(3);
        _group.RoundsUntil(() => B.Raft.Log.LastIndex == 3, "B holds it");
        _group.Kill(B);

        var index = _group.Propose(A);
        _group.Rounds(TimeSpan.FromMilliseconds(250));

        A.Raft.CommitIndex.Should().Be(index);
    }

    /// <summary>PROTOCOL 1: a learner does not vote.</summary>
    [Fact]
    public void A_learner_gives_no_vote_though_it_holds_its_voter_record()
    {
        _group.Elect(0);
        ReturnWithEmptyDisk(C);
        _group.CutWay(0, 1);
        _group.CutWay(1, 0);
        _group.Rounds(TimeSpan.FromMilliseconds(300));
        C.Raft.Log.LastIndex.Should().Be(3);
        C.Raft.IsVoter.Should().BeFalse();
        _group.Isolate(B);

        _group.Rounds(TimeSpan.FromSeconds(3));

        _group.Replicas.Should().OnlyContain(replica => !replica.IsPrimary, "A is alone with a learner");
        A.Raft.Epoch.Should().Be(1);
        _group.MendWays();
        _group.RoundsUntil(_group.IsWhole, "whole");
    }

    /// <summary>PROTOCOL 1: a learner does not vote, whoever asks and whatever it asks for.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_learner_answers_no_request_for_a_vote(bool isPreVote)
    {
        _group.Elect(0);
        _group.Kill(A);
        ReturnWithEmptyDisk(C);
        _group.Advance(TimeSpan.FromSeconds(1));
        var request = new VoteRequest { Epoch = 2, Store = B.Raft.Store, IsPreVote = isPreVote, LastEpoch = 1, LastIndex = 2 };

        _group.Deliver(new Parcel(B.Id, C.Id, request, default));
        _group.CompleteFlush(C);

        _group.Network.Should().NotContain(parcel => IsGiven(parcel));
    }

    /// <summary>PROTOCOL 1: acknowledgements of the old id count no more.</summary>
    [Fact]
    public void A_late_acknowledgement_of_a_lost_disk_does_not_make_it_a_voter_again()
    {
        _group.Elect(0);
        _group.CutWay(0, 1);
        _group.Propose(A);
        _group.Settle(parcel => parcel.From == C.Id);
        var late = _group.Network.Single(parcel => parcel.Message is AppendReply && parcel.From == C.Id);
        ReturnWithEmptyDisk(C);
        _group.Advance(TimeSpan.FromMilliseconds(200));
        for (var beat = 0; beat < 4; beat++)
        {
            _group.Advance(TimeSpan.FromMilliseconds(100));
            _group.Beat(C);
            _group.Settle(parcel => parcel == late);
        }
        var last = A.Raft.Log.LastIndex;
        LatestVoterOf(A).Store.Should().Be(C.Raft.Store);

        _group.Deliver(late);
        _group.Settle();

        A.Raft.Log.LastIndex.Should().Be(last, "no record names the dead store");
    }

    /// <summary>PROTOCOL 1: a word of the dead does not silence the living.</summary>
    [Fact]
    public void A_late_word_of_a_lost_disk_does_not_keep_the_new_one_out()
    {
        _group.Elect(0);
        _group.Beat(C);
        var late = _group.Network.Single(parcel => parcel.From == C.Id && parcel.To == A.Id);
        _group.Network.Clear();
        ReturnWithEmptyDisk(C);
        _group.Kill(A);
        _group.Restart(A);
        _group.Beat(C);
        _group.Settle();

        _group.Deliver(late);

        _group.Advance(TimeSpan.FromSeconds(1));
        _group.TimeOut(A);
        _group.Settle();
        A.IsPrimary.Should().BeTrue();
        _group.RoundsUntil(_group.IsWhole, "whole");
    }

    /// <summary>PROTOCOL 1: the record of one that returned may be known as committed by nobody but itself.</summary>
    [Fact]
    public void A_primary_learns_from_a_returned_voter_that_its_record_is_committed()
    {
        _group.Elect(2);
        ReturnWithEmptyDisk(B);
        _group.RoundsUntil(() => C.Raft.Log.LastIndex == 3, "voter record proposed");
        for (var round = 0; !B.Raft.IsVoter && round < 20; round++)
            _group.Round(parcel => parcel.To == A.Id && (parcel.Beat.CommitIndex > 2 || parcel.Message is AppendEnvelopes { CommitIndex: > 2 }));
        _group.Settle(parcel => parcel.To == A.Id);
        B.Raft.IsVoter.Should().BeTrue();
        A.Raft.CommitIndex.Should().Be(2);
        _group.Network.Clear();
        _group.LoseDisk(C);

        _group.Advance(TimeSpan.FromSeconds(1));
        _group.TimeOut(A);
        _group.Settle();
        A.IsPrimary.Should().BeTrue();

        _group.RoundsUntil(() => A.IsReadyPrimary, "A ready");
        _group.Restart(C);
        _group.RoundsUntil(_group.IsWhole, "whole");
    }

    /// <summary>DESIGN §2: two of five stores, disk and all.</summary>
    [Fact]
    public void Two_of_five_lost_at_once_return_as_voters_with_nothing_lost()
    {
        var group = new RaftHarness(5);
        group.Elect(0);
        group.Propose(group[0]);
        group.Settle();
        foreach (var lost in new[] { 0, 1 })
            group.LoseDisk(group[lost]);
        group.RoundsUntil(() => group.Replicas.Any(replica => replica.IsReadyPrimary), "a primary of the three left");
        group.Replicas.Count(replica => replica.Raft.Role == RaftRole.Primary).Should().Be(1);

        group.Restart(group[0]);
        group.Restart(group[1]);

        group.RoundsUntil(group.IsWhole, "whole");
        foreach (var replica in group.Replicas)
            group.Oracle.CheckHoldsCommitted(replica);
    }

    /// <summary>PROTOCOL 6: beyond the fault limit nothing is weakened silently.</summary>
    [Fact]
    public void Two_of_three_lost_elect_nobody_and_commit_nothing()
    {
        _group.Elect(0);
        ReturnWithEmptyDisk(B);
        ReturnWithEmptyDisk(C);
        var committed = _group.Oracle.CommittedIndex;

        _group.Rounds(TimeSpan.FromSeconds(3));

        _group.Replicas.Should().OnlyContain(replica => !replica.IsPrimary);
        _group.Oracle.CommittedIndex.Should().Be(committed);
    }

    private bool IsVoteOfC(Parcel parcel) => parcel.From == C.Id && parcel.Message is VoteReply { IsPreVote: false };

    private static bool IsGiven(Parcel parcel) => parcel.Message is VoteReply { Granted: true };

    private bool IsFromCToB(Parcel parcel) => parcel.From == C.Id && parcel.To == B.Id;

    private static Voter LatestVoterOf(HarnessReplica replica) => replica.Envelopes()
        .Where(envelope => envelope.Kind == EnvelopeKind.Control)
        .Select(envelope => ControlRecord.Decode(envelope.Payload))
        .Last(control => control.Kind == ControlKind.Voter).Voters.Span[0];

    private void ReturnWithEmptyDisk(HarnessReplica replica)
    {
        _group.LoseDisk(replica);
        _group.Restart(replica);
    }
}

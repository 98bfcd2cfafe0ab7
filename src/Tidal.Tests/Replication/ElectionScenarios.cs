using Tidal.Replication.Raft;

namespace Tidal.Tests.Replication;

/// <summary>Who becomes primary, and who stops being it.</summary>
public sealed class ElectionScenarios
{
    private readonly RaftHarness _group = new(3);

    private HarnessReplica A => _group[0];

    private HarnessReplica B => _group[1];

    private HarnessReplica C => _group[2];

    /// <summary>Raft §5.4.1.</summary>
    [Fact]
    public void A_longer_log_of_an_older_epoch_does_not_win()
    {
        _group.Elect(0);
        _group.Isolate(A);
        for (var record = 0; record < 5; record++)
            _group.Propose(A);
        _group.Settle();
        _group.Elect(1);
        _group.Propose(B);
        _group.Settle();
        _group.Kill(B);
        _group.MendWays();
        _group.TimeOut(C);
        _group.Network.Clear();
        A.Raft.Log.LastIndex.Should().BeGreaterThan(C.Raft.Log.LastIndex);

        _group.TimeOut(A);
        _group.Settle();

        A.IsPrimary.Should().BeFalse();
        _group.RoundsUntil(() => C.IsReadyPrimary, "C primary");
    }

    /// <summary>Raft §5: persistent state is updated on stable storage before the answer.</summary>
    [Fact]
    public void A_vote_is_flushed_before_it_is_answered()
    {
        _group.Elect(0);
        _group.CutWay(1, 0);
        _group.FlushesEarly = false;
        _group.TimeOut(B);
        while (_group.Network.FirstOrDefault() is { } parcel)
        {
            _group.Deliver(parcel);
            _group.CompleteFlush(B);
        }
        C.Raft.Epoch.Should().Be(2);
        C.OwesFlush.Should().BeTrue();
        B.Raft.Role.Should().Be(RaftRole.Candidate);

        _group.LosePower(C);

        C.Raft.Epoch.Should().Be(1, "the vote was not on disk, and nobody has it");
    }

    /// <summary>Raft §5: its own vote counts, and is told of, once it is on disk.</summary>
    [Fact]
    public void A_candidate_asks_nobody_before_its_own_vote_is_flushed()
    {
        _group.Elect(0);
        _group.FlushesEarly = false;
        _group.TimeOut(B);
        while (_group.Network.FirstOrDefault() is { } parcel)
            _group.Deliver(parcel);

        B.Raft.Role.Should().Be(RaftRole.Candidate);
        B.OwesFlush.Should().BeTrue();
        _group.CompleteFlush(B);
        _group.Network.Should().Contain(parcel => IsRealRequest(parcel));
    }

    /// <summary>Ongaro's thesis, §6.2 (check-quorum).</summary>
    [Fact]
    public void A_primary_that_hears_nobody_steps_down()
    {
        _group.Elect(0);
        _group.Isolate(A);

        _group.Rounds(TimeSpan.FromSeconds(1.5));

        A.IsPrimary.Should().BeFalse();
        A.Raft.Epoch.Should().Be(1);
    }

    /// <summary>Check-quorum, with PROTOCOL 1: a learner neither votes nor counts.</summary>
    [Fact]
    public void Learners_do_not_keep_a_primary_in_office()
    {
        var group = new RaftHarness(5);
        var primary = group.Elect(0);
        foreach (var voter in new[] { 1, 4 })
        {
            group.CutWay(0, voter);
            group.CutWay(voter, 0);
        }
        foreach (var lost in new[] { 2, 3 })
        {
            group.LoseDisk(group[lost]);
            group.Restart(group[lost]);
        }

        group.Rounds(TimeSpan.FromSeconds(1.5));

        primary.IsPrimary.Should().BeFalse("it hears itself and two learners");
    }

    /// <summary>Ongaro's thesis, §9.6 (pre-vote).</summary>
    [Fact]
    public void A_replica_that_was_cut_off_disturbs_nobody_when_it_returns()
    {
        _group.Elect(0);
        _group.Isolate(C);
        _group.Rounds(TimeSpan.FromSeconds(3));
        C.Raft.Epoch.Should().Be(1);

        _group.MendWays();
        _group.Rounds(TimeSpan.FromSeconds(1));

        A.IsReadyPrimary.Should().BeTrue();
        _group.Replicas.Should().OnlyContain(replica => replica.Raft.Epoch == 1 && replica.Raft.Primary == A.Id);
    }

    /// <summary>Ongaro's thesis, §4.2.3: a vote is not given while the primary is heard.</summary>
    [Fact]
    public void A_replica_that_alone_does_not_hear_the_primary_does_not_depose_it()
    {
        _group.Elect(0);
        _group.CutWay(0, 2);

        _group.Rounds(TimeSpan.FromSeconds(3));

        A.IsReadyPrimary.Should().BeTrue();
        A.Raft.Epoch.Should().Be(1);
    }

    /// <summary>DESIGN §2: with one replica nobody else is asked.</summary>
    [Fact]
    public void A_single_replica_elects_itself_and_commits_alone()
    {
        var group = new RaftHarness(1);
        group.Tick(group[0]);
        group.Settle();
        group[0].IsReadyPrimary.Should().BeTrue();

        var index = group.Propose(group[0]);
        group[0].Raft.CommitIndex.Should().BeLessThan(index, "it is not flushed");
        group.Settle();

        group[0].Raft.CommitIndex.Should().Be(index);
    }

    /// <summary>Raft §5.2: what was verified against one primary's log says nothing of the next one's.</summary>
    [Fact]
    public void A_candidate_forgets_how_far_the_last_primary_had_verified_its_log()
    {
        var group = new RaftHarness(5);
        group.Elect(0);
        group.Propose(group[0]);
        group.Settle(parcel => parcel.Message is AppendEnvelopes && parcel.To != group[1].Id);
        group.Kill(group[0]);
        group.Network.Clear();
        group.TimeOut(group[1]);
        group.Settle(parcel => parcel.Message is VoteRequest { IsPreVote: false });
        group[1].Raft.Role.Should().Be(RaftRole.Candidate);
        group.Network.Clear();

        group.TimeOut(group[2]);
        group.Settle(parcel => parcel.Message is AppendEnvelopes && parcel.To != group[3].Id);
        group[2].IsPrimary.Should().BeTrue();
        group[1].Raft.Epoch.Should().Be(group[2].Raft.Epoch);
        group.Beat(group[1]);
        group.Settle(parcel => parcel.Message is AppendEnvelopes);

        group[2].Raft.CommitIndex.Should().Be(2, "two of five hold its record");
        group.RoundsUntil(() => group[2].IsReadyPrimary, "ready");
    }

    private static bool IsRealRequest(Parcel parcel) => parcel.Message is VoteRequest { IsPreVote: false };
}

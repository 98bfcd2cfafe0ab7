using Tidal.Replication.Raft;

namespace Tidal.Tests.Replication;

/// <summary>How a log is copied, cut and committed.</summary>
public sealed class ReplicationScenarios
{
    private readonly RaftHarness _group = new(3);

    private HarnessReplica A => _group[0];

    private HarnessReplica B => _group[1];

    private HarnessReplica C => _group[2];

    /// <summary>PROTOCOL 4: commit index included.</summary>
    [Fact]
    public void Followers_hold_the_envelopes_of_the_primary_byte_for_byte()
    {
        _group.Elect(0);
        for (var record = 0; record < 5; record++)
        {
            _group.Propose(A);
            _group.Round();
        }
        foreach (var follower in new[] { B, C })
            follower.Envelopes().Should().Equal(A.Envelopes());
        A.Envelopes()[^1].CommitIndex.Should().BeGreaterThan(2);
    }

    /// <summary>Raft §5.4.2, figure 8.</summary>
    [Fact]
    public void A_record_of_an_older_epoch_is_not_committed_by_counting()
    {
        // One envelope a message, so that the old record can reach a majority before the new epoch's does.
        var group = new RaftHarness(5, options: new RaftOptions { AppendBytesMax = 1 });
        HarnessReplica first = group.Elect(0), rival = group[4];
        var index = group.Propose(first);
        group.Settle(parcel => parcel.Message is AppendEnvelopes && parcel.To != group[1].Id);
        group.Network.Clear();
        group.Kill(first);
        group.TimeOut(rival);
        group.Settle(parcel => parcel.Message is AppendEnvelopes || parcel.To == group[1].Id);
        rival.IsPrimary.Should().BeTrue();
        group.Network.Clear();
        group.Kill(rival);

        group.Restart(first);
        group.Advance(TimeSpan.FromSeconds(1));
        group.Beat(group[2]);
        group.Settle();
        group.TimeOut(first);
        group.Settle(parcel => IsAppendFrom(parcel, index + 1) && group[parcel.To.Number].Raft.Log.LastIndex == index);

        first.IsPrimary.Should().BeTrue();
        group[2].Raft.Log.LastIndex.Should().Be(index, "a majority holds the old record now");
        first.Raft.CommitIndex.Should().BeLessThan(index);
        group.Kill(first);
        group.Network.Clear();
        group.Restart(rival);
        group.RoundsUntil(() => rival.IsReadyPrimary, "the rival's log won");
    }

    /// <summary>Raft §8: the empty record of its epoch tells a primary what of its predecessor's is committed.</summary>
    [Fact]
    public void A_new_primary_commits_what_it_took_over_with_the_record_of_its_own_epoch()
    {
        _group.Elect(0);
        var index = _group.Propose(A);
        _group.Settle(parcel => parcel.Message is AppendReply);
        _group.Kill(A);
        _group.Network.Clear();
        B.Raft.CommitIndex.Should().BeLessThan(index);

        _group.RoundsUntil(() => B.IsReadyPrimary || C.IsReadyPrimary, "a primary");

        var primary = B.IsReadyPrimary ? B : C;
        primary.Raft.CommitIndex.Should().Be(index + 1);
        primary.Raft.Log.Read(index + 1).GroupEpoch.Should().Be(primary.Raft.Epoch);
    }

    /// <summary>Raft §5.3: what is flushed is acknowledged, and no more.</summary>
    [Fact]
    public void An_append_is_flushed_before_it_is_acknowledged()
    {
        _group.Elect(0);
        _group.FlushesEarly = false;
        var index = _group.Propose(A);
        _group.CompleteFlush(A);
        while (_group.Network.FirstOrDefault() is { } parcel)
            _group.Deliver(parcel);

        A.Raft.CommitIndex.Should().BeLessThan(index);
        _group.Beat(B);
        _group.Network.Should().OnlyContain(parcel => parcel.Beat.MatchIndex < index);
        _group.LosePower(B);
        B.Raft.Log.LastIndex.Should().BeLessThan(index);
    }

    /// <summary>Raft §5.3: the primary's own copy counts like any other.</summary>
    [Fact]
    public void A_primary_counts_itself_once_its_own_flush_is_done()
    {
        _group.Elect(0);
        var index = _group.Propose(A);
        _group.Deliver(_group.Network.First(parcel => parcel.To == B.Id));
        _group.CompleteFlush(B);
        _group.Deliver(_group.Network.First(parcel => parcel.From == B.Id));
        A.Raft.CommitIndex.Should().BeLessThan(index);

        _group.CompleteFlush(A);

        A.Raft.CommitIndex.Should().Be(index);
    }

    /// <summary>Raft §5.3: a conflict is cut, and only a conflict.</summary>
    [Fact]
    public void A_late_append_cuts_nothing_that_came_after_it()
    {
        _group.Elect(0);
        var first = _group.Propose(A);
        var late = _group.Network.Single(parcel => parcel.To == B.Id);
        var last = _group.Propose(A);
        _group.Settle();

        _group.Deliver(late);

        first.Should().BeLessThan(last);
        B.Raft.Log.LastIndex.Should().Be(last);
    }

    /// <summary>Raft §5.3.</summary>
    [Fact]
    public void The_tail_of_a_deposed_primary_is_cut_where_the_new_one_shows_another()
    {
        _group.Elect(0);
        var kept = _group.Propose(A);
        _group.Settle();
        _group.Isolate(A);
        var cut = _group.Propose(A);
        _group.Propose(A);
        _group.Settle();
        _group.Elect(1);
        _group.MendWays();

        _group.RoundsUntil(_group.IsWhole, "whole");

        A.BytesAt(kept).Should().Equal(B.BytesAt(kept));
        A.Raft.Log.Read(cut).GroupEpoch.Should().Be(2);
    }

    /// <summary>Raft §5.3: what takes the place of a cut tail is not durable because the tail was.</summary>
    [Fact]
    public void What_takes_the_place_of_a_cut_tail_is_acknowledged_once_it_is_flushed_itself()
    {
        _group.Elect(0);
        _group.Isolate(A);
        _group.Propose(A);
        _group.Propose(A);
        _group.Settle();
        _group.Elect(1);
        _group.MendWays();
        _group.Beat(B);
        _group.Settle();
        A.Raft.Epoch.Should().Be(2);
        _group.FlushesEarly = false;

        _group.Beat(A);
        _group.Advance(TimeSpan.FromMilliseconds(150));
        while (_group.Network.FirstOrDefault(parcel => parcel.From == B.Id || parcel.To == B.Id) is { } parcel)
            _group.Deliver(parcel);
        A.Raft.Log.LastEpoch.Should().Be(2, "the tail was cut");
        A.OwesFlush.Should().BeTrue();

        A.Raft.BeatFor(B.Id)!.Value.MatchIndex.Should().BeLessThan(A.Raft.Log.LastIndex);
    }

    /// <summary>Raft §5.1: an answer speaks for the epoch in which it was earned.</summary>
    [Fact]
    public void An_acknowledgement_that_waits_for_a_flush_is_dropped_when_the_epoch_changes()
    {
        var group = new RaftHarness(5);
        group.Elect(0);
        group.Propose(group[0]);
        group.CompleteFlush(group[0]);
        group.Deliver(group.Network.First(parcel => parcel.To == group[1].Id));
        group.Network.Clear();

        group.TimeOut(group[2]);
        while (group.Network.FirstOrDefault() is { } parcel && group[1].Raft.Epoch == 1)
        {
            group.Deliver(parcel);
            group.CompleteFlush(group[2]);
        }
        group[1].Raft.Epoch.Should().Be(2);
        group.CompleteFlush(group[1]);

        group.Network.Should().NotContain(parcel => parcel.From == group[1].Id && parcel.Message is AppendReply);
    }

    private static bool IsAppendFrom(Parcel parcel, ulong index) =>
        parcel.Message is AppendEnvelopes { Envelopes: [var envelope, ..] } && envelope.Index >= index;
}

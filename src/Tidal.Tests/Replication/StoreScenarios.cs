using Tidal.Log;
using Tidal.Replication;

namespace Tidal.Tests.Replication;

/// <summary>What a replica makes of the store it finds: PROTOCOL 5.</summary>
public sealed class StoreScenarios
{
    private readonly RaftHarness _group = new(3);

    private HarnessReplica A => _group[0];

    private HarnessReplica B => _group[1];

    private HarnessReplica C => _group[2];

    /// <summary>PROTOCOL 5: rot in the last group commit looks like a torn tail.</summary>
    [Fact]
    public void A_torn_tail_that_may_have_been_answered_makes_a_learner()
    {
        var index = WriteOne();
        var store = C.Raft.Store;

        _group.Rot(C, RaftHarness.LogFileOf(C), Spoil);

        C.Raft.Log.LastIndex.Should().Be(index - 1);
        C.Raft.Store.Should().NotBe(store);
        C.Raft.IsVoter.Should().BeFalse();
        C.NewIdentityReason.Should().Contain("were cut");
        _group.Restart(C);
        _group.RoundsUntil(_group.IsWhole, "whole");
    }

    /// <summary>PROTOCOL 5: a vote may have been torn off as well.</summary>
    [Fact]
    public void A_torn_hard_state_makes_a_learner()
    {
        WriteOne();

        _group.Rot(C, "hard-state-1", Spoil);

        C.Raft.IsVoter.Should().BeFalse();
        C.NewIdentityReason.Should().Contain("torn");
        _group.Restart(C);
        _group.RoundsUntil(_group.IsWhole, "whole");
    }

    /// <summary>PROTOCOL 1: cut below what its disk remembers as committed.</summary>
    [Fact]
    public void A_log_cut_below_its_commit_index_makes_a_learner()
    {
        WriteOne();
        WriteOne();

        _group.Rot(C, RaftHarness.LogFileOf(C), static bytes => bytes[..48]);

        C.Raft.IsVoter.Should().BeFalse();
        C.NewIdentityReason.Should().Contain("below the commit index");
    }

    /// <summary>PROTOCOL 5: a start that is interrupted must not leave a cut log under the old id.</summary>
    [Theory]
    [InlineData("r000-s0000-00000000000000000001.log")]
    [InlineData("hard-state-1")]
    public void A_store_with_a_tear_never_goes_on_under_its_old_id_wherever_its_start_is_interrupted(string file)
    {
        WriteOne();
        for (var changes = 0; changes < 12; changes++)
        {
            var torn = CopyOf(C.Disk, file);
            var opening = () => ReplicaStore.Open(new FailingStore(torn, changes), HarnessReplica.Place, false, _group.FreshStore());
            Record.Exception(() => { opening(); });

            var found = ReplicaStore.Open(torn.SurvivorOfPowerLoss(static (_, _) => 0), HarnessReplica.Place, false, _group.FreshStore());

            found.State.Store.Should().NotBe(C.Raft.Store, $"the first start failed after {changes} changes");
        }
    }

    /// <summary>HardState: a commit index above what is flushed would make a power loss look like a cut.</summary>
    [Fact]
    public void A_clean_power_loss_makes_no_learner_whichever_files_keep_their_tails()
    {
        _group.Elect(0);
        _group.FlushesEarly = false;
        var index = _group.Propose(A);
        foreach (var follower in new[] { B, C })
        {
            _group.Deliver(_group.Network.First(parcel => parcel.To == follower.Id));
            _group.CompleteFlush(follower);
            _group.Deliver(_group.Network.First(parcel => parcel.From == follower.Id));
        }
        A.Raft.CommitIndex.Should().Be(index);
        A.OwesFlush.Should().BeTrue("its own copy is not flushed yet");
        _group.CutWay(0, 1);
        _group.CutWay(0, 2);
        _group.TimeOut(B);
        while (A.Raft.Epoch == 1)
        {
            if (_group.Network.Count == 0)
                _group.Beat(B);
            _group.Deliver(_group.Network[0]);
            _group.CompleteFlush(B);
        }

        _group.LosePower(A, static (file, unflushed) => HardStateJournal.IsJournalFile(file) ? unflushed : 0);

        A.Raft.Log.LastIndex.Should().BeLessThan(index);
        A.NewIdentityReason.Should().BeNull();
        A.Raft.IsVoter.Should().BeTrue();
    }

    /// <summary>DESIGN §3: a segment that was begun and never flushed held nothing.</summary>
    [Fact]
    public void An_empty_last_segment_makes_no_learner()
    {
        WriteOne();
        C.Disk.Append("r000-s0000-00000000000000000099.log", []);

        _group.Kill(C);

        C.NewIdentityReason.Should().BeNull();
    }

    /// <summary>Raft §5: what counts as durable is durable.</summary>
    [Fact]
    public void What_a_killed_process_wrote_is_flushed_before_it_counts()
    {
        _group.Elect(0);
        _group.FlushesEarly = false;
        var index = _group.Propose(A);
        _group.Deliver(_group.Network.First(parcel => parcel.To == B.Id));
        _group.Kill(B);
        B.Raft.Log.LastIndex.Should().Be(index);

        _group.LosePower(B);

        B.Raft.Log.LastIndex.Should().Be(index);
    }

    /// <summary>Raft §5.1: epochs only go up.</summary>
    [Fact]
    public void A_hard_state_that_is_older_than_the_log_leads_nobody_back()
    {
        _group.Elect(0);
        _group.Kill(A);
        _group.Elect(1);
        _group.Settle();
        C.Raft.Log.LastEpoch.Should().Be(2);

        _group.Rot(C, "hard-state-1", static bytes => bytes[..48]);

        C.Raft.Epoch.Should().Be(2);
    }

    /// <summary>DESIGN §2: with one replica nobody can say what a torn tail held.</summary>
    [Fact]
    public void A_single_replica_cuts_a_torn_tail_and_goes_on()
    {
        var group = new RaftHarness(1);
        group.Tick(group[0]);
        group.Settle();
        group.Propose(group[0]);
        group.Settle();
        var last = group[0].Raft.Log.LastIndex;
        group[0].Disk.Append(RaftHarness.LogFileOf(group[0]), [1, 2, 3]);

        group.Kill(group[0]);

        group[0].NewIdentityReason.Should().BeNull();
        group[0].Raft.Log.LastIndex.Should().Be(last);
        group[0].Raft.Log.Recovered.Cut!.Value.BytesCut.Should().Be(3);
        group.Restart(group[0]);
        group.RoundsUntil(() => group[0].IsReadyPrimary, "primary again");
    }

    private static byte[] Spoil(byte[] bytes)
    {
        bytes[^1] ^= 1;
        return bytes;
    }

    private static MemoryLogStore CopyOf(MemoryLogStore disk, string spoilt)
    {
        var copy = new MemoryLogStore();
        foreach (var name in disk.List())
        {
            var bytes = new byte[disk.Length(name)];
            disk.Read(name, 0, bytes);
            copy.Append(name, name == spoilt ? Spoil(bytes) : bytes);
        }
        copy.Flush();
        return copy;
    }

    private ulong WriteOne()
    {
        if (!A.IsReadyPrimary)
            _group.Elect(0);
        var index = _group.Propose(A);
        _group.Settle();
        _group.Beat(A);
        _group.Settle();
        return index;
    }
}

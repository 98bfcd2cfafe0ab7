using Tidal.Log;
using Tidal.Replication;
using Tidal.Replication.Raft;
using Tidal.Schema;

namespace Tidal.Tests.Replication;

/// <summary>Checkpoints inside a group: what they let go, what a start makes of them, and followers that need one (Raft §7).</summary>
public sealed class CheckpointScenarios
{
    private readonly RaftHarness _group = new(3, bounds: HarnessDisk.Tight);

    private HarnessReplica A => _group[0];

    private HarnessReplica B => _group[1];

    private HarnessReplica C => _group[2];

    [Fact]
    public void A_checkpoint_lets_the_log_before_it_go()
    {
        Write(5);

        Checkpoint(A);

        A.Raft.CheckpointIndex.Should().Be(A.Raft.CommitIndex);
        A.Raft.Log.FirstIndex.Should().Be(A.Raft.CommitIndex, "the last segment stays in any case");
        A.Disk.List().Count(name => CheckpointHeader.TryParse(name, out _)).Should().Be(1);
        _group.RoundsUntil(_group.IsWhole, "whole");
    }

    /// <summary>The order of a group commit: durable first.</summary>
    [Fact]
    public void Nothing_is_deleted_before_the_checkpoint_is_durable()
    {
        Write(5);
        Checkpoint(A);
        Write(3);
        _group.FlushesEarly = false;
        var files = A.Disk.List();
        _group.Checkpoint(A);

        A.Disk.List().Except(files).Should().ContainSingle("the new checkpoint");
        files.Should().BeSubsetOf(A.Disk.List());
        _group.LosePower(A);

        A.NewIdentityReason.Should().BeNull();
        A.Raft.Log.LastIndex.Should().Be(10);
        _group.Restart(A);
        _group.RoundsUntil(_group.IsWhole, "whole");
    }

    /// <summary>Of a checkpoint that was being written when the power failed any part may be there.</summary>
    [Fact]
    public void A_torn_checkpoint_is_passed_over_wherever_it_is_torn()
    {
        Write(5);
        Checkpoint(A);
        Write(3);
        _group.FlushesEarly = false;
        _group.Checkpoint(A);
        var written = A.Disk.Length(CheckpointHeader.FileName(10));
        for (var kept = 0L; kept <= written; kept++)
        {
            var disk = A.Disk.SurvivorOfPowerLoss((name, _) => name == CheckpointHeader.FileName(10) ? kept : 0);
            var found = Open(disk);
            found.NewIdentityReason.Should().BeNull();
            found.Checkpoints.NewestIndex.Should().Be(kept == written ? 10UL : 7UL);
            found.Log.LastIndex.Should().Be(10);
            disk.List().Count(name => CheckpointHeader.TryParse(name, out _)).Should().Be(1);
        }
    }

    [Fact]
    public void A_checkpoint_may_outlive_the_end_of_the_log_that_it_stands_for()
    {
        Write(5);
        _group.FlushesEarly = false;
        var index = _group.Propose(A);
        foreach (var follower in new[] { B, C })
        {
            _group.Deliver(_group.Network.First(parcel => parcel.To == follower.Id));
            _group.CompleteFlush(follower);
            _group.Deliver(_group.Network.First(parcel => parcel.From == follower.Id && parcel.Message is AppendReply));
        }
        _group.Checkpoint(A);

        _group.LosePower(A, static (name, unflushed) => CheckpointHeader.TryParse(name, out _) ? unflushed : 0);

        A.NewIdentityReason.Should().BeNull();
        (A.Raft.Log.LastIndex, A.Raft.CommitIndex).Should().Be((index, index));
        _group.Restart(A);
        _group.RoundsUntil(_group.IsWhole, "whole");
    }

    [Fact]
    public void A_rotten_checkpoint_is_refused_with_its_file_and_place_when_the_log_does_not_reach_back()
    {
        Write(5);
        Checkpoint(C);
        var rotten = CheckpointHeader.FileName(C.Raft.CheckpointIndex);
        var opening = () => Open(Changed(C.Disk, rotten, Spoil));

        var error = opening.Should().Throw<LogDamagedException>().Which;
        (error.File, error.Offset).Should().Be((rotten, 44L));
        error.What.Should().Contain("checksum");
        _group.Rot(C, rotten, Spoil);
        C.Raft.IsVoter.Should().BeFalse("its store was mended");
        _group.Restart(C);
        _group.RoundsUntil(_group.IsWhole, "whole");
    }

    [Fact]
    public void A_checkpoint_that_is_gone_is_missed()
    {
        Write(5);
        Checkpoint(C);
        C.Disk.Delete(CheckpointHeader.FileName(C.Raft.CheckpointIndex));

        FluentActions.Invoking(() => Open(C.Disk)).Should().Throw<LogDamagedException>().WithMessage("*begins with index 7*a checkpoint of index 6*");
    }

    [Fact]
    public void A_follower_that_is_too_far_behind_gets_the_checkpoint_and_then_the_log()
    {
        Write(1);
        LeaveBehind(C);

        _group.MendWays();

        _group.RoundsUntil(_group.IsWhole, "whole");
        C.Raft.CheckpointIndex.Should().Be(12);
        C.Raft.Log.FirstIndex.Should().Be(13);
        C.State.Should().Equal(A.State);
    }

    [Fact]
    public void A_checkpoint_comes_in_pieces_and_what_is_lost_of_it_comes_again()
    {
        var group = new RaftHarness(3, options: new RaftOptions { SnapshotBytesMax = 20 }, bounds: HarnessDisk.Tight);
        group.Elect(0);
        group.Isolate(group[2]);
        for (var record = 0; record < 5; record++)
            group.Propose(group[0]);
        group.Round();
        group.Checkpoint(group[0]);
        group.Settle();
        group.MendWays();
        var (pieces, lost) = (0, new HashSet<long>());

        for (var round = 0; round < 100 && !group.IsWhole(); round++)
        {
            group.Round(parcel => parcel.Message is InstallSnapshot);
            foreach (var parcel in group.Network.Where(parcel => parcel.Message is InstallSnapshot).ToList())
            {
                pieces++;
                if (lost.Add(((InstallSnapshot)parcel.Message!).Offset))
                    group.Network.Remove(parcel);
                else
                    group.Deliver(parcel with { });
            }
        }

        group.IsWhole().Should().BeTrue(group.Standing());
        pieces.Should().BeInRange(2 * lost.Count, 2 * lost.Count + 2, "one is under way at a time, and each was lost once");
        lost.Count.Should().BeGreaterThan(5);
    }

    /// <summary>PROTOCOL 1: a learner stays one until its voter record, checkpoint or not.</summary>
    [Fact]
    public void A_learner_that_gets_a_checkpoint_is_a_learner_until_its_voter_record()
    {
        Write(1);
        _group.LoseDisk(C);
        Write(5);
        Checkpoint(A);
        _group.Restart(C);

        _group.RoundsUntil(() => C.Raft.CheckpointIndex > 0, "C has the checkpoint");

        C.Raft.IsVoter.Should().BeFalse();
        _group.RoundsUntil(_group.IsWhole, "whole");
    }

    /// <summary>PROTOCOL 1: who votes is known from the checkpoint when the voter records are gone.</summary>
    [Fact]
    public void Voters_named_before_the_checkpoint_still_vote_after_a_restart_of_all()
    {
        Write(1);
        _group.LoseDisk(C);
        _group.Restart(C);
        _group.RoundsUntil(_group.IsWhole, "C is a voter again");
        Write(2);
        foreach (var replica in _group.Replicas)
            Checkpoint(replica);
        foreach (var replica in _group.Replicas)
            _group.Kill(replica);

        C.Raft.Log.FirstIndex.Should().BeGreaterThan(4, "its voter record is gone from the log");
        _group.Replicas.Should().OnlyContain(replica => replica.Raft.IsVoter);
        foreach (var replica in _group.Replicas)
            _group.Restart(replica);
        _group.RoundsUntil(_group.IsWhole, "whole");
    }

    [Fact]
    public void The_epoch_in_which_a_group_was_founded_is_known_from_the_checkpoint()
    {
        var disk = new MemoryLogStore();
        ReplicaStore.Found(disk, HarnessReplica.Place, [new Voter(default, new StoreId(1))], new StoreId(1), epoch: 7);
        var raft = Start(disk);
        raft.Tick(raft.NextDeadlineMicroseconds);
        raft.FlushCompleted(1);
        raft.FlushCompleted(2);
        raft.WriteCheckpoint(raft.CommitIndex, [1, 2, 3]);
        raft.Flush();
        raft.FlushCompleted(3);
        raft.DeleteLogBefore(ulong.MaxValue);

        raft.Log.FirstIndex.Should().BeGreaterThan(1);
        raft.FoundingEpoch.Should().Be(7);
        Start(disk).FoundingEpoch.Should().Be(7);
    }

    [Fact]
    public void A_checkpoint_of_what_is_committed_already_changes_nothing()
    {
        Write(1);
        LeaveBehind(C);
        var late = CatchInstall();
        _group.RoundsUntil(_group.IsWhole, "whole");
        Write(3);
        var (first, last, committed) = (C.Raft.Log.FirstIndex, C.Raft.Log.LastIndex, C.Raft.CommitIndex);

        _group.Deliver(late);

        (C.Raft.Log.FirstIndex, C.Raft.Log.LastIndex, C.Raft.CommitIndex).Should().Be((first, last, committed));
        _group.Network.Select(parcel => parcel.Message).OfType<AppendReply>().Last().Index.Should().Be(committed);
    }

    /// <summary>Raft §7: if the log has the checkpoint's last record, what follows it is kept.</summary>
    [Fact]
    public void A_log_that_has_the_checkpoints_record_keeps_what_comes_after_it()
    {
        Write(3);
        var install = new InstallSnapshot
        {
            Epoch = A.Raft.Epoch,
            Store = A.Raft.Store,
            Index = 4,
            IndexEpoch = A.Raft.Log.EpochAt(4),
            TotalBytes = 10,
            Offset = 0,
            Bytes = new byte[5],
        };
        _group.Kill(C);
        _group.Restart(C);
        C.Raft.CommitIndex.Should().BeLessThan(4);

        _group.Deliver(new Parcel(A.Id, C.Id, install, default));

        (C.Raft.Log.FirstIndex, C.Raft.Log.LastIndex, C.Raft.CommitIndex).Should().Be((1UL, 5UL, 4UL));
    }

    /// <summary>What a late message says of an index that was deleted, is committed and so agrees.</summary>
    [Fact]
    public void A_late_append_of_what_was_deleted_is_taken_as_held()
    {
        Write(1);
        _group.Propose(A);
        var late = _group.Network.First(parcel => parcel.To == C.Id);
        _group.Settle();
        Write(4);
        Checkpoint(C);

        _group.Deliver(late);

        _group.Network.Select(parcel => parcel.Message).OfType<AppendReply>().Last().Accepted.Should().BeTrue();
        _group.RoundsUntil(_group.IsWhole, "whole");
    }

    [Fact]
    public void A_damaged_checkpoint_is_not_taken()
    {
        Write(1);
        LeaveBehind(C);
        var whole = (InstallSnapshot)CatchInstall().Message!;
        var spoilt = new InstallSnapshot
        {
            Epoch = whole.Epoch,
            Store = whole.Store,
            Index = whole.Index,
            IndexEpoch = whole.IndexEpoch,
            TotalBytes = whole.TotalBytes,
            Offset = 0,
            Bytes = Spoil(whole.Bytes.ToArray()),
        };

        _group.Deliver(new Parcel(A.Id, C.Id, spoilt, default));

        C.Raft.CheckpointIndex.Should().Be(0);
        _group.Network.Select(parcel => parcel.Message).OfType<InstallProgress>().Single().Offset.Should().Be(0);
        _group.RoundsUntil(_group.IsWhole, "whole");
    }

    /// <summary>A crash at any change that an installation makes to the disk leaves a store that opens, as the voter it was.</summary>
    [Fact]
    public void An_installation_may_be_interrupted_anywhere()
    {
        Write(3);
        LeaveBehind(C);
        var install = CatchInstall().Message!;
        var before = Open(Changed(C.Disk, "", bytes => bytes)).State.CommitIndex;
        var indexes = new SortedSet<ulong>();
        for (var changes = 0; changes < 30; changes++)
        {
            var disk = Changed(C.Disk, "", bytes => bytes);
            Record.Exception(() => Start(new FailingStore(disk, changes)).Receive(0, A.Id, install));
            foreach (var kept in new[] { 0.0, 0.5, 1.0 })
            {
                var found = Open(disk.SurvivorOfPowerLoss((_, unflushed) => (long)(unflushed * kept)));
                indexes.Add(found.State.CommitIndex);
                found.State.CommitIndex.Should().BeGreaterThanOrEqualTo(before);
                found.Log.LastIndex.Should().BeGreaterThanOrEqualTo(found.State.CommitIndex);
                if (kept != 0.5)
                    found.NewIdentityReason.Should().BeNull($"{changes} changes were made");
            }
        }
        indexes.Should().Equal(before, 14);
    }

    [Fact]
    public void A_single_replica_starts_again_from_its_checkpoint()
    {
        var group = new RaftHarness(1, bounds: HarnessDisk.Tight);
        group.Tick(group[0]);
        group.Settle();
        for (var record = 0; record < 5; record++)
            group.Propose(group[0]);
        group.Settle();
        group.Checkpoint(group[0]);
        group.Settle();
        var state = group[0].State;

        group.LosePower(group[0]);

        group[0].State.Should().Equal(state);
        group.Restart(group[0]);
        group.RoundsUntil(() => group[0].IsReadyPrimary, "primary again");
    }

    private static ReplicaStore Open(ILogStore disk) => ReplicaStore.Open(disk, HarnessReplica.Place, false, new StoreId(99), HarnessDisk.Tight.Log);

    private static RaftGroup Start(ILogStore disk)
    {
        var single = disk is MemoryLogStore;
        var store = ReplicaStore.Open(disk, HarnessReplica.Place, single, new StoreId(99), HarnessDisk.Tight.Log);
        var raft = new RaftGroup(
            new Address(default, default, single ? default : new ReplicaId(2)), single ? 1 : 3, new RaftOptions(), store, 1, new Effects());
        raft.Start(0);
        return raft;
    }

    private static byte[] Spoil(byte[] bytes)
    {
        bytes[^1] ^= 1;
        return bytes;
    }

    private static MemoryLogStore Changed(MemoryLogStore disk, string file, Func<byte[], byte[]> change)
    {
        var copy = new MemoryLogStore();
        foreach (var name in disk.List())
        {
            var bytes = new byte[disk.Length(name)];
            disk.Read(name, 0, bytes);
            copy.Append(name, name == file ? change(bytes) : bytes);
        }
        copy.Flush();
        return copy;
    }

    /// <summary>The ways are mended, and the checkpoint that follows is caught on its way.</summary>
    private Parcel CatchInstall()
    {
        _group.MendWays();
        while (!_group.Network.Exists(parcel => parcel.Message is InstallSnapshot))
            _group.Round(parcel => parcel.Message is InstallSnapshot);
        var caught = _group.Network.Single(parcel => parcel.Message is InstallSnapshot);
        _group.Network.Clear();
        return caught;
    }

    private void Write(int records)
    {
        if (!A.IsReadyPrimary)
            _group.Elect(0);
        for (var record = 0; record < records; record++)
            _group.Propose(A);
        _group.Settle();
        _group.Beat(A);
        _group.Settle();
    }

    private void Checkpoint(HarnessReplica replica)
    {
        _group.Checkpoint(replica);
        _group.Settle();
    }

    /// <summary>A replica hears nothing while the others write ten records and their checkpoints.</summary>
    private void LeaveBehind(HarnessReplica replica)
    {
        _group.Isolate(replica);
        for (var record = 0; record < 9; record++)
            _group.Propose(A);
        _group.Round();
        Checkpoint(A);
        Checkpoint(B);
        _group.Propose(A);
        _group.Round();
    }
}

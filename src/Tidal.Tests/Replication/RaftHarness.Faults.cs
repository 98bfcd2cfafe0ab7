using Tidal.Log;

namespace Tidal.Tests.Replication;

// Crashes, disks and cut ways.
internal sealed partial class RaftHarness
{
    /// <summary>
    /// The power of a node fails: of what was not flushed, its disk keeps as much of each file as is said. The new process
    /// looks at the disk at once, but does not run until <see cref="Restart"/>.
    /// </summary>
    public void LosePower(HarnessReplica replica, Func<string, long, long> keepUnflushedBytes) =>
        TakeUp(replica, "loses power", replica.Disk.SurvivorOfPowerLoss(keepUnflushedBytes));

    /// <summary>The power of a node fails, and nothing that was not flushed is kept.</summary>
    public void LosePower(HarnessReplica replica) => LosePower(replica, static (_, _) => 0);

    /// <summary>A process dies; the machine below it still holds what it wrote, flushed or not.</summary>
    public void Kill(HarnessReplica replica) => TakeUp(replica, "is killed", replica.Disk);

    /// <summary>A disk is gone: the replica comes back with an empty one.</summary>
    public void LoseDisk(HarnessReplica replica) => TakeUp(replica, "loses its disk", new MemoryLogStore());

    /// <summary>A node stops, and its disk with one file changed is what it finds when it comes back.</summary>
    public void Rot(HarnessReplica replica, string file, Func<byte[], byte[]> change)
    {
        var rotten = new MemoryLogStore();
        foreach (var name in replica.Disk.List())
        {
            var bytes = new byte[replica.Disk.Length(name)];
            replica.Disk.Read(name, 0, bytes);
            rotten.Append(name, name == file ? change(bytes) : bytes);
        }
        rotten.Flush();
        TakeUp(replica, $"finds {file} rotten", rotten);
    }

    /// <summary>The file that holds the end of a replica's log.</summary>
    public static string LogFileOf(HarnessReplica replica) => replica.Raft.Log.Files.Last();

    public void Restart(HarnessReplica replica)
    {
        if (!replica.IsRunning)
            Start(replica);
    }

    /// <summary>Whatever is sent from one replica to another is lost, until the way is mended.</summary>
    public void CutWay(int from, int to) => _cut.Add((from, to));

    /// <summary>Nothing reaches a replica, and nothing of it reaches others.</summary>
    public void Isolate(HarnessReplica replica)
    {
        for (var other = 0; other < Count; other++)
        {
            CutWay(replica.Id.Number, other);
            CutWay(other, replica.Id.Number);
        }
    }

    public void MendWays() => _cut.Clear();

    /// <summary>
    /// Whether the group can bear that a replica's store is lost: it and the stores that are no voters yet (whose disks do
    /// not know so, to be exact) must be a minority.
    /// </summary>
    public bool MayLoseStoreOf(HarnessReplica replica)
    {
        var lost = 1;
        foreach (var other in _replicas)
        {
            if (other != replica && !other.IsDurablyVoter)
                lost++;
        }
        return lost <= (Count - 1) / 2;
    }

    private void TakeUp(HarnessReplica replica, string what, MemoryLogStore disk)
    {
        Trace?.Add($"{Now,9} {replica} {what}");
        replica.TakeUp(disk, FreshStore());
        if (replica.NewIdentityReason is { } reason)
            Trace?.Add($"{"",9}   {replica}: a new identity, {replica.Raft.Store}: {reason}");
        replica.Apply();
        Oracle.TakenUp(replica);
    }
}

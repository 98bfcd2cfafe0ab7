using Tidal.Replication;
using Tidal.Testing.Faults;

namespace Tidal.Testing.Drivers;

/// <summary>What a replica that is back is in its group.</summary>
public enum ReplicaRole
{
    /// <summary>It has no vote.</summary>
    Learner,

    /// <summary>It has a vote.</summary>
    Voter,

    /// <summary>Another one is the primary, and it holds the same log and has applied it.</summary>
    LevelFollower,
}

// Faults, as the features name them.
public sealed partial class ClusterDriver
{
    private readonly List<IFault> _partitions = [];
    private readonly List<ShardCrash> _crashes = [];
    private ReplicaCutOff? _cutOff;
    private int _reportsBeforeHeal;

    /// <summary>The last crash.</summary>
    /// <exception cref="InvalidOperationException">There was none.</exception>
    public ShardCrash LastCrash => _crashes.Count > 0 ? _crashes[^1] : throw new InvalidOperationException("Nothing has crashed.");

    private ShardReplica ReplicaInQuestion => Cluster.Replicas(Struck.Region, Struck.Shard).Single(replica => replica.Self == Struck);

    private ShardReplica? PrimaryOfCrashedShard => Cluster.PrimaryOf(Struck.Region, Struck.Shard);

    private Address Struck => _cutOff?.Replica ?? LastCrash.Crashed;

    /// <summary>Cuts a region off.</summary>
    /// <param name="region">The region.</param>
    public void Isolate(string region) => _partitions.Add(NetworkPartition.Isolate(Cluster, Region(region)));

    /// <summary>Cuts regions off from each other.</summary>
    /// <param name="regions">The regions.</param>
    public void Separate(IReadOnlyList<string> regions) => _partitions.AddRange(
        from place in Enumerable.Range(0, regions.Count)
        from other in regions.Skip(place + 1)
        select NetworkPartition.Between(Cluster, Region(regions[place]), Region(other)));

    /// <summary>Loses what one region sends to another.</summary>
    /// <param name="from">The one.</param>
    /// <param name="to">The other.</param>
    public void LoseMessages(string from, string to) =>
        _partitions.Add(NetworkPartition.OneWay(Cluster, Region(from), Region(to)));

    /// <summary>Makes the link between two regions lossy.</summary>
    /// <param name="first">The one.</param>
    /// <param name="second">The other.</param>
    /// <param name="lossPercent">Messages lost, of a hundred.</param>
    /// <param name="duplicationPercent">Messages that arrive twice, of a hundred.</param>
    public void MakeLossy(string first, string second, int lossPercent, int duplicationPercent) => _partitions.Add(
        new LossyLink(Simulated("Links lose and double what they carry"), Region(first), Region(second), lossPercent / 100.0, duplicationPercent / 100.0));

    /// <summary>Holds up the log data that one region sends to another.</summary>
    /// <param name="from">The one.</param>
    /// <param name="to">The other.</param>
    /// <param name="time">For how long.</param>
    public void HoldUp(string from, string to, TimeSpan time)
    {
        var fault = new HeldUpSegments(Cluster, Region(from), Region(to));
        _partitions.Add(fault);
        Cluster.After(time, fault.Dispose);
    }

    /// <summary>Heals every partition, inside regions and between them.</summary>
    public void Heal()
    {
        _cutOff?.Dispose();
        if (_partitions.Count > 0)
        {
            Notes.Healed = Cluster.Elapsed;
            _reportsBeforeHeal = Cluster.History.Reconciliations.Count;
        }
        foreach (var partition in _partitions)
            partition.Dispose();
        _partitions.Clear();
    }

    /// <summary>Heals every partition after some time, whatever is under way then.</summary>
    /// <param name="delay">In how long.</param>
    public void HealIn(TimeSpan delay) => Cluster.After(delay, Heal);

    /// <summary>Crashes the primary of an item's shard.</summary>
    /// <param name="item">The item.</param>
    /// <param name="region">The region.</param>
    /// <param name="disk">What becomes of its disk.</param>
    public void CrashPrimary(string item, string region, DiskFate disk = DiskFate.Kept) =>
        _crashes.Add(ShardCrash.OfPrimary(Cluster, Region(region), ShardOf(item), disk));

    /// <summary>Fails the power of a primary in the middle of a write: the disk holds a part of it.</summary>
    /// <param name="signal">The signal that is being written.</param>
    public void CrashPrimaryTearing(SignalsSent signal)
    {
        ArgumentNullException.ThrowIfNull(signal);
        Simulated("Writes tear");
        SendUntil(signal, primary => primary.Raft.IsFlushing);
        CrashPrimary(signal.Item, signal.Region, DiskFate.Torn);
    }

    /// <summary>Cuts the primary of an item's shard off from its followers.</summary>
    /// <param name="item">The item.</param>
    /// <param name="region">The region.</param>
    public void CutOffPrimary(string item, string region) => _cutOff = new ReplicaCutOff(Cluster, PlaceOfPrimary(item, region));

    /// <summary>Crashes the followers of a primary, and sends a signal that comes to its disk all the same.</summary>
    /// <param name="signal">The signal.</param>
    public void SendToPrimaryAlone(SignalsSent signal)
    {
        ArgumentNullException.ThrowIfNull(signal);
        Crash(signal.Item, signal.Region, followers: 2, primary: false);
        SendUntil(signal, IsOnThePrimary);
        Pass(TimeSpan.FromMilliseconds(5));
    }

    /// <summary>Whether the last record of a primary's log is not committed.</summary>
    /// <param name="primary">The primary.</param>
    public static bool IsOnThePrimary(ShardReplica primary)
    {
        ArgumentNullException.ThrowIfNull(primary);
        return primary.Raft.Log.LastIndex > primary.Raft.CommitIndex;
    }

    /// <summary>Whether the last record of a primary's log is on a follower too, and not committed.</summary>
    /// <param name="primary">The primary.</param>
    public bool IsOnAFollower(ShardReplica primary)
    {
        ArgumentNullException.ThrowIfNull(primary);
        return IsOnThePrimary(primary) && Cluster.Replicas(primary.Self.Region, primary.Self.Shard)
            .Any(replica => replica != primary && replica.Raft.Log.LastIndex == primary.Raft.Log.LastIndex);
    }

    /// <summary>Crashes replicas of an item's shard, the primary last.</summary>
    /// <param name="item">The item.</param>
    /// <param name="region">The region.</param>
    /// <param name="followers">How many followers.</param>
    /// <param name="primary">Whether the primary too.</param>
    /// <param name="disk">What becomes of their disks.</param>
    public void Crash(string item, string region, int followers, bool primary, DiskFate disk = DiskFate.Kept)
    {
        for (var crashed = 0; crashed < followers; crashed++)
            _crashes.Add(ShardCrash.OfFollower(Cluster, Region(region), ShardOf(item), disk));
        if (primary)
            CrashPrimary(item, region, disk);
    }

    /// <summary>Founds an item's shard anew, as an operator may order.</summary>
    /// <param name="item">The item.</param>
    /// <param name="region">The region.</param>
    public void FoundAnew(string item, string region) => Cluster.FoundAnew(Region(region), ShardOf(item));

    /// <summary>Starts what crashed last again.</summary>
    public void ReturnLastCrashed() => LastCrash.Dispose();

    /// <summary>Starts what crashed again.</summary>
    /// <param name="followersAlone">Whether only what was no primary then.</param>
    public void ReturnCrashed(bool followersAlone = false)
    {
        foreach (var crash in _crashes.Where(crash => !followersAlone || crash.Epoch == 0))
            crash.Dispose();
    }

    /// <summary>Waits until another replica than the crashed one is the primary of its shard.</summary>
    /// <param name="bound">The longest wait.</param>
    /// <returns>Whether it came to be so within the bound, counted from the crash.</returns>
    public bool IsFailedOverWithin(TimeSpan bound)
    {
        bool IsFailedOver() => PrimaryOfCrashedShard is { } primary && primary.Raft.Epoch > LastCrash.Epoch;
        var isFailedOver = Cluster.RunUntil(IsFailedOver, LastCrash.BeganAt + bound - Cluster.Elapsed);
        if (isFailedOver && LastCrash.Epoch > 0)
            Notes.Add(new FailoverNote(LastCrash.Crashed, LastCrash.Epoch, LastCrash.BeganAt, Cluster.Elapsed));
        return isFailedOver;
    }

    /// <summary>Waits until the replica that is back is what it is to be.</summary>
    /// <param name="bound">The longest wait.</param>
    /// <param name="role">What.</param>
    /// <returns>Whether it came to be so.</returns>
    public bool HasRoleWithin(TimeSpan bound, ReplicaRole role) => Cluster.RunUntil(() => Has(role), bound);

    /// <summary>Crashes the primary of an item's shard again and again, while signals are sent and retried.</summary>
    /// <param name="times">How often.</param>
    /// <param name="disk">What becomes of each disk.</param>
    /// <param name="signals">The signals, in all.</param>
    public void CrashInARow(int times, DiskFate disk, SignalsSent signals)
    {
        ArgumentNullException.ThrowIfNull(signals);
        for (var crash = 0; crash < times; crash++)
        {
            var sent = Enumerable.Range(0, signals.Number / times).Select(_ => ClientIn(signals.Region).WriteAsync(RecordOf(signals), RetryPause)).ToArray();
            Pass(TimeSpan.FromMilliseconds(1));
            CrashPrimary(signals.Item, signals.Region, disk);
            Require(IsFailedOverWithin(TimeSpan.FromSeconds(10)), "no follower took over");
            ReturnLastCrashed();
            Require(HasRoleWithin(Patience, ReplicaRole.LevelFollower) && HasRoleWithin(Patience, ReplicaRole.Voter), "the crashed replica did not catch up");
            Cluster.Await(Task.WhenAll(sent), Patience);
        }
    }

    private bool Has(ReplicaRole role) => role switch
    {
        ReplicaRole.Learner => !ReplicaInQuestion.Raft.IsVoter,
        ReplicaRole.Voter => ReplicaInQuestion.Raft.IsVoter,
        _ => IsLevelFollower(),
    };

    private bool IsLevelFollower() =>
        PrimaryOfCrashedShard is { } primary
        && primary.Self != Struck
        && ReplicaInQuestion.Raft.Log.LastIndex == primary.Raft.Log.LastIndex
        && ReplicaInQuestion.State.AppliedIndex == primary.State.AppliedIndex
        && ReplicaInQuestion.State.Digest() == primary.State.Digest();

    private void EndAllFaults()
    {
        Heal();
        SetClocksRight(_ => true);
        ReturnCrashed();
    }

    private static void Require(bool condition, string otherwise)
    {
        if (!condition)
            throw new TimeoutException($"In the row of crashes {otherwise}.");
    }
}

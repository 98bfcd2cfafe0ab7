using Tidal.Replication;
using Tidal.Schema;
using Tidal.Testing.History;

namespace Tidal.Testing.Faults;

/// <summary>What becomes of a crashed replica's disk.</summary>
public enum DiskFate
{
    /// <summary>The process died: everything that it had written is still there.</summary>
    Kept,

    /// <summary>The power failed: what was flushed is there, and of what was not a part, cut anywhere.</summary>
    Torn,

    /// <summary>The disk is gone: it comes back with an empty one.</summary>
    Lost,
}

/// <summary>
/// The fault contract: one replica of a shard in a region stops without a word, its memory gone, its disk kept, torn or
/// lost; it starts again on what the disk holds when the fault is disposed. The other shards of its node go on. The cluster
/// must survive one of three replicas of each shard down in each region at any instant, disk and all, with writes going on.
/// </summary>
public sealed class ShardCrash : IFault
{
    private readonly ClusterUnderTest _cluster;
    private bool _isOver;

    private ShardCrash(ClusterUnderTest cluster, Address crashed, ulong epoch, DiskFate disk)
    {
        _cluster = cluster;
        Crashed = crashed;
        Epoch = epoch;
        BeganAt = cluster.Elapsed;
        var diskWords = disk switch
        {
            DiskFate.Lost => " and loses its disk",
            DiskFate.Torn => " in a power failure",
            _ => "",
        };
        var role = epoch > 0 ? "the primary" : $"replica {crashed.Replica.Number}";
        Description = $"{role} of {cluster.Topology.NameOf(crashed.Region)}/{crashed.Shard.Number} crashes{diskWords}";
        cluster.WriteFault(HistoryKind.FaultBegan, crashed, Description, Scope);
        cluster.Crash(crashed, disk);
    }

    /// <inheritdoc/>
    public string Description { get; }

    /// <summary>The replica that crashed.</summary>
    public Address Crashed { get; }

    /// <summary>The epoch whose primary it was; 0 if it was none.</summary>
    public ulong Epoch { get; }

    /// <summary>When it crashed.</summary>
    public TimeSpan BeganAt { get; }

    /// <summary>Why its store went on under a new id when it came back; null if it did not, or has not come back.</summary>
    public string? NewIdentityReason { get; private set; }

    /// <summary>Crashes the primary of a shard.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="region">The region.</param>
    /// <param name="shard">The shard.</param>
    /// <param name="disk">What becomes of its disk.</param>
    /// <exception cref="InvalidOperationException">The shard has no primary now.</exception>
    public static ShardCrash OfPrimary(ClusterUnderTest cluster, RegionId region, ShardId shard, DiskFate disk = DiskFate.Kept)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        var (crashed, epoch) = cluster.Look(() => cluster.PrimaryOf(region, shard) is { } primary ? (primary.Self, primary.Raft.Epoch) : default);
        return epoch > 0
            ? new ShardCrash(cluster, crashed, epoch, disk)
            : throw new InvalidOperationException($"{cluster.Topology.NameOf(region)}/{shard.Number} has no primary to crash.");
    }

    /// <summary>Crashes a replica of a shard that is not its primary: the first such that is alive.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="region">The region.</param>
    /// <param name="shard">The shard.</param>
    /// <param name="disk">What becomes of its disk.</param>
    /// <exception cref="InvalidOperationException">The shard has no follower alive.</exception>
    public static ShardCrash OfFollower(ClusterUnderTest cluster, RegionId region, ShardId shard, DiskFate disk = DiskFate.Kept)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        var follower = cluster.Look(() =>
        {
            var primary = cluster.PrimaryOf(region, shard);
            return cluster.Replicas(region, shard).FirstOrDefault(replica => replica != primary)?.Self;
        });
        return follower is { } crashed
            ? new ShardCrash(cluster, crashed, 0, disk)
            : throw new InvalidOperationException($"{cluster.Topology.NameOf(region)}/{shard.Number} has no follower to crash.");
    }

    private HistoryScope Scope => new(HistorySort.Stop, [Crashed.Region]) { Replica = Crashed };

    /// <summary>Starts the replica again, on what its disk holds.</summary>
    public void Dispose()
    {
        if (_isOver)
            return;
        _isOver = true;
        NewIdentityReason = _cluster.Start(Crashed);
        var how = NewIdentityReason is null ? "" : $" as a learner: {NewIdentityReason}";
        _cluster.WriteFault(
            HistoryKind.Returned, Crashed,
            $"replica {Crashed.Replica.Number} of {_cluster.Topology.NameOf(Crashed.Region)}/{Crashed.Shard.Number} is back{how}", Scope);
    }
}

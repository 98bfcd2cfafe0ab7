using Tidal.Log;
using Tidal.Replication;
using Tidal.Testing.Faults;

namespace Tidal.Testing.Oracles;

/// <summary>A record of a group's log: index and epoch name it, for no primary writes two at one index.</summary>
internal readonly record struct LogPlace(ulong Index, ulong Epoch)
{
    public override string ToString() => $"index {Index} of epoch {Epoch}";
}

/// <summary>What a watch keeps of one replica's place: who stands there, and what is on its disk. Not safe for use by several threads.</summary>
internal sealed class WatchedPlace
{
    private ShardReplica? _replica;
    private ulong _onDisk;
    private ulong _epochOnDisk;
    private ulong _read;

    // What a disk held that was lost since: an acknowledgement under way may stand on it, and that loss is within the limit.
    private (ShardReplica Replica, ulong OnDisk)? _lost;

    /// <summary>The highest epoch that it has shown, as far as its disk is bound to remember.</summary>
    public ulong Epoch { get; set; }

    public void Start(ShardReplica replica)
    {
        _replica = replica;
        _read = 0;
        // Whatever is found at a start counts as durable: opening a store flushes it.
        Flushed();
    }

    public void Flushed()
    {
        _onDisk = _replica!.Raft.Log.LastIndex;
        _epochOnDisk = _replica.Raft.Epoch;
    }

    public void Cut(ulong from) => _onDisk = Math.Min(_onDisk, from - 1);

    public void Crash(DiskFate disk)
    {
        if (disk == DiskFate.Torn)
            Epoch = _epochOnDisk;
        if (disk != DiskFate.Lost || _replica is null)
            return;
        _lost = (_replica, _onDisk);
        (Epoch, _onDisk) = (0, 0);
    }

    /// <summary>Whether a record is, or before the disk was lost was, on the disk.</summary>
    public bool HasOnDisk(LogPlace record) =>
        (_replica is not null && record.Index <= _onDisk && Holds(_replica, record))
        || (_lost is { } lost && record.Index <= lost.OnDisk && Holds(lost.Replica, record));

    /// <summary>Whether a replica's log holds a record, or a checkpoint in its place.</summary>
    public static bool Holds(ShardReplica replica, LogPlace record)
    {
        var log = replica.Raft.Log;
        return record.Index < log.FirstIndex - 1 || (record.Index <= log.LastIndex && log.EpochAt(record.Index) == record.Epoch);
    }

    /// <summary>What the replica has committed since the last call; since its start, all that it holds.</summary>
    public IEnumerable<Envelope> ReadCommitted()
    {
        var (log, committed) = (_replica!.Raft.Log, _replica.Raft.CommitIndex);
        for (var index = Math.Max(_read + 1, log.FirstIndex); index <= committed; index++)
            yield return log.Read(index);
        _read = committed;
    }
}

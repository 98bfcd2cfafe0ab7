using Tidal.Log;
using Tidal.Query;
using Tidal.Replication;
using Tidal.Replication.Raft;
using Tidal.Schema;

namespace Tidal.Tests.Replication;

/// <summary>One replica in a <see cref="RaftHarness"/>: its disk, its part of the group, and whether it runs.</summary>
internal sealed class HarnessReplica
{
    public static readonly ShardPlace Place = new(new RegionId(0), new ShardId(0));

    private readonly int _replicas;
    private readonly RaftOptions _options;
    private ulong _seed;

    public HarnessReplica(int number, int replicas, RaftOptions options, ulong seed, MemoryLogStore disk, StoreId fresh)
    {
        _replicas = replicas;
        _options = options;
        _seed = seed;
        Id = new ReplicaId((byte)number);
        TakeUp(disk, fresh);
    }

    public ReplicaId Id { get; }

    public MemoryLogStore Disk { get; private set; } = null!;

    public RaftGroup Raft { get; private set; } = null!;

    public Effects Effects { get; } = new();

    /// <summary>Why the store goes on under a new id; null if it is the one it left with.</summary>
    public string? NewIdentityReason { get; private set; }

    public bool IsRunning { get; set; }

    /// <summary>Whether the host was asked for a flush and has not reported it yet.</summary>
    public bool OwesFlush { get; set; }

    /// <summary>Whether the disk did that flush as soon as it was asked for.</summary>
    public bool HasFlushedEarly { get; set; }

    /// <summary>Whether its disk knows that it is a voter: then it may be relied upon when another disk is lost.</summary>
    public bool IsDurablyVoter => Raft.IsVoter && !OwesFlush;

    public bool IsPrimary => IsRunning && Raft.Role == RaftRole.Primary;

    public bool IsReadyPrimary => IsRunning && Raft.IsReadyPrimary;

    /// <summary>Lets a new process find what a store holds; it does not run until it is started.</summary>
    public void TakeUp(MemoryLogStore disk, StoreId fresh)
    {
        Disk = disk;
        var store = Open(disk, fresh);
        NewIdentityReason = store.NewIdentityReason;
        Effects.Clear();
        IsRunning = OwesFlush = false;
        Raft = new RaftGroup(
            new Address(Place.Region, Place.Shard, Id), _replicas, _options, store.Log, store.Journal, store.State, _seed++, Effects);
    }

    public byte[] BytesAt(ulong index) => Raft.Log.Read(index).Bytes.ToArray();

    public IReadOnlyList<Envelope> Envelopes() => Raft.Log.Read(Raft.Log.FirstIndex, Raft.Log.LastIndex, int.MaxValue);

    public override string ToString() => $"{(char)('A' + Id.Number)}";

    private ReplicaStore Open(MemoryLogStore disk, StoreId fresh)
    {
        try
        {
            return ReplicaStore.Open(disk, Place, _replicas == 1, fresh);
        }
        catch (LogDamagedException)
        {
            ReplicaStore.Mend(disk);
            return ReplicaStore.Open(disk, Place, _replicas == 1, fresh);
        }
    }
}

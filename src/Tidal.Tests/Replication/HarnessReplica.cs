using System.Security.Cryptography;
using Tidal.Log;
using Tidal.Query;
using Tidal.Replication;
using Tidal.Replication.Raft;
using Tidal.Schema;

namespace Tidal.Tests.Replication;

/// <summary>How the disks of a <see cref="RaftHarness"/> are used: by default no log is ever deleted.</summary>
internal sealed record HarnessDisk(SegmentedLogOptions Log, long RetentionBytesMax)
{
    public static readonly HarnessDisk Default = new(new SegmentedLogOptions(), long.MaxValue);

    /// <summary>A segment for each envelope, and none kept that a checkpoint stands for.</summary>
    public static readonly HarnessDisk Tight = new(new SegmentedLogOptions { SegmentBytesMax = 0 }, 0);
}

/// <summary>One replica in a <see cref="RaftHarness"/>: its disk, its part of the group, and whether it runs.</summary>
internal sealed class HarnessReplica
{
    public static readonly ShardPlace Place = new(new RegionId(0), new ShardId(0));

    private readonly int _replicas;
    private readonly RaftOptions _options;
    private readonly HarnessDisk _bounds;
    private ulong _seed;

    public HarnessReplica(int number, int replicas, RaftOptions options, HarnessDisk bounds, ulong seed, MemoryLogStore disk, StoreId fresh)
    {
        _replicas = replicas;
        _options = options;
        _bounds = bounds;
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
        (AppliedIndex, State) = (0, []);
        Raft = new RaftGroup(
            new Address(Place.Region, Place.Shard, Id), _replicas, _options, store, _seed++, Effects);
    }

    /// <summary>Up to where its state stands for the log.</summary>
    public ulong AppliedIndex { get; private set; }

    /// <summary>Its state: a checksum of all envelopes applied, in their order.</summary>
    public byte[] State { get; private set; } = [];

    /// <summary>Applies what is committed, from the checkpoint where the log does not reach back; deletes what a checkpoint stands for.</summary>
    public void Apply()
    {
        if (Raft.CheckpointIndex > AppliedIndex)
            (AppliedIndex, State) = (Raft.CheckpointIndex, Raft.ReadCheckpointState().ToArray());
        for (; AppliedIndex < Raft.CommitIndex; AppliedIndex++)
            State = Next(State, Raft.Log.Read(AppliedIndex + 1));
        Raft.DeleteLogBefore(Raft.Log.FirstIndexWithin(_bounds.RetentionBytesMax));
    }

    /// <summary>Writes a checkpoint of all that is committed, if there is any news.</summary>
    public void WriteCheckpoint()
    {
        if (AppliedIndex <= Raft.CheckpointIndex || Raft.IsCheckpointUnderWay)
            return;
        Raft.WriteCheckpoint(AppliedIndex, State);
        Raft.Flush();
    }

    /// <summary>The state after one more envelope.</summary>
    public static byte[] Next(byte[] state, Envelope envelope) => SHA256.HashData([.. state, .. envelope.Bytes.Span]);

    public byte[] BytesAt(ulong index) => Raft.Log.Read(index).Bytes.ToArray();

    public IReadOnlyList<Envelope> Envelopes() => Raft.Log.Read(Raft.Log.FirstIndex, Raft.Log.LastIndex, int.MaxValue);

    public override string ToString() => $"{(char)('A' + Id.Number)}";

    private ReplicaStore Open(MemoryLogStore disk, StoreId fresh)
    {
        try
        {
            return ReplicaStore.Open(disk, Place, _replicas == 1, fresh, _bounds.Log);
        }
        catch (LogDamagedException)
        {
            ReplicaStore.Mend(disk);
            return ReplicaStore.Open(disk, Place, _replicas == 1, fresh, _bounds.Log);
        }
    }
}

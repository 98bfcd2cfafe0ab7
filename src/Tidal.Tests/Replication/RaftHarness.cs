using System.Buffers.Binary;
using Tidal.Log;
using Tidal.Replication;
using Tidal.Replication.Raft;
using Tidal.Schema;

namespace Tidal.Tests.Replication;

/// <summary>
/// One Raft group over stores in memory, a network that is a list of parcels, and a clock that moves only when told. It
/// does nothing by itself: a scenario or a <see cref="RaftHistory"/> decides what happens next, and after each input the
/// <see cref="RaftOracle"/> judges what the group did.
/// </summary>
internal sealed partial class RaftHarness
{
    private readonly HarnessReplica[] _replicas;
    private readonly List<(int From, int To)> _cut = [];
    private ulong _lastStore;
    private ulong _lastRecord;

    public RaftHarness(int replicas, ulong seed = 1, RaftOptions? options = null, HarnessDisk? bounds = null)
    {
        Options = options ?? new RaftOptions();
        var voters = new Voter[replicas];
        for (var number = 0; number < replicas; number++)
            voters[number] = new Voter(new ReplicaId((byte)number), FreshStore());
        _replicas = new HarnessReplica[replicas];
        for (var number = 0; number < replicas; number++)
        {
            var disk = new MemoryLogStore();
            ReplicaStore.Found(disk, HarnessReplica.Place, voters, voters[number].Store);
            _replicas[number] = new HarnessReplica(number, replicas, Options, bounds ?? HarnessDisk.Default, seed + 1000UL * (ulong)number, disk, FreshStore());
        }
        Oracle = new RaftOracle(_replicas);
        foreach (var replica in _replicas)
            Start(replica);
    }

    public RaftOptions Options { get; }

    /// <summary>Monotonic microseconds.</summary>
    public long Now { get; private set; }

    public RaftOracle Oracle { get; }

    /// <summary>What is under way, oldest first.</summary>
    public List<Parcel> Network { get; } = [];

    /// <summary>Where the story of what happened goes, if anyone wants it.</summary>
    public List<string>? Trace { get; set; }

    /// <summary>Whether a disk does its work as soon as a flush is asked for, or only just before it reports.</summary>
    public bool FlushesEarly { get; set; } = true;

    public int Count => _replicas.Length;

    public IReadOnlyList<HarnessReplica> Replicas => _replicas;

    public HarnessReplica this[int number] => _replicas[number];

    public StoreId FreshStore() => new(++_lastStore);

    public void Advance(TimeSpan time) => Now += (long)time.TotalMicroseconds;

    /// <summary>Lets time pass at one replica.</summary>
    public void Tick(HarnessReplica replica)
    {
        if (replica.IsRunning)
            Input(replica, "ticks", static (raft, now) => raft.Tick(now));
    }

    /// <summary>Lets time pass until a replica's deadline; nobody else notices.</summary>
    public void TimeOut(HarnessReplica replica)
    {
        Now = Math.Max(Now, replica.Raft.NextDeadlineMicroseconds);
        Tick(replica);
    }

    /// <summary>A replica sends its beat to all others.</summary>
    public void Beat(HarnessReplica replica)
    {
        foreach (var other in _replicas)
        {
            if (other != replica && replica.IsRunning && replica.Raft.BeatFor(other.Id) is { } beat)
                Send(new Parcel(replica.Id, other.Id, null, beat));
        }
    }

    /// <summary>The host reports the flush that a replica asked for.</summary>
    public void CompleteFlush(HarnessReplica replica)
    {
        if (!replica.IsRunning || !replica.OwesFlush)
            return;
        if (!replica.HasFlushedEarly)
            replica.Disk.Flush();
        replica.OwesFlush = false;
        Input(replica, "has flushed", static (raft, now) => raft.FlushCompleted(now));
    }

    /// <summary>A client's numbered record reaches a replica that is, or takes itself for, the primary.</summary>
    /// <returns>The record's index.</returns>
    public ulong Propose(HarnessReplica primary)
    {
        var payload = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(payload, ++_lastRecord);
        var index = primary.Raft.Log.LastIndex + 1;
        Oracle.Proposed(primary, index, payload);
        Input(primary, $"appends record {_lastRecord} at index {index}", (raft, _) =>
        {
            raft.Append(EnvelopeKind.Batch, payload).Should().Be(index);
            raft.Flush();
        });
        return index;
    }

    /// <summary>A primary is asked to hand over.</summary>
    public bool HandOver(HarnessReplica primary)
    {
        var isHandingOver = false;
        Input(primary, "is asked to hand over", (raft, now) => isHandingOver = raft.HandOver(now));
        return isHandingOver;
    }

    /// <summary>A replica writes a checkpoint of what is committed.</summary>
    public void Checkpoint(HarnessReplica replica)
    {
        if (replica.IsRunning)
            Input(replica, $"writes a checkpoint of index {replica.AppliedIndex}", (_, _) => replica.WriteCheckpoint());
    }

    /// <summary>A read reaches a replica that is, or takes itself for, the primary.</summary>
    /// <returns>The round that it waits for; null when the replica may not answer.</returns>
    public ulong? AskForConfirmation(HarnessReplica primary)
    {
        ulong? round = null;
        Input(primary, "is asked to be confirmed", (raft, now) => round = raft.AskForConfirmation(now));
        return round;
    }

    /// <summary>Hands a parcel over, unless nobody is there to take it or the way is cut.</summary>
    public void Deliver(Parcel parcel)
    {
        Network.Remove(parcel);
        var to = _replicas[parcel.To.Number];
        if (!to.IsRunning || _cut.Contains((parcel.From.Number, parcel.To.Number)))
            return;
        Trace?.Add($"{Now,9} {parcel}");
        Input(to, null, (raft, now) =>
        {
            if (parcel.Message is null)
                raft.ReceiveBeat(now, parcel.From, parcel.Beat);
            else
                raft.Receive(now, parcel.From, parcel.Message);
        });
    }

    private void Start(HarnessReplica replica)
    {
        replica.IsRunning = true;
        Input(replica, "starts", static (raft, now) => raft.Start(now));
    }

    private void Input(HarnessReplica replica, string? what, Action<RaftGroup, long> input)
    {
        if (what is not null)
            Trace?.Add($"{Now,9} {replica} {what}");
        input(replica.Raft, Now);
        replica.Apply();
        Oracle.Observe(replica);
        foreach (var happened in replica.Effects.Events)
            Trace?.Add($"{"",9}   {replica}: {happened.Kind} in epoch {happened.Epoch}, {happened.Number}");
        foreach (var outgoing in replica.Effects.Messages)
            Send(new Parcel(replica.Id, outgoing.To.Replica, outgoing.Message, default));
        if (replica.Effects.FlushRequested)
        {
            replica.OwesFlush = true;
            replica.HasFlushedEarly = FlushesEarly;
            if (FlushesEarly)
                replica.Disk.Flush();
        }
        replica.Effects.Clear();
    }

    private void Send(Parcel parcel)
    {
        Oracle.Sent(_replicas[parcel.From.Number], parcel);
        Network.Add(parcel);
    }
}

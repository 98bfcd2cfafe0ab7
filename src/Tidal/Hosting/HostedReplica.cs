using System.Runtime.InteropServices;
using Tidal.Crdt;
using Tidal.Log;
using Tidal.Query;
using Tidal.Replication;
using Tidal.Replication.Raft;
using Tidal.Schema;

namespace Tidal.Hosting;

/// <summary>
/// A replica's place on a worker: its machine while it runs, and its store. Used by its worker's thread alone, but for what says
/// otherwise. What its machine, its store or an observer of it throws stops the replica, and no other.
/// </summary>
internal sealed class HostedReplica
{
    private readonly HostContext _context;
    private readonly NodeWorker _worker;
    private readonly FlushCompletion _flushed;
    private readonly ReplicaMetrics _metrics;
    private readonly List<TaskCompletionSource<ClusterFailure?>> _startsWaiting = [];
    private bool _isFlushing;
    private long _primaryEpoch;

    public HostedReplica(HostContext context, NodeWorker worker, Address address)
    {
        (_context, _worker, Address) = (context, worker, address);
        _flushed = new FlushCompletion(this);
        _metrics = context.Metrics.Of(address);
    }

    /// <summary>Where it stands.</summary>
    public Address Address { get; }

    /// <summary>The machine; null while the replica is down.</summary>
    public ShardReplica? Machine { get; private set; }

    /// <summary>Its store, while it runs or a flush of it is under way; before the first start, the one that it was founded in.</summary>
    public ILogStore? Store { get; set; }

    /// <summary>While it is a primary that may answer: its epoch; else 0. Read by any thread.</summary>
    public long PrimaryEpoch => Volatile.Read(ref _primaryEpoch);

    /// <summary>Starts on what the store holds, once no flush of an earlier life is under way.</summary>
    /// <returns>Why it could not; null if it did.</returns>
    public Task<ClusterFailure?> Start(ClockReading now)
    {
        if (!_isFlushing || Machine is not null)
            return Task.FromResult(StartNow(now));
        var done = new TaskCompletionSource<ClusterFailure?>(TaskCreationOptions.RunContinuationsAsynchronously);
        _startsWaiting.Add(done);
        return done.Task;
    }

    /// <summary>Stops without a word: what is not flushed is the store's to keep or to lose.</summary>
    public void Stop()
    {
        if (Machine is null)
            return;
        Drop();
        Told(observer => observer.OnStopped(Address));
    }

    /// <summary>Takes a message.</summary>
    public void Receive(ClockReading now, Address from, Message message)
    {
        if (Machine is not { } machine)
            return;
        try
        {
            var before = machine.Hlc;
            machine.Receive(now, from, message);
            _context.Observer?.OnDelivery(new HostedDelivery(Address, before, message.Hlc, machine.Hlc));
            Drain(machine, now);
        }
        catch (Exception failure)
        {
            Fail(failure);
        }
    }

    /// <summary>Takes its part of a heartbeat.</summary>
    public void ReceiveBeat(ClockReading now, ReplicaId from, in ShardBeat beat, HlcTimestamp hlc)
    {
        if (Machine is not { } machine)
            return;
        try
        {
            var before = machine.Hlc;
            machine.ReceiveBeat(now, from, beat, hlc);
            _context.Observer?.OnDelivery(new HostedDelivery(Address, before, hlc, machine.Hlc));
            Drain(machine, now);
        }
        catch (Exception failure)
        {
            Fail(failure);
        }
    }

    /// <summary>Lets time pass, if the machine has something to do.</summary>
    public void Tick(ClockReading now)
    {
        if (Machine is not { } machine || machine.NextDeadlineMicroseconds > now.MonotonicMicroseconds)
            return;
        try
        {
            machine.Tick(now);
            Drain(machine, now);
        }
        catch (Exception failure)
        {
            Fail(failure);
        }
    }

    /// <summary>Begins the flush that the machine wants; one that takes no time is done at once.</summary>
    public void BeginFlush(ClockReading now)
    {
        if (Machine is null)
            return;
        _isFlushing = true;
        if (Store!.FlushBlocks)
        {
            _worker.Flusher.Flush(_flushed);
            return;
        }
        EndFlush(now, FlushStore());
    }

    /// <summary>Flushes the store, on whatever thread.</summary>
    /// <returns>What it threw, or null.</returns>
    public Exception? FlushStore()
    {
        try
        {
            var began = _metrics.BeginFlush();
            Store?.Flush();
            _metrics.EndFlush(began);
            return null;
        }
        catch (Exception failure)
        {
            return failure;
        }
    }

    /// <summary>A flush is over, perhaps one of an earlier life.</summary>
    public void EndFlush(Exception? failure) => EndFlush(_worker.Clocks, failure);

    /// <summary>Makes durable what was written, and lets the store go: when its worker has ended, and so has the flusher.</summary>
    public void Close()
    {
        var failure = FlushStore();
        (Machine, _isFlushing) = (null, false);
        Volatile.Write(ref _primaryEpoch, 0);
        CloseStore();
        if (failure is not null)
            _context.Failed(Address, failure);
    }

    /// <summary>Stops because of a failure.</summary>
    public ClusterFailure Fail(Exception cause)
    {
        Drop();
        var failure = _context.Failed(Address, cause);
        Told(observer => observer.OnStopped(Address));
        return failure;
    }

    private void EndFlush(ClockReading now, Exception? failure)
    {
        _isFlushing = false;
        if (Machine is not { } machine)
        {
            CloseStore();
            StartThoseWaiting(now);
            return;
        }
        try
        {
            if (failure is not null)
                throw failure;
            _context.Observer?.OnFlushed(machine);
            machine.FlushCompleted(now);
            Drain(machine, now);
        }
        catch (Exception thrown)
        {
            Fail(thrown);
        }
    }

    private void StartThoseWaiting(ClockReading now)
    {
        if (_startsWaiting.Count == 0)
            return;
        var failure = StartNow(now);
        _startsWaiting.ForEach(done => done.TrySetResult(failure));
        _startsWaiting.Clear();
    }

    private ClusterFailure? StartNow(ClockReading now)
    {
        if (Machine is not null)
            return null;
        try
        {
            Machine = TakeUp();
            _context.Failures.Mended(Address);
            _worker.ReplicasChanged();
            _context.Observer?.OnStarted(Machine);
            Machine.Start(now);
            Drain(Machine, now);
            return null;
        }
        catch (Exception failure)
        {
            return Fail(failure);
        }
    }

    private ShardReplica TakeUp()
    {
        var (options, memory) = (_context.Options, _worker.Memory);
        Store ??= _context.StoreOf(Address);
        new StoreIdentity(options.Topology, Address.Region, Address.Shard, Address.Replica).Claim(Store);
        var store = ReplicaStore.Open(
            Store, new ShardPlace(Address.Region, Address.Shard), options.Topology.ReplicaCount == 1, HostContext.NewStoreId(), options.Replication.Log);
        return new ShardReplica(
            new ReplicaSettings(Address, options.Topology, options.Replication, memory.Tenants, _context.NewSeed()) { Clocks = memory.Clocks }, store);
    }

    private void Drain(ShardReplica machine, ClockReading now)
    {
        _context.Observer?.OnStepped(machine);
        var epoch = machine.Raft.IsReadyPrimary ? (long)machine.Raft.Epoch : 0;
        if (epoch != _primaryEpoch)
            Volatile.Write(ref _primaryEpoch, epoch);
        var effects = machine.Effects;
        if (effects.IsEmpty)
            return;
        _metrics.Happened(effects.Events);
        Send(effects);
        foreach (ref readonly var happened in CollectionsMarshal.AsSpan(effects.Events))
            _context.Observer?.OnEvent(machine, happened, now.MonotonicMicroseconds);
        if (effects.FlushRequested)
            _worker.FlushLater(this);
        effects.Clear();
    }

    private void Send(Effects effects)
    {
        foreach (ref readonly var outgoing in CollectionsMarshal.AsSpan(effects.Messages))
        {
            if (outgoing.Message is SegmentMessage segment)
                _context.Transport.SendSegment(Address, outgoing.To, segment);
            else
                _context.Transport.Send(Address, outgoing.To, outgoing.Message);
        }
    }

    private void Drop()
    {
        Machine = null;
        Volatile.Write(ref _primaryEpoch, 0);
        _worker.ReplicasChanged();
        // What is being flushed is let go of when that is over.
        if (!_isFlushing)
            CloseStore();
    }

    private void CloseStore()
    {
        var store = Store;
        Store = null;
        try
        {
            (store as IDisposable)?.Dispose();
        }
        catch (Exception failure)
        {
            _context.Failed(Address, failure, stops: false);
        }
    }

    private void Told(Action<IClusterObserver> what)
    {
        try
        {
            if (_context.Observer is { } observer)
                what(observer);
        }
        catch (Exception failure)
        {
            _context.Failed(Address, failure, stops: false);
        }
    }
}

/// <summary>The end of a replica's flush, told to its worker: one object a replica, for no two of its flushes are under way at a time.</summary>
internal sealed class FlushCompletion(HostedReplica replica) : Order
{
    private Exception? _failure;

    /// <summary>Performs the flush, on the flusher's thread.</summary>
    public void Perform() => _failure = replica.FlushStore();

    /// <summary>Which replica's.</summary>
    public Address Address => replica.Address;

    public override void Carry() => replica.EndFlush(_failure);

    public override void Cancel()
    {
    }
}

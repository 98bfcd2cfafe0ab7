using Tidal.Crdt;
using Tidal.Log;
using Tidal.Placement;
using Tidal.Replication;
using Tidal.Replication.Raft;
using Tidal.Schema;
using Tidal.Testing.Faults;
using Tidal.Testing.Oracles;

namespace Tidal.Testing.Simulation;

/// <summary>A node of a simulated cluster: hosts one replica of each shard and sends their heartbeats.</summary>
internal sealed class SimulatedNode : IActor
{
    private readonly SimulatedWorld _world;
    private readonly Effects _beatEffects = new();
    private readonly List<ShardReplica> _alive = [];
    private readonly SimulatedReplica[] _replicas;
    private NodeBeats _beats;
    private NodeOrders _orders;
    private readonly List<SimulatedReplica> _waiting = [];
    private bool _isStopped;
    private readonly Wakeup _wakeup;

    public SimulatedNode(SimulatedWorld world, NodeId id)
    {
        _world = world;
        Id = id;
        _wakeup = new Wakeup(world.Time, this);
        Replication = world.Options.Replication;
        (Clocks, Tenants) = (new ClockBound(world.Options.Replication.Clocks), world.FoundingDirectory());
        (_beats, _orders) = (NewBeats(), new NodeOrders(Replication));
        _replicas = [.. world.Options.Topology.Shards.Select(shard => new SimulatedReplica(world, this, new Address(id.Region, shard, id.Replica)))];
    }

    /// <summary>Which node.</summary>
    public NodeId Id { get; }

    /// <summary>What it has heard of its peers' clocks.</summary>
    public ClockBound Clocks { get; private set; }

    /// <summary>What it knows of the routing table.</summary>
    public NodeDirectory Tenants { get; private set; }

    /// <summary>How its software replicates, and which formats it reads: of what starts on it from now on.</summary>
    public ReplicationOptions Replication { get; private set; }

    /// <summary>Whether any of its replicas runs.</summary>
    public bool IsUp => _alive.Count > 0;

    /// <summary>Its replica of a shard.</summary>
    public SimulatedReplica this[ShardId shard] => _replicas[shard.Number];

    public void Handle(in DueEvent due)
    {
        switch (due.Kind)
        {
            case DueKind.Wake:
                if (!_wakeup.Takes(due))
                    return;
                Tick();
                break;
            case DueKind.Delivery when IsUp && !_world.Network.IsLost(due):
                Receive(due.From, due.Message!);
                break;
        }
        WakeWhenNeeded();
    }

    /// <summary>Stops as a whole, without a word: its replicas that run, and what it has heard.</summary>
    /// <returns>The replicas that stopped.</returns>
    public IReadOnlyList<SimulatedReplica> Crash(DiskFate disk)
    {
        var stopped = _replicas.Where(replica => replica.Machine is not null).ToList();
        stopped.ForEach(replica => replica.Crash(disk, _world.Random));
        (Clocks, Tenants) = (new ClockBound(_world.Options.Replication.Clocks), _world.NewDirectory());
        (_beats, _orders) = (NewBeats(), new NodeOrders(Replication));
        return stopped;
    }

    /// <summary>Stops as a whole until it is given other software: what is to start on it meanwhile starts then.</summary>
    public void Stop()
    {
        _waiting.AddRange(Crash(DiskFate.Kept).Except(_waiting));
        _isStopped = true;
    }

    /// <summary>Gets other software, and starts with it what was stopped.</summary>
    public void Start(ReplicationOptions replication)
    {
        Replication = replication;
        _orders = new NodeOrders(Replication);
        _isStopped = false;
        _waiting.ForEach(replica => replica.Start());
        _waiting.Clear();
    }

    /// <summary>Whether a replica may not start yet, because its node is stopped; then it starts with it.</summary>
    public bool Holds(SimulatedReplica replica)
    {
        if (_isStopped && !_waiting.Contains(replica))
            _waiting.Add(replica);
        return _isStopped;
    }

    /// <summary>A replica started or stopped.</summary>
    public void ReplicasChanged()
    {
        _alive.Clear();
        foreach (var replica in _replicas)
        {
            if (replica.Machine is { } machine)
                _alive.Add(machine);
        }
        WakeWhenNeeded();
    }

    /// <summary>Asks to be woken when the first of its machines has something to do.</summary>
    public void WakeWhenNeeded()
    {
        if (_alive.Count == 0)
            return;
        var next = Math.Min(_beats.NextDeadlineMicroseconds, _orders.NextDeadlineMicroseconds);
        foreach (var machine in _alive)
            next = Math.Min(next, machine.NextDeadlineMicroseconds);
        _wakeup.Ask(next);
    }

    private NodeBeats NewBeats() =>
        new(Id, _world.Options.Topology, _world.Options.Replication.Raft, Tenants, Clocks);

    private void Tick()
    {
        var now = _world.Clocks.Read(Id);
        _orders.Tick(now, _alive);
        foreach (var replica in _replicas)
        {
            if (replica.Machine is { } machine && machine.NextDeadlineMicroseconds <= now.MonotonicMicroseconds)
            {
                machine.Tick(now);
                replica.Drain();
            }
        }
        _beats.Tick(now, _alive, _beatEffects);
        SendBeats();
    }

    private void SendBeats()
    {
        foreach (var outgoing in _beatEffects.Messages)
            _world.Network.Send(Address.OfNode(Id), outgoing.To, outgoing.Message);
        _beatEffects.Clear();
    }

    private void Receive(Address from, Message message)
    {
        if (message is TableUpdate update)
            _beats.Receive(update, _beatEffects);
        else if (message is NodeHeartbeat heartbeat)
            ReceiveHeartbeat(from.Replica, heartbeat);
        else if (message is NodeStatusRequest request)
            _orders.Receive(_world.Clocks.Read(Id), from, request, _alive, _beatEffects);
        SendBeats();
    }

    private void ReceiveHeartbeat(ReplicaId from, NodeHeartbeat heartbeat)
    {
        var now = _world.Clocks.Read(Id);
        _beats.Receive(now, Id with { Replica = from }, heartbeat, _beatEffects);
        SendBeats();
        for (var place = 0; place < heartbeat.Beats.Count; place++)
        {
            var beat = heartbeat.Beats[place];
            var replica = _replicas[beat.Shard.Number];
            if (replica.Machine is not { } machine || _world.Network.IsShut(replica.Address with { Replica = from }, replica.Address))
                continue;
            var before = machine.Hlc;
            machine.ReceiveBeat(now, from, beat, heartbeat.Hlc);
            _world.Watches.OnDelivery(new Delivery(replica.Address, before, heartbeat.Hlc, machine.Hlc));
            replica.Drain();
        }
    }
}

/// <summary>One replica of a simulated node: its machine while it is alive, and its disk.</summary>
internal sealed class SimulatedReplica(SimulatedWorld world, SimulatedNode node, Address address) : IActor
{
    private long _life;

    /// <summary>Where it stands.</summary>
    public Address Address { get; } = address;

    /// <summary>The machine; null while the replica is down.</summary>
    public ShardReplica? Machine { get; private set; }

    /// <summary>The disk.</summary>
    public MemoryLogStore Disk { get; private set; } = new();

    /// <summary>The disk, as the machine is given it: what is written to it is seen.</summary>
    public ILogStore Store => new TeedLogStore(Disk, world.Tee[Address]);

    public void Handle(in DueEvent due)
    {
        if (Machine is not { } machine)
            return;
        var now = world.Clocks.Read(Address.Node);
        if (due.Kind == DueKind.Flush)
        {
            if (due.Token != _life)
                return;
            Disk.Flush();
            world.Watches.OnFlushed(machine);
            machine.FlushCompleted(now);
        }
        else if (!world.Network.IsLost(due))
        {
            var before = machine.Hlc;
            machine.Receive(now, due.From, due.Message!);
            world.Watches.OnDelivery(new Delivery(Address, before, due.Message!.Hlc, machine.Hlc));
        }
        Drain();
        node.WakeWhenNeeded();
    }

    /// <summary>Starts on what the disk holds.</summary>
    /// <returns>Why the store goes on under a new id, or null.</returns>
    public string? Start()
    {
        if (node.Holds(this))
            return null;
        _life++;
        var topology = world.Options.Topology;
        var place = new Query.ShardPlace(Address.Region, Address.Shard);
        var store = ReplicaStore.Open(Store, place, topology.ReplicaCount == 1, world.NewStoreId(), node.Replication.Log);
        Machine = new ShardReplica(
            new ReplicaSettings(Address, topology, node.Replication, node.Tenants, world.NewSeed()) { Clocks = node.Clocks }, store);
        world.Watches.OnStarted(Machine);
        Machine.Start(world.Clocks.Read(Address.Node));
        Drain();
        node.ReplicasChanged();
        return store.NewIdentityReason;
    }

    /// <summary>Stops without a word: the memory is gone.</summary>
    public void Crash(DiskFate disk, DeterministicRandom random)
    {
        Machine = null;
        _life++;
        world.Watches.OnCrashed(Address, disk);
        Disk = disk switch
        {
            DiskFate.Lost => new MemoryLogStore(),
            DiskFate.Torn => Disk.SurvivorOfPowerLoss((_, unflushed) => random.Next(Math.Min(1, unflushed), unflushed)),
            _ => Disk.SurvivorOfPowerLoss((_, unflushed) => unflushed),
        };
        if (disk == DiskFate.Lost)
            world.Tee.Lost(Address);
        else
            world.Tee[Address].Survived(Disk);
        node.ReplicasChanged();
    }

    /// <summary>Sees to what the machine wants of the world.</summary>
    public void Drain()
    {
        if (Machine is not { } machine)
            return;
        world.Watches.OnStepped(machine);
        var effects = machine.Effects;
        if (effects.IsEmpty)
            return;
        foreach (var outgoing in effects.Messages)
        {
            if (outgoing.Message is SegmentMessage segment)
                world.Network.SendSegment(Address, outgoing.To, segment);
            else
                world.Network.Send(Address, outgoing.To, outgoing.Message);
        }
        foreach (var happened in effects.Events)
        {
            world.History.Write(world.Time.NowMicroseconds, Address, happened);
            if (happened.Kind == ReplicaEventKind.ReconciliationDone)
                world.History.Keep(machine.Reconciliations.Last(report => report.Peer == happened.Region && report.Plan.Tenant == happened.Tenant));
            world.Watches.OnHappened(machine, happened);
        }
        if (effects.FlushRequested)
            BeginFlush();
        effects.Clear();
    }

    private void BeginFlush()
    {
        var latency = (long)world.Options.FlushLatency.TotalMicroseconds;
        world.Time.At(
            world.Time.NowMicroseconds + latency + world.Random.Next(0, latency + 1),
            new DueEvent { Kind = DueKind.Flush, Actor = this, Token = _life });
    }
}

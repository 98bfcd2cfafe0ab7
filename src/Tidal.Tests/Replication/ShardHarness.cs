using Tidal.Log;
using Tidal.Placement;
using Tidal.Query;
using Tidal.Replication;
using Tidal.Replication.Raft;
using Tidal.Schema;
using Tidal.Tests.Signals;

namespace Tidal.Tests.Replication;

/// <summary>A message on its way in a <see cref="ShardHarness"/>.</summary>
internal readonly record struct Letter(Address From, Address To, Message Message);

/// <summary>
/// The replicas of one shard in one or more regions, driven by hand: time passes when a test says so, messages arrive at
/// once unless the test loses them or keeps them back, and a replica's flush takes as long as the test holds it.
/// </summary>
internal sealed partial class ShardHarness
{
    private readonly SortedDictionary<int, HandReplica> _replicas = [];
    private readonly List<Letter> _bag = [];
    private readonly ReplicationOptions _options;
    private readonly SortedDictionary<int, NodeDirectory> _tenants = [];
    private readonly TenantId[] _ids;
    private ulong _stores = 1;

    /// <param name="tenants">How many there are, in all regions; each counts what <see cref="Ledger.Schema"/> says.</param>
    public ShardHarness(int regions = 1, int replicas = 1, ReplicationOptions? options = null, int tenants = 1)
    {
        Topology = new Topology([.. Enumerable.Range(0, regions).Select(region => $"region-{region}")], shards: 1, replicas);
        _options = options ?? new ReplicationOptions();
        _ids = [.. Enumerable.Range(1, tenants).Select(number => new TenantId((uint)number))];
        foreach (var node in Topology.Regions.SelectMany(region => Topology.Replicas.Select(replica => new Address(region, default, replica))))
            _tenants.Add(KeyOf(node), NewDirectory());
        Publish(_ids.Aggregate(RoutingTable.Empty, (table, id) => table.With(new TenantPlacement(id, $"tenant-{id.Number}", [.. Topology.Regions]))));
        foreach (var region in Topology.Regions)
            Found(region);
        RunUntil(() => Topology.Regions.All(region => PrimaryOf(region) is not null));
    }

    public Topology Topology { get; }

    /// <summary>What a node knows of the routing table: it hears of a new one when a test says so.</summary>
    public NodeDirectory TenantsIn(int region, int replica = 0) => _tenants[region * 8 + replica];

    /// <summary>The nodes of a region start again, knowing no table.</summary>
    public void RestartWithoutTable(int region)
    {
        var places = Topology.Replicas.Select(replica => new Address(new RegionId((ushort)region), default, replica)).ToList();
        places.ForEach(Crash);
        places.ForEach(place => _tenants[KeyOf(place)] = NewDirectory());
        places.ForEach(place => Restart(place));
    }

    /// <summary>Every node hears of a table.</summary>
    public void Publish(RoutingTable table)
    {
        Table = table;
        foreach (var directory in _tenants.Values)
            directory.Take(table);
    }

    /// <summary>The newest batch version that a replica reads when it starts; those not named read all.</summary>
    public Dictionary<Address, ushort> FormatsReadable { get; } = [];

    public long NowMicroseconds { get; private set; }

    public long WallMilliseconds => Ledger.Noon + NowMicroseconds / 1000;

    /// <summary>Messages that are lost when they are sent.</summary>
    public Predicate<Letter> Loses { get; set; } = static _ => false;

    /// <summary>Messages that are kept back when they are sent: into <see cref="Kept"/>.</summary>
    public Predicate<Letter> Keeps { get; set; } = static _ => false;

    public List<Letter> Kept { get; } = [];

    /// <summary>Everything that was sent between replicas, in order.</summary>
    public List<Letter> Sent { get; } = [];

    /// <summary>What gateways were answered, in order.</summary>
    public List<GatewayReply> Answers { get; } = [];

    /// <summary>What happened inside replicas, in order.</summary>
    public List<(Address Place, ReplicaEvent Event)> Events { get; } = [];

    /// <summary>Replicas whose flushes do not end.</summary>
    public HashSet<Address> FlushesHeld { get; } = [];

    public ShardReplica this[int region, int replica = 0] => _replicas[region * 8 + replica].Machine!;

    public IEnumerable<ShardReplica> Alive => _replicas.Values.Select(replica => replica.Machine).OfType<ShardReplica>();

    public ShardReplica? PrimaryOf(RegionId region) =>
        Alive.Where(machine => machine.Self.Region == region && machine.Raft.IsReadyPrimary).MaxBy(machine => machine.Raft.Epoch);

    public ShardReplica Primary(int region = 0) => PrimaryOf(new RegionId((ushort)region))!;

    /// <summary>Puts a message into the bag and lets everything it leads to happen.</summary>
    public void Deliver(Address from, Address to, Message message)
    {
        _bag.Add(new Letter(from, to, message));
        Settle();
    }

    /// <summary>Delivers what was kept back.</summary>
    public void Release()
    {
        Keeps = static _ => false;
        _bag.AddRange(Kept);
        Kept.Clear();
        Settle();
    }

    public void Run(int milliseconds)
    {
        for (var until = NowMicroseconds + milliseconds * 1000L; NowMicroseconds < until;)
            Step();
    }

    public void RunUntil(Func<bool> condition, int milliseconds = 10_000)
    {
        for (var until = NowMicroseconds + milliseconds * 1000L; !condition(); Step())
            NowMicroseconds.Should().BeLessThan(until, "it should have come to be so by now");
    }

    public void Crash(Address address)
    {
        _replicas[KeyOf(address)].Machine = null;
        _bag.RemoveAll(letter => letter.From == address);
    }

    /// <summary>Starts a replica again; on an empty disk if its own was lost.</summary>
    public void Restart(Address address, bool diskLost = false)
    {
        var replica = _replicas[KeyOf(address)];
        if (diskLost)
            replica.Disk = new MemoryLogStore();
        Start(replica);
        Settle();
    }

    public void Settle()
    {
        while (true)
        {
            foreach (var replica in _replicas.Values)
                Drain(replica);
            if (_bag.Count == 0)
                return;
            var letter = _bag[0];
            _bag.RemoveAt(0);
            if (_replicas.TryGetValue(KeyOf(letter.To), out var receiver) && receiver.Machine is { } machine)
                Hand(machine, letter);
        }
    }

    private ClockReading Now => new(NowMicroseconds, WallMilliseconds);

    private static int KeyOf(Address address) => address.Region.Ordinal * 8 + address.Replica.Number;

    private NodeDirectory NewDirectory() => new(_ids.ToDictionary(id => id, _ => Ledger.Schema));

    private void Step()
    {
        NowMicroseconds += 5000;
        foreach (var replica in _replicas.Values)
        {
            if (replica.Machine is not { } machine)
                continue;
            if (machine.NextDeadlineMicroseconds <= NowMicroseconds)
                machine.Tick(Now);
            var beats = new Effects();
            replica.Beats.Tick(Now, [machine], beats);
            foreach (var beat in beats.Messages)
                Post(Address.OfNode(machine.Self.Node), beat);
        }
        Settle();
    }

    private void Hand(ShardReplica machine, Letter letter)
    {
        if (letter.Message is NodeHeartbeat heartbeat)
            machine.ReceiveBeat(Now, letter.From.Replica, heartbeat.Beats[0], heartbeat.Hlc);
        else if (letter.Message is TableUpdate update)
            _tenants[KeyOf(letter.To)].Take(update.Table);
        else
            machine.Receive(Now, letter.From, letter.Message);
    }

    private void Drain(HandReplica replica)
    {
        while (replica.Machine is { } machine)
        {
            foreach (var outgoing in machine.Effects.Messages)
                Post(machine.Self, outgoing);
            Events.AddRange(machine.Effects.Events.Select(happened => (machine.Self, happened)));
            replica.FlushWanted |= machine.Effects.FlushRequested;
            machine.Effects.Clear();
            if (!replica.FlushWanted || FlushesHeld.Contains(machine.Self))
                return;
            replica.FlushWanted = false;
            replica.Disk.Flush();
            machine.FlushCompleted(Now);
        }
    }

    private void Post(Address from, Outgoing outgoing)
    {
        var letter = new Letter(from, outgoing.To, outgoing.Message);
        if (outgoing.Message is GatewayReply reply)
            Answers.Add(reply);
        else
            Sent.Add(letter);
        if (Loses(letter))
            return;
        (Keeps(letter) ? Kept : _bag).Add(letter);
    }

    private void Found(RegionId region)
    {
        var voters = Topology.Replicas.Select(replica => new Voter(replica, new StoreId(_stores++))).ToArray();
        foreach (var voter in voters)
        {
            var address = new Address(region, default, voter.Replica);
            var replica = new HandReplica(address, new NodeBeats(address.Node, Topology, _options.Raft, _tenants[KeyOf(address)]));
            ReplicaStore.Found(replica.Disk, new ShardPlace(region, default), voters, voter.Store);
            _replicas.Add(KeyOf(address), replica);
            Start(replica);
        }
    }

    private void Start(HandReplica replica)
    {
        var place = new ShardPlace(replica.Address.Region, default);
        var readable = FormatsReadable.GetValueOrDefault(replica.Address, _options.FormatReadable);
        var options = _options with { Log = _options.Log with { FormatReadable = readable } };
        var store = ReplicaStore.Open(replica.Disk, place, Topology.ReplicaCount == 1, new StoreId(_stores++), options.Log);
        replica.FlushWanted = false;
        replica.Machine = new ShardReplica(new ReplicaSettings(replica.Address, Topology, options, _tenants[KeyOf(replica.Address)], _stores), store);
        replica.Machine.Start(Now);
    }

    private sealed class HandReplica(Address address, NodeBeats beats)
    {
        public Address Address { get; } = address;

        public NodeBeats Beats { get; } = beats;

        public MemoryLogStore Disk { get; set; } = new();

        public ShardReplica? Machine { get; set; }

        public bool FlushWanted { get; set; }
    }
}

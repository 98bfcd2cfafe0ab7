using Tidal.Log;
using Tidal.Placement;
using Tidal.Query;
using Tidal.Replication;
using Tidal.Schema;

namespace Tidal.Benchmarks;

/// <summary>A gateway and a group of one replica on a memory store, driven by hand: what a signal costs before any thread or network.</summary>
internal sealed class OneNode
{
    private const int Items = 1000;
    private const int Users = 100;

    private readonly Gateway _gateway;
    private readonly ShardReplica _replica;
    private readonly ClientSession _session;
    private readonly ItemId[] _items = [.. Enumerable.Range(0, Items).Select(item => new ItemId($"item-{item:000000}"))];
    private readonly UserId[] _users = [.. Enumerable.Range(0, Users).Select(user => new UserId($"user-{user:000000}"))];
    private ulong _sent;
    private long _now = 1_000_000;

    public OneNode()
    {
        var schema = new SchemaBuilder().Signal("view", TimeSpan.FromHours(6)).Cohort("locale").Build();
        var topology = new Topology(["local"], shards: 1, replicas: 1);
        var tenants = new NodeDirectory(new Dictionary<TenantId, SignalSchema> { [TenantId.First] = schema });
        tenants.Take(RoutingTable.Empty.With(new TenantPlacement(TenantId.First, "first", [default])));
        _gateway = new Gateway(new GatewaySettings(default, topology, new GatewayOptions(), tenants));
        var (disk, place, store) = (new MemoryLogStore(), default(ShardPlace), new StoreId(1));
        ReplicaStore.Found(disk, place, [new Voter(default, store)], store);
        var options = new ReplicationOptions { CheckpointEveryBytes = long.MaxValue };
        _replica = new ShardReplica(new ReplicaSettings(default, topology, options, tenants, Seed: 0), ReplicaStore.Open(disk, place, true, store, options.Log));
        _replica.Start(Now);
        _replica.Tick(Now);
        Settle();
        var open = new WriteCall { Record = LogRecord.ForSession(default, default, Now.WallMilliseconds, SessionAction.Open) };
        Carry(open);
        _session = new ClientSession(open.Result!.Session);
    }

    private ClockReading Now => new(_now, 1_442_018_952_942 + _now / 1000);

    /// <summary>The next signals, as a client that hands them over has them.</summary>
    public LogRecord[] Signals(int count)
    {
        var records = new LogRecord[count];
        foreach (ref var record in records.AsSpan())
        {
            record = LogRecord.Signal(
                _session.NextOperation(TenantId.First, default), default, Now.WallMilliseconds, _items[_sent * 7919 % Items], _users[_sent % Users], default, cohorts: []);
            _sent++;
        }
        return records;
    }

    /// <summary>Carries a call out to its end.</summary>
    public void Carry(ClientCall call)
    {
        _now += 1000;
        _gateway.Tick(Now);
        _gateway.Begin(Now, call);
        Settle();
        if (!call.IsCompleted)
            throw new InvalidOperationException("The call was left unanswered.");
    }

    private void Settle()
    {
        while (_gateway.Effects.Messages.Count > 0 || _replica.Effects.Messages.Count > 0 || _replica.Effects.FlushRequested)
        {
            for (var message = 0; message < _gateway.Effects.Messages.Count; message++)
                _replica.Receive(Now, _gateway.Self, _gateway.Effects.Messages[message].Message);
            _gateway.Effects.Messages.Clear();
            if (_replica.Effects.FlushRequested)
            {
                _replica.Effects.FlushRequested = false;
                _replica.Raft.Log.Flush();
                _replica.FlushCompleted(Now);
            }
            for (var message = 0; message < _replica.Effects.Messages.Count; message++)
            {
                if (_replica.Effects.Messages[message].To.IsGateway)
                    _gateway.Receive(Now, _replica.Effects.Messages[message].Message);
            }
            _replica.Effects.Messages.Clear();
            _replica.Effects.Events.Clear();
        }
    }
}

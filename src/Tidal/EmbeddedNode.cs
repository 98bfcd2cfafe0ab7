using Tidal.Log;
using Tidal.Placement;
using Tidal.Query;
using Tidal.Replication;
using Tidal.Schema;

namespace Tidal;

/// <summary>
/// The gateway and the one replica of an embedded database, driven by hand: messages go straight from one to the other,
/// flushes are performed at once. Not safe for use by several threads.
/// </summary>
internal sealed partial class EmbeddedNode
{
    private static readonly ImportOptions Alone = new(["local"], default);
    private static readonly GatewayOptions GatewayOptions = new();

    private readonly TimeProvider _clock;
    private readonly TenantId _tenant;
    private readonly long _startedAt;
    private readonly Gateway _gateway;
    private readonly ShardReplica _replica;
    private ClientSession? _session;

    public EmbeddedNode(SignalSchema schema, TidalDbOptions options)
    {
        _clock = options.Clock;
        _startedAt = _clock.GetTimestamp();
        var place = options.Imports ?? Alone;
        var topology = new Topology(place.Regions, shards: 1, replicas: 1);
        var members = (place.Members ?? place.Regions).Select(topology.Region).ToArray();
        _tenant = place.Tenant;
        var tenants = new NodeDirectory(new Dictionary<TenantId, SignalSchema> { [_tenant] = schema });
        tenants.Take(RoutingTable.Empty.With(new TenantPlacement(_tenant, "first", members)));
        var self = new Address(members.Min(), place.Shard, default);
        _gateway = new Gateway(new GatewaySettings(self.Region, topology, GatewayOptions, tenants));
        _replica = new ShardReplica(
            new ReplicaSettings(self, topology, new ReplicationOptions(), tenants, Seed: 0), FoundStore(options, self));
        _isImporting = _replica.Recovery.AwaitsHost = options.Imports is not null;
        _replica.Start(Now);
        _replica.Tick(Now);
        Settle();
    }

    /// <summary>The most records that one call writes.</summary>
    public static int RecordsPerCallMax => GatewayOptions.RecordsPerCallMax;

    /// <summary>The wall clock, in milliseconds since 1970.</summary>
    public long WallMilliseconds => _clock.GetUtcNow().ToUnixTimeMilliseconds();

    private ClockReading Now => new((long)_clock.GetElapsedTime(_startedAt).TotalMicroseconds, WallMilliseconds);

    /// <summary>Carries a call out to its end.</summary>
    public void Carry(ClientCall call)
    {
        EndImport();
        if (call is WriteCall { Record.Operation.IsNone: true } write)
            write.Record = write.Record with { Operation = Session().NextOperation(_tenant, default) };
        Complete(call);
    }

    /// <summary>Carries a write of many records without operation ids out to its end.</summary>
    public WriteBatchCall Carry(LogRecord[] records)
    {
        EndImport();
        var session = Session();
        foreach (ref var record in records.AsSpan())
            record = record with { Operation = session.NextOperation(_tenant, default) };
        var call = new WriteBatchCall(records) { Tenant = _tenant };
        Complete(call);
        return call;
    }

    private static ReplicaStore FoundStore(TidalDbOptions options, Address self)
    {
        var disk = new MemoryLogStore();
        var (place, own) = (new ShardPlace(self.Region, self.Shard), new StoreId(1));
        ReplicaStore.Found(disk, place, [new Voter(default, own)], own, options.Imports is null ? 0 : FoundingEpoch);
        return ReplicaStore.Open(disk, place, isSingle: true, own, new SegmentedLogOptions { CacheBytesMax = options.LogCacheBytesMax });
    }

    private ClientSession Session()
    {
        if (_session is not null)
            return _session;
        var open = new WriteCall { Tenant = _tenant, Record = LogRecord.ForSession(default, default, WallMilliseconds, SessionAction.Open) };
        Complete(open);
        return _session = new ClientSession(open.Result!.Session);
    }

    private void Complete(ClientCall call)
    {
        // What a call's steps set their clocks for is of no use to anybody once it is answered.
        _gateway.Tick(Now);
        _gateway.Begin(Now, call);
        Settle();
        if (!call.IsCompleted)
            throw new InvalidOperationException("An embedded database left a call unanswered.");
    }

    /// <summary>Passes messages and performs flushes until neither machine wants anything.</summary>
    private void Settle()
    {
        while (_gateway.Effects.Messages.Count > 0 || _replica.Effects.Messages.Count > 0 || _replica.Effects.FlushRequested)
        {
            foreach (var request in Take(_gateway.Effects))
                _replica.Receive(Now, _gateway.Self, request.Message);
            if (_replica.Effects.FlushRequested)
                Flush();
            foreach (var reply in Take(_replica.Effects))
            {
                // What it tells other regions is for nobody: there are none.
                if (reply.To.IsGateway)
                    _gateway.Receive(Now, reply.Message);
            }
        }
        _replica.Effects.Clear();
    }

    private void Flush()
    {
        _replica.Effects.FlushRequested = false;
        _replica.Raft.Log.Flush();
        _replica.FlushCompleted(Now);
    }

    private static Outgoing[] Take(Effects effects)
    {
        Outgoing[] taken = [.. effects.Messages];
        effects.Messages.Clear();
        return taken;
    }
}

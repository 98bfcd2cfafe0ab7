using Tidal.Hosting;
using Tidal.Log;
using Tidal.Placement;
using Tidal.Replication;
using Tidal.Schema;

namespace Tidal;

/// <summary>
/// The gateway and the one replica of an embedded database, driven by hand: messages go straight from one to the other,
/// flushes are performed at once. Not safe for use by several threads.
/// </summary>
internal sealed partial class EmbeddedNode : IDisposable
{
    /// <summary>The most records that one call writes.</summary>
    public const int RecordsPerCallMax = 4096;

    private static readonly ImportOptions Alone = new(["local"], default);
    private static readonly GatewayOptions GatewayOptions = new() { CallsMax = TidalDb.CallsTogetherMax * RecordsPerCallMax, RecordsPerCallMax = RecordsPerCallMax };

    private readonly TimeProvider _clock;
    private readonly TenantId _tenant;
    private readonly long _startedAt;
    private readonly Gateway _gateway;
    private readonly ShardReplica _replica;
    private readonly TidalMetrics _metrics;
    private readonly ReplicaMetrics _replicaMetrics;
    private readonly CallMetrics _callMetrics;
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
        _metrics = new TidalMetrics(topology);
        (_replicaMetrics, _callMetrics) = (_metrics.Of(self), _metrics.Of(self.Region));
        _isImporting = options.Imports is not null;
        _disk = OpenDisk(options);
        try
        {
            var identity = new StoreIdentity(topology, self.Region, self.Shard, self.Replica).With(_tenant, schema);
            var store = FoundOrOpen(_disk, options, self, identity);
            _replica = new ShardReplica(new ReplicaSettings(self, topology, new ReplicationOptions(), tenants, Seed: 0), store);
            Start();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The wall clock, in milliseconds since 1970.</summary>
    public long WallMilliseconds => _clock.GetUtcNow().ToUnixTimeMilliseconds();

    private ClockReading Now => new((long)_clock.GetElapsedTime(_startedAt).TotalMicroseconds, WallMilliseconds);

    /// <summary>Carries calls out to their ends, with as few flushes as one of them takes alone.</summary>
    public void Carry(IReadOnlyList<EmbeddedCall> calls)
    {
        EndImport();
        // What a call's steps set their clocks for is of no use to anybody once it is answered.
        _gateway.Tick(Now);
        foreach (var each in calls)
            each.Try(Begin);
        Settle();
        foreach (var each in calls)
            each.MustBeOver(_callMetrics, Now.MonotonicMicroseconds);
    }

    private void Start()
    {
        _replica.Recovery.AwaitsHost = _isImporting;
        _replica.Start(Now);
        _replica.Tick(Now);
        Settle();
    }

    private ClientSession Session()
    {
        if (_session is not null)
            return _session;
        var open = new WriteCall { Tenant = _tenant, Record = LogRecord.ForSession(default, default, WallMilliseconds, SessionAction.Open) };
        _gateway.Begin(Now, open);
        Settle();
        return _session = new ClientSession(open.Result!.Session);
    }

    private void Begin(ClientCall call)
    {
        if (call is WriteCall { Record.Operation.IsNone: true } write)
            write.Record = write.Record with { Operation = Session().NextOperation(_tenant, default) };
        else if (call is WriteBatchCall batch)
            Number(batch.Taken, Session());
        _gateway.Begin(Now, call);
    }

    private void Number(Span<LogRecord> records, ClientSession session)
    {
        foreach (ref var record in records)
            record = record with { Operation = session.NextOperation(_tenant, default) };
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
        _replicaMetrics.Happened(_replica.Effects.Events);
        _replica.Effects.Clear();
    }

    private void Flush()
    {
        _replica.Effects.FlushRequested = false;
        var began = _replicaMetrics.BeginFlush();
        _replica.Raft.Log.Flush();
        _replicaMetrics.EndFlush(began);
        _replica.FlushCompleted(Now);
    }

    private static Outgoing[] Take(Effects effects)
    {
        Outgoing[] taken = [.. effects.Messages];
        effects.Messages.Clear();
        return taken;
    }
}

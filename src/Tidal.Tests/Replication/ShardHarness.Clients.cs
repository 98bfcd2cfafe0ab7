using Tidal.Crdt;
using Tidal.Log;
using Tidal.Query;
using Tidal.Replication;
using Tidal.Schema;
using Tidal.Tests.Signals;

namespace Tidal.Tests.Replication;

// What gateways ask of the replicas, and what the replicas' logs hold.
internal sealed partial class ShardHarness
{
    public static readonly ItemId TheItem = new("item");

    private ulong _lastTry;

    /// <summary>A signal of the region's first session.</summary>
    public LogRecord Signal(ulong number, int region = 0) => LogRecord.Signal(
        new OperationId(new SessionId(new RegionId((ushort)region), 1), number), default, WallMilliseconds, TheItem, Ledger.User, Ledger.View, cohorts: []);

    /// <summary>Sends the next try of a signal to a region's primary.</summary>
    public ulong Write(ulong number, int region = 0) => Write(Signal(number, region), Primary(region));

    public ulong Write(LogRecord record, ShardReplica to) => Write(RequestFor(record, to), to.Self);

    public ulong Write(WriteRequest request, Address to)
    {
        Deliver(Address.OfGateway(to.Region), to, request);
        return request.Try;
    }

    /// <summary>The next try of a write, meant for a replica in its epoch.</summary>
    public WriteRequest RequestFor(LogRecord record, ShardReplica to, TenantId? tenant = null) => RequestFor([record], to, tenant);

    /// <summary>The next try of many writes, meant for a replica in its epoch.</summary>
    public WriteRequest RequestFor(LogRecord[] records, ShardReplica to, TenantId? tenant = null) => new()
    {
        Try = ++_lastTry,
        Tenant = tenant ?? TenantId.First,
        Epoch = to.Raft.Epoch,
        Records = new RecordSelection(records),
        PlacementVersion = VersionAt(to, tenant),
    };

    /// <summary>The version of a tenant's placement that a replica knows.</summary>
    public static ulong VersionAt(ShardReplica replica, TenantId? tenant = null) =>
        replica.Settings.Tenants.Table.Find(tenant ?? TenantId.First)?.Version ?? 0;

    /// <summary>The answer to a try; null while there is none.</summary>
    public WriteOutcomeKind? OutcomeOf(ulong tried) => ResultOf(tried)?.Outcome;

    /// <summary>How a try of one record ended; null while there is no answer.</summary>
    public WriteResult? ResultOf(ulong tried) => AnswerTo<WriteReply>(tried)?.Result;

    public T? AnswerTo<T>(ulong tried) where T : GatewayReply => Answers.OfType<T>().SingleOrDefault(answer => answer.Try == tried);

    public long CountOn(ShardReplica replica)
    {
        var asked = new ScoreRequest
        {
            Try = ++_lastTry,
            Tenant = TenantId.First,
            Item = TheItem,
            Signal = Ledger.View,
            Scope = CohortScope.Everyone,
            ReadTimeMilliseconds = WallMilliseconds,
            PlacementVersion = VersionAt(replica),
        };
        Deliver(Address.OfGateway(replica.Self.Region), replica.Self, asked);
        return AnswerTo<ScoreReply>(asked.Try)!.Count;
    }

    public ShardQueryReply? Query(ShardReplica replica, bool acceptFollower)
    {
        var plan = RetrievePlan.Of(RetrieveParser.Parse("RETRIEVE items READ local"), Ledger.Schema, WallMilliseconds);
        var asked = new ShardQueryRequest { Try = ++_lastTry, Tenant = TenantId.First, Plan = plan, AcceptFollower = acceptFollower, PlacementVersion = VersionAt(replica) };
        Deliver(Address.OfGateway(replica.Self.Region), replica.Self, asked);
        return AnswerTo<ShardQueryReply>(asked.Try);
    }

    /// <summary>The batches of an origin in a replica's log, tail included.</summary>
    public static List<byte[]> BatchesIn(ShardReplica replica, int origin) =>
    [
        .. from index in Enumerable.Range((int)replica.Raft.Log.FirstIndex, (int)(replica.Raft.Log.LastIndex - replica.Raft.Log.FirstIndex) + 1)
           let envelope = replica.Raft.Log.Read((ulong)index)
           where envelope.Kind == EnvelopeKind.Batch && BatchHeader.Read(envelope.Payload.Span).Origin.Region.Ordinal == origin
           select envelope.Payload.ToArray(),
    ];

    /// <summary>The operation numbers of an origin in a replica's log, tail included.</summary>
    public static List<ulong> OperationsIn(ShardReplica replica, int origin = 0) =>
        [.. BatchesIn(replica, origin).SelectMany(batch => Log.Samples.ReadAll(batch)).Select(record => record.Operation.Number)];

    public OriginMark MarkIn(ShardReplica replica, int origin = 0) =>
        replica.State.TenantOf(TenantId.First).OriginOf(new RegionId((ushort)origin)).Mark;

    /// <summary>A batch as the primary of an origin would write it.</summary>
    public static ReadOnlyMemory<byte> Batch(LogRecord record, int origin, ulong first, uint previousCrc) => BatchWriter.Encode(
        new BatchStart(TenantId.First, new NodeId(new RegionId((ushort)origin), default), default, 1, first, 0, previousCrc),
        [record with { Hlc = HlcTimestamp.FromUnixMilliseconds(Ledger.Noon) }]);

    /// <summary>Hands batches of an origin to a region's primary, as if its primary had sent them.</summary>
    public void Ship(int origin, int to, params ReadOnlyMemory<byte>[] batches) => Deliver(
        new Address(new RegionId((ushort)origin), default, default), Primary(to).Self,
        new ShipBatches { Tenant = TenantId.First, Origin = new RegionId((ushort)origin), Batches = batches });

    public IEnumerable<T> SentBy<T>(int region) where T : Message =>
        Sent.Where(letter => letter.From.Region.Ordinal == region).Select(letter => letter.Message).OfType<T>();
}

using Tidal.Log;
using Tidal.Placement;
using Tidal.Query;
using Tidal.Replication;
using Tidal.Schema;
using Tidal.Tests.Signals;

namespace Tidal.Tests.Placement;

/// <summary>A gateway whose shards are played by the test: it sees the requests, and answers those it likes.</summary>
internal sealed class GatewayHarness
{
    private readonly List<Outgoing> _requests = [];

    public GatewayHarness(
        int regions = 1, int replicas = 3, GatewayOptions? options = null, int region = 0, int[]? members = null)
    {
        Options = options ?? new GatewayOptions();
        var topology = new Topology([.. Enumerable.Range(0, regions).Select(region => $"region-{region}")], shards: 1, replicas);
        Tenants = new NodeDirectory(new Dictionary<TenantId, SignalSchema> { [TenantId.First] = Ledger.Schema, [new TenantId(2)] = Ledger.Schema });
        Tenants.Take(RoutingTable.Empty.With(new TenantPlacement(
            TenantId.First, "first", [.. topology.Regions.Where(region => members is null || members.Contains(region.Ordinal))])));
        Gateway = new Gateway(new GatewaySettings(new RegionId((ushort)region), topology, Options, Tenants));
    }

    public Gateway Gateway { get; }

    /// <summary>What the gateway knows of the routing table.</summary>
    public NodeDirectory Tenants { get; }

    public GatewayOptions Options { get; }

    public long NowMicroseconds { get; private set; }

    private ClockReading Now => new(NowMicroseconds, Ledger.Noon + NowMicroseconds / 1000);

    /// <summary>Takes the requests that were sent since the last call.</summary>
    public List<Outgoing> Take()
    {
        var taken = _requests.ToList();
        _requests.Clear();
        return taken;
    }

    /// <summary>Takes the one request of a kind that was sent since the last call.</summary>
    public (T Request, ReplicaId To) TakeOne<T>() where T : GatewayRequest
    {
        var (to, message) = Take().Should().ContainSingle(outgoing => outgoing.Message is T).Subject;
        return ((T)message, to.Replica);
    }

    public T Begin<T>(T call) where T : ClientCall
    {
        Gateway.Begin(Now, call);
        Collect();
        return call;
    }

    public void Answer(GatewayReply reply)
    {
        Gateway.Receive(Now, reply);
        Collect();
    }

    /// <summary>A replica says who is the primary.</summary>
    public void Redirect(ulong tried, ulong epoch, int? primary, bool hearsQuorum = true) => Answer(new NotPrimary
    {
        Try = tried,
        Epoch = epoch,
        Primary = primary is { } replica ? new ReplicaId((byte)replica) : null,
        HearsQuorum = hearsQuorum,
    });

    public void Pass(TimeSpan time)
    {
        for (var until = NowMicroseconds + (long)time.TotalMicroseconds; NowMicroseconds < until;)
        {
            NowMicroseconds = Math.Min(until, NowMicroseconds + 1000);
            if (Gateway.NextDeadlineMicroseconds <= NowMicroseconds)
                Gateway.Tick(Now);
            Collect();
        }
    }

    /// <summary>Begins a write of a signal that has its stamp, and tells who the primary is.</summary>
    public (WriteCall Call, WriteRequest Request) BeginWrite(int primary = 1, ulong epoch = 3) =>
        BeginWrite(new WriteCall { Record = Signal() }, primary, epoch);

    public (WriteCall Call, WriteRequest Request) BeginWrite(WriteCall call, int primary = 1, ulong epoch = 3)
    {
        Begin(call);
        foreach (var located in Take().Select(outgoing => outgoing.Message).OfType<LocateRequest>())
            Redirect(located.Try, epoch, primary);
        return (call, (WriteRequest)_requests.Single().Message);
    }

    public static LogRecord Signal() => LogRecord.Signal(
        new OperationId(new SessionId(default, 1), 1), default, Ledger.Noon, new ItemId("item"), Ledger.User, Ledger.View, cohorts: []);

    public static QueryCall Query(string text = "RETRIEVE items") => new() { Query = RetrieveParser.Parse(text) };

    public void AnswerQuery(Outgoing asked, string item, bool isPrimary, ulong commitIndex) => Answer(new ShardQueryReply
    {
        Try = ((ShardQueryRequest)asked.Message).Try,
        Answer = new ShardAnswer([new RankedItem(new ItemId(item), 1)], 1, 1),
        IsPrimary = isPrimary,
        CommitIndex = commitIndex,
        Staleness = isPrimary ? TimeSpan.Zero : TimeSpan.FromMilliseconds(5),
        Origins = [],
    });

    private void Collect()
    {
        _requests.AddRange(Gateway.Effects.Messages);
        Gateway.Effects.Clear();
    }
}

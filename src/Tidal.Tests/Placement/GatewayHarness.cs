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
        int regions = 1, int replicas = 3, GatewayOptions? options = null, int region = 0, int[]? members = null, bool knowsTable = true, int shards = 1)
    {
        Options = options ?? new GatewayOptions();
        var topology = new Topology([.. Enumerable.Range(0, regions).Select(region => $"region-{region}")], shards, replicas);
        Tenants = new NodeDirectory(new Dictionary<TenantId, SignalSchema> { [TenantId.First] = Ledger.Schema, [new TenantId(2)] = Ledger.Schema });
        var held = topology.Regions.Where(region => members is null || members.Contains(region.Ordinal));
        if (knowsTable)
            Tenants.Take(RoutingTable.Empty.With(new TenantPlacement(TenantId.First, "first", [.. held])));
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

    /// <summary>A replica says that the tenant is placed otherwise.</summary>
    public void Moved(Outgoing asked, RoutingTable table) => Answer(new Moved { Try = ((GatewayRequest)asked.Message).Try, Table = table });

    /// <summary>The next table, in which regions have standings for the tenant; the gateway has not heard of it.</summary>
    public RoutingTable Next(params (int Region, MemberStanding Standing)[] members) => Tenants.Table.Replace(Tenants.Table.Tenants[0] with
    {
        Members = [.. members.Select(member => new TenantMember(new RegionId((ushort)member.Region), member.Standing))],
    });

    /// <summary>Tells the replicas of a region that ask who the primary is.</summary>
    public Outgoing LocateIn(int region, int primary = 1, ulong epoch = 3)
    {
        foreach (var located in Take().Where(outgoing => outgoing.To.Region.Ordinal == region).Select(outgoing => outgoing.Message).OfType<LocateRequest>())
            Redirect(located.Try, epoch, primary);
        return Take().Single();
    }

    /// <summary>Begins a write, tells who the primary is where that is asked, and gives the request.</summary>
    public Outgoing Send(WriteCall call)
    {
        Begin(call);
        return _requests[0].Message is WriteRequest ? Take().Single() : LocateIn(_requests[0].To.Region.Ordinal);
    }

    public void Acknowledge(Outgoing write) => Answer(new WriteReply { Try = ((WriteRequest)write.Message).Try, Result = WriteResult.Acknowledged });

    /// <summary>Tells whoever asks who the primary is, and gives what is sent then, until something else is sent.</summary>
    public List<Outgoing> LocateAll(int primary = 1, ulong epoch = 3)
    {
        foreach (var located in Take().Select(outgoing => outgoing.Message).OfType<LocateRequest>())
            Redirect(located.Try, epoch, primary);
        return Take();
    }

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

using Tidal.Placement;
using Tidal.Query;
using Tidal.Replication;
using Tidal.Schema;
using Tidal.Tests.Signals;

namespace Tidal.Tests.Placement;

/// <summary>A gateway of two regions, whose shards answer at once: in both regions a shard holds the same, as after any convergence.</summary>
internal sealed class QueryBench
{
    private static readonly Topology Topology = new(["us-east", "eu-west"], shards: 3, replicas: 1);
    private static readonly RegionId[] Regions = [.. Topology.Regions];

    private readonly NodeDirectory _tenants = new(new Dictionary<TenantId, SignalSchema> { [TenantId.First] = Ledger.Schema });
    private readonly Ledger[] _shards = [.. Topology.Shards.Select(_ => new Ledger())];
    private readonly ShardRouter _router = new(Topology.ShardCount);
    private readonly Gateway _gateway;

    public QueryBench(GatewayOptions? options = null)
    {
        _tenants.Take(RoutingTable.Empty.With(new TenantPlacement(TenantId.First, "first", Regions)));
        _gateway = new Gateway(new GatewaySettings(Regions[0], Topology, options ?? new GatewayOptions(), _tenants));
    }

    /// <summary>The wall clock; time passes only by hand.</summary>
    public long Now { get; set; } = Ledger.Noon;

    /// <summary>Shards asked since the beginning.</summary>
    public int ShardsAsked { get; private set; }

    public Ledger ShardOf(string item) => _shards[_router.ShardOf(TenantId.First, new ItemId(item)).Number];

    /// <summary>A new version of the routing table.</summary>
    public void ChangeRouting()
    {
        var table = _tenants.Table;
        var other = new TenantPlacement(new TenantId((uint)table.Version + 1), $"other {table.Version}", Regions);
        _tenants.Take(table.With(other)).Should().BeTrue();
    }

    public QueryAnswer Ask(string query)
    {
        var call = new QueryCall { Query = RetrieveParser.Parse(query) };
        _gateway.Begin(new ClockReading(0, Now), call);
        foreach (var outgoing in _gateway.Effects.Messages.ToList())
            Answer(outgoing.To, (ShardQueryRequest)outgoing.Message);
        _gateway.Effects.Clear();
        call.IsCompleted.Should().BeTrue();
        return call.Result!;
    }

    private void Answer(Address shard, ShardQueryRequest request)
    {
        ShardsAsked++;
        _gateway.Receive(new ClockReading(0, Now), new ShardQueryReply
        {
            Try = request.Try,
            Answer = new ShardQueryExecutor(shard.Region).Execute(_shards[shard.Shard.Number].State, request.Plan, request.Homes),
            IsPrimary = true,
            CommitIndex = 1,
            Staleness = TimeSpan.Zero,
            Origins = [],
        });
    }
}

using Tidal.Log;
using Tidal.Placement;
using Tidal.Replication;
using Tidal.Replication.Raft;
using Tidal.Schema;
using Tidal.Testing.Faults;
using Tidal.Testing.Oracles;

namespace Tidal.Testing.Tests.Simulation;

/// <summary>
/// One random history of a whole cluster. The fault contract: partitions of every kind and lossy links between regions, any
/// number at a time; wall clocks of nodes and regions skewed, jumping or standing still; inside a region one replica of a
/// group down at a time, its disk kept, torn or lost, the next only when all are voters again; messages inside a region may be
/// lost or doubled too. In some of them there is a second tenant with other member regions and another schema, which has
/// items, users and operations of the same ids. When the faults end the cluster must become quiet within a bound, every write that is retried be
/// acknowledged, and the audit be clean: invariants 1 to 7 and 9, the formula and the ground truth.
/// </summary>
internal sealed class ClusterHistoryRun : IDisposable
{
    /// <summary>Of a client, in all: never more outstanding than a session may have. Then another takes its place.</summary>
    private const int WritesMax = 60;

    private const int StepsMin = 60;
    private const int StepsMax = 80;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Longer: a snapshot in many chunks takes a round trip between regions for each.</summary>
    private static readonly TimeSpan PatienceUntilQuiet = TimeSpan.FromMinutes(2);

    /// <summary>Counts otherwise what the first counts too.</summary>
    private static readonly SignalSchema SecondSchema = new SchemaBuilder()
        .Signal("sale", TimeSpan.FromHours(48), weight: 5)
        .Signal("look", TimeSpan.FromMinutes(30), marksSeen: true)
        .Build();

    private static readonly SignalSchema Schema = new SchemaBuilder()
        .Signal("view", TimeSpan.FromHours(6), marksSeen: true)
        .Signal("like", TimeSpan.FromHours(24), weight: 3)
        .Cohort("locale")
        .SeenItems(3)
        .Build();

    private readonly DeterministicRandom _random;
    private readonly List<(ClusterClient Client, int Writes)> _clients = [];
    private readonly List<IFault> _faults = [];
    private readonly List<Task<WriteCall>> _retried = [];
    private readonly List<Task> _tried = [];

    public ClusterHistoryRun(ulong seed)
    {
        _random = new DeterministicRandom(EntityHash.Mix(seed));
        string[] regions = ["us-east", "eu-west", "ap-south"];
        Cluster = new SimulatedCluster(new ClusterOptions
        {
            Seed = seed,
            Schema = Schema,
            Topology = new Topology(regions = regions[..(2 + _random.Next(2))], shards: 1 + _random.Next(2), replicas: 3),
            Tenants = TenantsIn(regions),
            LocalLink = new LinkOptions(
                TimeSpan.FromMicroseconds(250), TimeSpan.FromMicroseconds(_random.Next(3) * 1000),
                Loss: _random.Next(3) * 0.01, Duplication: _random.Next(3) * 0.1),
            Replication = _random.Chance(0.5) ? new ReplicationOptions() : LittleLog(_random),
            Gateway = new GatewayOptions
            {
                // Longer than the way to the furthest region and back: the tenant may have moved there.
                CallDeadline = TimeSpan.FromMilliseconds(500 + _random.Next(1500)),
                WriteTimeout = TimeSpan.FromMilliseconds(250 + _random.Next(500)),
            },
        });
    }

    public SimulatedCluster Cluster { get; }

    /// <summary>Runs a history.</summary>
    /// <returns>Signals acknowledged.</returns>
    /// <exception cref="ClusterOracleException">A promise was broken.</exception>
    public static long Run(ulong seed)
    {
        using var run = new ClusterHistoryRun(seed);
        return run.Run();
    }

    public void Dispose() => Cluster.Dispose();

    public long Run()
    {
        Require(Cluster.RunUntil(() => Cluster.HasAllPrimaries, Patience), "not every shard got a primary");
        foreach (var tenant in Cluster.Tenants)
            _clients.AddRange(Cluster.HoldersOf(tenant).Select(region => (Cluster.NewClient(region, tenant), 0)));
        var steps = _random.Next(StepsMin, StepsMax + 1);
        for (var step = 0; step < steps; step++)
            Step();
        EndFaults();
        Require(Cluster.RunUntil(() => Cluster.IsSettled, PatienceUntilQuiet), "a tenant did not come to where it is wanted");
        Require(Cluster.RunUntil(() => _retried.TrueForAll(write => write.IsCompleted), Patience), "a write that is retried was never acknowledged");
        Require(Cluster.RunUntil(() => _tried.TrueForAll(call => call.IsCompleted), Patience), "a call was never completed");
        Require(Cluster.RunUntilQuiet(PatienceUntilQuiet), "the cluster did not become quiet");
        foreach (var call in _tried)
            call.GetAwaiter().GetResult();
        var findings = ClusterAudit.Run(Cluster);
        Require(findings.IsClean, findings.ToString());
        return findings.Accepted;
    }

    private void Step()
    {
        switch (_random.Next(13))
        {
            case < 4:
                Write(1 + _random.Next(12));
                break;
            case 4:
                _tried.Add(_random.Chance(0.2) ? RandomClient().EndSessionAsync() : AskAsync(RandomClient()));
                break;
            case 10 or 11:
                _tried.Add(AskForUserAsync(RandomClient()));
                break;
            case 5 or 6:
                Crash();
                break;
            case 12:
                Move();
                break;
            case 7:
                _faults.Add(Disturbance());
                break;
            default:
                EndOneFault();
                break;
        }
        var milliseconds = _random.Chance(0.3) ? _random.Next(3) : _random.Next(350);
        Cluster.Run(TimeSpan.FromMicroseconds(milliseconds * 1000 + _random.Next(1000)));
    }

    // Checkpoints and snapshots in every history of a minute.
    private static ReplicationOptions LittleLog(DeterministicRandom random) => new()
    {
        Log = new SegmentedLogOptions { SegmentBytesMax = random.Next(2) * 1000 },
        CheckpointEveryBytes = random.Next(3) * 1000,
        RetentionBytesMax = random.Next(3) * 1000,
        // Each chunk takes a round trip; there are to be some, and not hundreds.
        SnapshotChunkBytesMax = 1000 + random.Next(3000),
        Raft = new RaftOptions { SnapshotBytesMax = 100 + random.Next(3000) },
    };

    private void Write(int count)
    {
        var place = _random.Next(_clients.Count);
        var (client, writes) = _clients[place];
        if (writes == WritesMax)
            (client, writes) = (Cluster.NewClient(client.Region, client.Tenant), 0);
        count = Math.Min(count, WritesMax - writes);
        _clients[place] = (client, writes + count);
        if (_random.Chance(0.4))
        {
            _tried.Add(WanderAsync(client, [.. Enumerable.Range(0, count).Select(_ => RandomRecord())]));
            return;
        }
        for (var write = 0; write < count; write++)
        {
            if (_random.Chance(0.3))
                _retried.Add(WanderAsync(client, RandomRecord()));
            else if (_random.Chance(0.25))
                _tried.Add(client.TryWriteAsync(RandomRecord()));
            else
                _retried.Add(client.WriteAsync(RandomRecord(), TimeSpan.FromMilliseconds(20 + _random.Next(100))));
        }
    }

    /// <summary>Tries many writes in one call; then again what may be, together or each by itself, here or in other regions.</summary>
    private async Task WanderAsync(ClusterClient client, LogRecord[] records)
    {
        WriteBatchCall? last = await client.TryWriteAsync(records).ConfigureAwait(false), call = last;
        for (var hops = _random.Next(3); hops > 0 && call is not null; hops--)
        {
            await Cluster.Delay(TimeSpan.FromMilliseconds(_random.Next(100))).ConfigureAwait(false);
            call = await RandomClient(client.Tenant).TryAgainAsync(last).ConfigureAwait(false);
            last = call ?? last;
        }
        // Whatever came of it: a copy of what was acknowledged must be known again, and what is unknown must come to an end.
        for (var index = 0; index < last.Records.Length; index++)
            await RandomClient(client.Tenant).RetryAsync(await RandomClient(client.Tenant).TryAgainAsync(last.TryOf(index)).ConfigureAwait(false), TimeSpan.FromMilliseconds(50)).ConfigureAwait(false);
    }

    /// <summary>Tries a write in one region after another, whatever the one before said; some signals are taken back, too.</summary>
    private async Task<WriteCall> WanderAsync(ClusterClient client, LogRecord record)
    {
        var call = await client.TryWriteAsync(record).ConfigureAwait(false);
        for (var hops = 1 + _random.Next(3); hops > 0; hops--)
        {
            await Cluster.Delay(TimeSpan.FromMilliseconds(_random.Next(100))).ConfigureAwait(false);
            call = await RandomClient(client.Tenant).TryAgainAsync(call).ConfigureAwait(false);
        }
        call = await RandomClient(client.Tenant).RetryAsync(call, TimeSpan.FromMilliseconds(50)).ConfigureAwait(false);
        if (call is not { Record.Kind: RecordKind.Signal, Result.Outcome: WriteOutcomeKind.Acknowledged } || _random.Chance(0.5))
            return call;
        // By two users who do not know of each other.
        var retraction = LogRecord.Retraction(default, call.Record);
        await RandomClient(client.Tenant).WriteAsync(retraction, TimeSpan.FromMilliseconds(50)).ConfigureAwait(false);
        return await RandomClient(client.Tenant).WriteAsync(retraction, TimeSpan.FromMilliseconds(50)).ConfigureAwait(false);
    }

    // Every other time, if there are two; the second in some of the regions only.
    private ClusterTenant[] TenantsIn(string[] regions)
    {
        var first = new ClusterTenant("first");
        return _random.Chance(0.5)
            ? [first]
            : [first, new ClusterTenant("second") { Schema = SecondSchema, Regions = regions[_random.Next(2)..(2 + _random.Next(regions.Length - 1))] }];
    }

    private ClusterClient RandomClient() => _clients[_random.Next(_clients.Count)].Client;

    private ClusterClient RandomClient(TenantId tenant)
    {
        var clients = _clients.FindAll(client => client.Client.Tenant == tenant);
        return clients[_random.Next(clients.Count)].Client;
    }

    private LogRecord RandomRecord()
    {
        var now = Cluster.Now.ToUnixTimeMilliseconds();
        var number = _random.Next(6);
        var item = new ItemId($"item-{number}");
        var user = RandomUser();
        return _random.Next(14) switch
        {
            0 => LogRecord.ForItem(default, default, now, item, RandomRegion(), [
                // An item keeps its creator: a region cannot hide by one that it has not heard of.
                new AttributeValue("creator", $"creator-{number % 3}"), new AttributeValue("topic", $"{_random.Next(3)}"),
            ]),
            < 4 => RandomHide(now, user, item),
            4 => LogRecord.ForUser(default, default, now, user, [new AttributeValue("locale", _random.Chance(0.5) ? "de" : "fr")]),
            _ => LogRecord.Signal(default, default, now - _random.Next(100_000), item, user, new SignalTypeId((ushort)_random.Next(2)), _random.Next(4) + 0.5),
        };
    }

    // Few things to hide, so that hides and undos of the same meet.
    private LogRecord RandomHide(long now, UserId user, ItemId item)
    {
        var (kind, isUndo) = ((NegativeKind)_random.Next(3), _random.Chance(0.4));
        return _random.Chance(0.3)
            ? LogRecord.HardNegative(default, default, now, user, $"creator-{_random.Next(3)}", TargetKind.Creator, kind, isUndo)
            : LogRecord.HardNegative(default, default, now, user, item.Value, TargetKind.Item, kind, isUndo);
    }

    // What is listed is held against what was hidden by the watch for leaks.
    private async Task AskForUserAsync(ClusterClient client)
    {
        string[] clauses = ["", "READ local", "FILTER unseen", "DIVERSITY max_per_creator:1", "LIMIT 2"];
        await client.QueryAsync($"RETRIEVE items FOR USER @{RandomUser().Value} USING PROFILE top {clauses[_random.Next(clauses.Length)]}").ConfigureAwait(false);
    }

    private UserId RandomUser() => new($"user-{_random.Next(4)}");

    private async Task AskAsync(ClusterClient client)
    {
        var answer = await client.QueryAsync("RETRIEVE items USING PROFILE trending").ConfigureAwait(false);
        var stats = answer.Stats;
        var covered = stats.Answered.Concat(stats.Missing.Select(missing => missing.Place)).Distinct().Count();
        Require(stats.Asked.Count > 0 && stats.Asked.Count % Cluster.Topology.ShardCount == 0 && covered == stats.Asked.Count, "an answer did not say what it covers");
    }

    /// <summary>A tenant is wanted in other regions, whatever it is about: it may be on its way to others.</summary>
    private void Move()
    {
        if (_random.Chance(0.3))
        {
            _faults.Add(_random.Chance(0.5)
                ? new ControlPlaneCrash(Cluster, RandomRegion())
                : new NodeCrash(Cluster, new NodeId(RandomRegion(), new ReplicaId((byte)_random.Next(Cluster.Topology.ReplicaCount)))));
            return;
        }
        var tenant = Cluster.Tenants.ElementAt(_random.Next(Cluster.Tenants.Count()));
        var regions = Cluster.Topology.Regions.Where(_ => _random.Chance(0.5)).ToList();
        Cluster.ChangeRouting(tenant, regions.Count == 0 ? [RandomRegion()] : regions);
    }

    private void Crash()
    {
        var (region, shard) = (RandomRegion(), new ShardId((ushort)_random.Next(Cluster.Topology.ShardCount)));
        var alive = Cluster.Replicas(region, shard).ToList();
        if (alive.Count < Cluster.Topology.ReplicaCount || !alive.TrueForAll(replica => replica.Raft.IsVoter))
            return;
        var disk = (DiskFate)_random.Next(3);
        var primary = Cluster.PrimaryOf(region, shard) is not null && _random.Chance(0.6);
        _faults.Add(primary ? ShardCrash.OfPrimary(Cluster, region, shard, disk) : ShardCrash.OfFollower(Cluster, region, shard, disk));
    }

    private IFault Disturbance()
    {
        var first = RandomRegion();
        var second = new RegionId((ushort)((first.Ordinal + 1 + _random.Next(Cluster.Topology.RegionCount - 1)) % Cluster.Topology.RegionCount));
        return _random.Next(6) switch
        {
            0 => NetworkPartition.Isolate(Cluster, first),
            1 => NetworkPartition.Between(Cluster, first, second),
            2 => NetworkPartition.OneWay(Cluster, first, second),
            3 or 4 => ClockThatLies(_random.Chance(0.5)
                ? StruckClocks.Of(Cluster, first)
                : StruckClocks.Of(Cluster, new NodeId(first, new ReplicaId((byte)_random.Next(Cluster.Topology.ReplicaCount))))),
            _ => new LossyLink(Cluster, first, second, _random.Next(40) / 100.0, _random.Next(40) / 100.0),
        };
    }

    // Within minutes: what happens too far ahead of a clock is refused as invalid, and for good.
    private ClockFault ClockThatLies(StruckClocks struck)
    {
        var ahead = TimeSpan.FromMilliseconds(_random.Next(2) == 0 ? _random.Next(-450, 451) : _random.Next(-200_000, 200_001));
        return _random.Next(3) switch
        {
            0 => new ClockSkew(Cluster, struck, ahead),
            1 => new ClockJump(Cluster, struck, ahead, TimeSpan.FromMilliseconds(_random.Next(0, 200))),
            _ => new ClockFreeze(Cluster, struck),
        };
    }

    private void EndOneFault()
    {
        if (_faults.Count == 0)
            return;
        var place = _random.Next(_faults.Count);
        _faults[place].Dispose();
        _faults.RemoveAt(place);
    }

    private void EndFaults()
    {
        foreach (var fault in _faults)
            fault.Dispose();
        _faults.Clear();
    }

    private RegionId RandomRegion() => new((ushort)_random.Next(Cluster.Topology.RegionCount));

    private static void Require(bool condition, string otherwise)
    {
        if (!condition)
            throw new ClusterOracleException(otherwise);
    }
}

/// <summary>A cluster broke a promise.</summary>
internal sealed class ClusterOracleException(string message) : Exception(message);

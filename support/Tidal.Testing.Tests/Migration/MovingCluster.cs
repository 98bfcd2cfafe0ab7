using Tidal.Log;
using Tidal.Placement;
using Tidal.Schema;
using Tidal.Testing.Oracles;

namespace Tidal.Testing.Tests.Migration;

/// <summary>A small cluster of three regions and two shards, with a tenant that moves while clients of all regions write and ask.</summary>
internal sealed class MovingCluster : IDisposable
{
    public static readonly RegionId East = new(0);
    public static readonly RegionId West = new(1);
    public static readonly RegionId South = new(2);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly List<Task<WriteCall>> _writes = [];
    private readonly List<ClusterClient> _clients;
    private int _written;

    public MovingCluster(ulong seed, IReadOnlyList<string>? regions = null)
    {
        Cluster = new SimulatedCluster(new ClusterOptions
        {
            Seed = seed,
            Schema = new SchemaBuilder().Signal("view", TimeSpan.FromHours(6), marksSeen: true).Cohort("locale").Build(),
            Topology = new Topology(["us-east", "eu-west", "ap-south"], shards: 2, replicas: 3),
            Tenants = [new ClusterTenant("moving") { Regions = regions ?? ["us-east", "eu-west"] }, new ClusterTenant("staying")],
        });
        Require(Cluster.RunUntil(() => Cluster.HasAllPrimaries, Patience), "not every shard got a primary");
        Moving = Cluster.TenantNamed("moving");
        _clients = [.. Cluster.Topology.Regions.Select(region => Cluster.NewClient(region, Moving)), Cluster.NewClient(East, Cluster.TenantNamed("staying"))];
    }

    public SimulatedCluster Cluster { get; }

    public TenantId Moving { get; }

    public MigrationProgress Progress => Cluster.ControlPlane!.ProgressOf(Moving)!;

    public void Dispose() => Cluster.Dispose();

    /// <summary>Changes where the tenant is wanted.</summary>
    public void MoveTo(params RegionId[] regions) => Cluster.ChangeRouting(Moving, regions);

    /// <summary>Every client writes so often, and asks in between; each write is retried until it is acknowledged.</summary>
    public void Write(int times)
    {
        for (var time = 0; time < times; time++)
        {
            foreach (var client in _clients)
                _writes.Add(client.WriteAsync(Signal(), TimeSpan.FromMilliseconds(50)));
            Cluster.Run(TimeSpan.FromMilliseconds(20));
        }
    }

    /// <summary>Goes on writing until the tenant is where it is wanted.</summary>
    public void RunUntilSettled()
    {
        for (var until = Cluster.Elapsed + Patience; !Cluster.IsSettled;)
        {
            if (Cluster.Elapsed >= until)
                throw new InvalidOperationException($"the move did not end: {Progress.Step}, {string.Join("; ", Progress.WaitsFor)}");
            Write(1);
        }
    }

    /// <summary>Lets all come to an end, and audits it.</summary>
    public void MustHaveLostNothing()
    {
        Require(Cluster.RunUntil(() => _writes.TrueForAll(write => write.IsCompleted), Patience), "a write was never acknowledged");
        Require(Cluster.RunUntilQuiet(Patience), "the cluster did not become quiet");
        var findings = ClusterAudit.Run(Cluster);
        Require(findings.IsClean, findings.ToString());
        var left = TenantBytes.Of(Cluster, Moving, [.. Cluster.StrangersTo(Moving)]);
        Require(left.Count == 0, $"bytes are left behind: {string.Join("; ", left.Take(5))}");
    }

    private LogRecord Signal()
    {
        var number = _written++;
        var now = Cluster.Now.ToUnixTimeMilliseconds();
        return LogRecord.Signal(default, default, now, new ItemId($"item-{number % 7}"), new UserId($"user-{number % 3}"), default, 1);
    }

    private static void Require(bool condition, string otherwise)
    {
        if (!condition)
            throw new InvalidOperationException(otherwise);
    }
}

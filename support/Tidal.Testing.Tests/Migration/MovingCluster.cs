using Tidal.Log;
using Tidal.Placement;
using Tidal.Schema;
using Tidal.Testing.Oracles;

namespace Tidal.Testing.Tests.Migration;

/// <summary>
/// A small cluster of three regions and two shards. One tenant stays; another is in us-east and eu-west and is to move to
/// eu-west and ap-south, while clients in all regions write all the time. What they do depends on the time alone, so that two runs
/// are the same up to the event at which they are made to differ.
/// </summary>
internal sealed class MovingCluster : IDisposable
{
    public static readonly RegionId Source = new(0);
    public static readonly RegionId Third = new(1);
    public static readonly RegionId Target = new(2);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(150);

    private readonly List<Task<WriteCall>> _writes = [];
    private bool _isWriting = true;
    private int _written;

    public MovingCluster(ulong seed)
    {
        Cluster = new SimulatedCluster(new ClusterOptions
        {
            Seed = seed,
            Schema = new SchemaBuilder().Signal("view", TimeSpan.FromHours(6), marksSeen: true).Cohort("locale").Build(),
            Topology = new Topology(["us-east", "eu-west", "ap-south"], shards: 2, replicas: 3),
            Tenants = [new ClusterTenant("moving") { Regions = ["us-east", "eu-west"] }, new ClusterTenant("staying")],
        });
        Moving = Cluster.TenantNamed("moving");
        Require(Cluster.RunUntil(() => Cluster.HasAllPrimaries, Patience), "not every shard got a primary");
        foreach (var region in Cluster.Topology.Regions)
            KeepWriting(Cluster.NewClient(region, Moving));
        KeepWriting(Cluster.NewClient(Source, Cluster.TenantNamed("staying")));
    }

    public SimulatedCluster Cluster { get; }

    public TenantId Moving { get; }

    public TenantPlacement Placement => Cluster.PlacementOf(Moving);

    public MigrationProgress Progress => Cluster.ControlPlane!.ProgressOf(Moving)!;

    public void Dispose() => Cluster.Dispose();

    /// <summary>Changes where the tenant is wanted.</summary>
    public void MoveTo(params RegionId[] regions) => Cluster.ChangeRouting(Moving, regions);

    /// <summary>Goes on until the tenant is where it is wanted.</summary>
    public void RunUntilSettled()
    {
        if (!Cluster.RunUntil(() => Cluster.IsSettled, Patience))
            throw new InvalidOperationException($"the move did not end: {Progress.Step}, {string.Join("; ", Progress.WaitsFor)}");
    }

    /// <summary>Lets all come to an end, and audits it.</summary>
    public void MustHaveLostNothing()
    {
        _isWriting = false;
        Require(Cluster.RunUntil(() => _writes.TrueForAll(write => write.IsCompleted), Patience), "a write was never acknowledged");
        Require(Cluster.RunUntilQuiet(Patience), "the cluster did not become quiet");
        var findings = ClusterAudit.Run(Cluster);
        Require(findings.IsClean, findings.ToString());
        var left = TenantBytes.Of(Cluster, Moving, [.. Cluster.StrangersTo(Moving)]);
        Require(left.Count == 0, $"bytes are left behind: {string.Join("; ", left.Take(5))}");
    }

    private void KeepWriting(ClusterClient client)
    {
        if (!_isWriting)
            return;
        _writes.Add(client.WriteAsync(Signal(), Pause));
        Cluster.After(Pause, () => KeepWriting(client));
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

using Tidal.Log;
using Tidal.Placement;
using Tidal.Replication;
using Tidal.Schema;

namespace Tidal.Testing.Drivers;

// The software of the nodes, replaced under load.
public sealed partial class ClusterDriver
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(20);

    private ClusterLoad? _load;
    private (NodeId Node, ReplicationOptions Software)? _downgraded;
    private string? _raisedTooEarly;

    /// <summary>What the users who keep sending and asking were told.</summary>
    public ClusterLoad Load => _load ?? throw new InvalidOperationException("Nobody keeps sending signals and asking queries.");

    /// <summary>How far the upgrade is.</summary>
    public UpgradeProgress Upgraded => Upgradable.Upgrade?.Progress ?? throw new InvalidOperationException("There is no upgrade.");

    /// <summary>The most nodes that were down at one time while it was under way.</summary>
    public int NodesDownMost { get; private set; }

    /// <summary>Users of every region begin to send signals and to ask queries, and go on until the end.</summary>
    /// <param name="signal">The signal type's name.</param>
    /// <param name="items">What for.</param>
    public void BeginLoad(string signal, params string[] items) => _load = new ClusterLoad(
        Cluster, Cluster.Topology.Regions.Select(region => ClientIn(Cluster.Topology.NameOf(region))), [.. items.Select(item => new ItemId(item))], SignalNamed(signal));

    /// <summary>Begins to upgrade all nodes; from then on it is looked at again and again, as time passes.</summary>
    /// <param name="format">The newest log format that the new software reads.</param>
    public void Upgrade(ushort format)
    {
        Upgradable.BeginUpgrade(new ClusterUpgrade { Software = Reading(format) });
        LookAtUpgrade(format);
    }

    /// <summary>Lets an upgrade go on until it is done.</summary>
    /// <param name="bound">The longest wait.</param>
    /// <returns>How many nodes are upgraded in the end.</returns>
    /// <exception cref="InvalidOperationException">A group raised the format, or wrote it, while a node did not read it.</exception>
    public int UpgradedWithin(TimeSpan bound)
    {
        for (var until = Cluster.Elapsed + bound; Cluster.Elapsed < until && Upgraded.Step != UpgradeStep.Done;)
            Cluster.Run(LookEvery);
        return _raisedTooEarly is null ? Upgraded.Upgraded.Count : throw new InvalidOperationException(_raisedTooEarly);
    }

    /// <summary>Whether an upgrade is at a step with a node of a region.</summary>
    /// <param name="step">The step.</param>
    /// <param name="region">The region.</param>
    public bool IsAt(UpgradeStep step, string region) => Upgraded.Step == step && Upgraded.Node?.Region == Region(region);

    /// <summary>The formats in which the regions write what they accept within a second, each once, in order.</summary>
    public IEnumerable<int> FormatsWritten()
    {
        var ends = Upgradable.AllReplicas.Where(replica => replica.Raft.IsReadyPrimary).ToDictionary(replica => replica, replica => replica.Raft.Log.LastIndex);
        Pass(TimeSpan.FromSeconds(1));
        return [.. ends.SelectMany(end => FormatsIn(end.Key, end.Value + 1)).Distinct().Order()];
    }

    /// <summary>Says which software all nodes start with, before the cluster starts.</summary>
    /// <param name="format">The newest log format that it reads.</param>
    public void Install(ushort format) => Configure(options => options with { Replication = Reading(options.Replication, format) });

    /// <summary>Starts a node of a region with other software.</summary>
    /// <param name="region">The region.</param>
    /// <param name="format">The newest log format that it reads.</param>
    public void Reinstall(string region, ushort format)
    {
        var node = new NodeId(Region(region), default);
        _downgraded = (node, Upgradable.NodeAt(node).Replication);
        WhyRefused = Upgradable.Reinstall(node, Reading(format))?.Message;
    }

    private SimulatedCluster Upgradable => Simulated("Software is replaced");

    private ReplicationOptions Reading(ushort format) => Reading(Cluster.Options.Replication, format);

    private static ReplicationOptions Reading(ReplicationOptions options, ushort format) =>
        options with { Log = options.Log with { FormatReadable = format } };

    // Which replica of the region it is, and whether it is silent or behind, differs from run to run.
    private string? UpgradeWaitsFor() =>
        Upgraded.WaitsFor is { } obstacle ? $"{Cluster.Topology.NameOf(obstacle.Node.Region)} is not level" : null;

    private void LookAtUpgrade(ushort format)
    {
        NodesDownMost = Math.Max(NodesDownMost, Upgradable.NodesDown);
        var isRaised = Upgradable.AllReplicas.Any(replica => replica.Raft.Format == format || FormatsIn(replica, replica.Raft.Log.LastIndex).Contains(format));
        if (isRaised && Upgradable.OldestFormatReadable < format)
            _raisedTooEarly ??= $"Format {format} is raised, and not every node reads it.";
        if (Upgraded.Step != UpgradeStep.Done)
            Cluster.After(LookEvery, () => LookAtUpgrade(format));
    }

    /// <summary>The formats of what a replica's region accepted, in its log from an index on.</summary>
    private static IEnumerable<int> FormatsIn(ShardReplica replica, ulong first) =>
        from index in Enumerable.Range(0, (int)Math.Max(0, (long)(replica.Raft.Log.LastIndex + 1 - first)))
        let envelope = replica.Raft.Log.Read(first + (ulong)index)
        where envelope.Kind == EnvelopeKind.Batch
        let header = BatchHeader.Read(envelope.Payload.Span)
        where header.Origin.Region == replica.Self.Region
        select (int)header.Version;

    /// <summary>Nobody sends or asks any more, and a node that refused its software gets back what it had.</summary>
    private void EndLoadAndDowngrade()
    {
        _load?.End();
        if (_downgraded is { } downgraded)
            Upgradable.Reinstall(downgraded.Node, downgraded.Software);
        _downgraded = null;
    }
}

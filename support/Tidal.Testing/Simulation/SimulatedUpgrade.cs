using Tidal.Placement;
using Tidal.Replication;
using Tidal.Schema;
using Tidal.Testing.History;

namespace Tidal.Testing.Simulation;

/// <summary>Hosts a rolling upgrade in a simulated cluster, and is the operator's hand that stops a node, replaces its software and starts it.</summary>
internal sealed class SimulatedUpgrade : IActor
{
    private readonly SimulatedCluster _cluster;
    private readonly ClusterUpgrade _options;
    private readonly UpgradeSettings _settings;
    private readonly HashSet<NodeId> _underWay = [];
    private RollingUpgrade _machine;
    private bool _isStopped;
    private readonly Wakeup _wakeup;

    public SimulatedUpgrade(SimulatedCluster cluster, ClusterUpgrade options, ICoordinator coordinator)
    {
        (_cluster, _options) = (cluster, options);
        _wakeup = new Wakeup(cluster.World.Time, this);
        _settings = new UpgradeSettings(
            options.Region, cluster.Topology, coordinator, options.Software.FormatReadable, new UpgradeOptions());
        _machine = new RollingUpgrade(_settings);
        _wakeup.Ask(0);
    }

    /// <summary>The machine; read it, never drive it.</summary>
    public RollingUpgrade Machine => _machine;

    /// <summary>The process that ran it died, and another takes its place: it knows nothing.</summary>
    public void Restart()
    {
        (_machine, _isStopped) = (new RollingUpgrade(_settings), false);
        _wakeup.Ask(0);
    }

    /// <summary>The process that ran it died.</summary>
    public void Stop() => _isStopped = true;

    public void Handle(in DueEvent due)
    {
        var world = _cluster.World;
        if (_isStopped || (due.Kind == DueKind.Wake && !_wakeup.Takes(due)))
            return;
        if (due.Kind == DueKind.Wake)
            _machine.Tick(world.Clocks.ReadAtGateway(_settings.Region));
        else if (!world.Network.IsLost(due))
            _machine.Receive(due.From, due.Message!);
        foreach (var outgoing in _machine.Effects.Messages)
            world.Network.Send(_machine.Self, outgoing.To, outgoing.Message);
        _machine.Effects.Clear();
        foreach (var node in _machine.Orders)
            Upgrade(node);
        _machine.Orders.Clear();
        if (due.Kind == DueKind.Wake)
            _wakeup.Ask(_machine.NextDeadlineMicroseconds);
    }

    private void Upgrade(NodeId node)
    {
        if (!_underWay.Add(node))
            return;
        var name = $"node {node.Replica.Number} of {_cluster.Topology.NameOf(node.Region)}";
        _cluster.WriteFault(HistoryKind.FaultBegan, Address.OfNode(node), $"{name} is stopped to be upgraded", new HistoryScope(HistorySort.Stop, [node.Region]));
        _cluster.NodeAt(node).Stop();
        _cluster.After(_options.Downtime, () =>
        {
            _underWay.Remove(node);
            _cluster.NodeAt(node).Start(_options.Software);
            _cluster.WriteFault(HistoryKind.Returned, Address.OfNode(node), $"{name} is back with its new software", new HistoryScope(HistorySort.Stop, [node.Region]));
        });
    }
}

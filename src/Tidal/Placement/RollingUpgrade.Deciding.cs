using Tidal.Replication;
using Tidal.Schema;

namespace Tidal.Placement;

/// <content>What is next, by the answers to the last question.</content>
public sealed partial class RollingUpgrade
{
    private NodeId? _current;
    private bool _isOrdered;
    private bool _isStopped;

    /// <summary>What keeps a node from being stopped now, by the answers to the last question; null if nothing does.</summary>
    /// <param name="node">The node.</param>
    public UpgradeObstacle? ObstacleTo(NodeId node)
    {
        if (_current is { } current && current != node)
            return new UpgradeObstacle(UpgradeObstacleReason.AnotherUnderWay, current);
        if (StatusOf(node) is null)
            return new UpgradeObstacle(UpgradeObstacleReason.NodeSilent, node);
        foreach (var shard in _settings.Topology.Shards)
        {
            if (PrimaryOf(node.Region, shard) is not { } primary)
                return new UpgradeObstacle(UpgradeObstacleReason.NoPrimary, node, shard);
            if (primary.LevelVoters.Count(voter => voter != node.Replica) < _quorum)
                return new UpgradeObstacle(UpgradeObstacleReason.BelowQuorum, node, shard, primary.LevelVoters.Count);
        }
        return null;
    }

    /// <summary>Orders a node out of its turn.</summary>
    /// <param name="node">The node.</param>
    /// <returns>Null when it is its turn now; else why it is not, and then nothing is changed.</returns>
    public UpgradeObstacle? Upgrade(NodeId node)
    {
        var obstacle = ObstacleTo(node);
        if (obstacle is null && _current is null)
            (_current, _isOrdered) = (node, false);
        return obstacle;
    }

    private void Decide()
    {
        var upgraded = _nodes.Where(Reads).ToList();
        var (step, waitsFor) = Next();
        Progress = new UpgradeProgress(step, _current, upgraded, waitsFor);
    }

    private (UpgradeStep Step, UpgradeObstacle? WaitsFor) Next()
    {
        if (_current is { } upgrading && _isOrdered && IsBack(upgrading) is { } under)
            return under;
        if (_current is null || _isOrdered)
            TakeNext();
        if (_current is { } node)
            return ObstacleTo(node) is { } arisen ? PutOff(arisen) : Drain(node);
        return Array.Find(_nodes, waiting => !Reads(waiting)) is var first && !_nodes.All(Reads)
            ? (UpgradeStep.Waiting, ObstacleTo(first))
            : Raise();
    }

    /// <summary>How far a node is that was ordered to be upgraded; null when it is back and level.</summary>
    private (UpgradeStep, UpgradeObstacle?)? IsBack(NodeId node)
    {
        if (StatusOf(node) is not { } status)
        {
            _isStopped = true;
            return (UpgradeStep.Upgrading, null);
        }
        if (status.FormatReadable < _settings.FormatWanted)
        {
            // Back with the software that it had: once more. Else it is about to be stopped.
            _isOrdered = !_isStopped;
            return (UpgradeStep.Upgrading, null);
        }
        foreach (var shard in _settings.Topology.Shards)
        {
            if (PrimaryOf(node.Region, shard)?.LevelVoters.Contains(node.Replica) != true)
                return (UpgradeStep.Rejoining, new UpgradeObstacle(UpgradeObstacleReason.NotLevel, node, shard));
        }
        return null;
    }

    /// <summary>The first node that is to be upgraded and may be: another may have to wait for long.</summary>
    private void TakeNext()
    {
        (_current, _isOrdered) = (null, false);
        foreach (var node in _nodes)
        {
            if (Reads(node) || ObstacleTo(node) is not null)
                continue;
            _current = node;
            return;
        }
    }

    private (UpgradeStep, UpgradeObstacle?) PutOff(UpgradeObstacle arisen)
    {
        _current = null;
        return (UpgradeStep.Waiting, arisen);
    }

    private (UpgradeStep, UpgradeObstacle?) Drain(NodeId node)
    {
        var status = StatusOf(node)!;
        if (!status.IsDraining || status.IsPrimaryOfAny)
            return (UpgradeStep.Draining, null);
        Orders.Add(node);
        (_isOrdered, _isStopped) = (true, false);
        return (UpgradeStep.Upgrading, null);
    }

    /// <summary>All nodes that were heard read the new format. It is raised when all were heard, just now.</summary>
    private (UpgradeStep, UpgradeObstacle?) Raise()
    {
        var table = _settings.Coordinator.Current;
        var silent = _nodes.Where(node => StatusOf(node) is null).ToList();
        if (!IsRaised && silent.Count > 0)
            return (UpgradeStep.Waiting, new UpgradeObstacle(UpgradeObstacleReason.NodeSilent, silent[0]));
        if (!IsRaised)
            _settings.Coordinator.TryReplace(table.Version, table.RaiseFormat(_settings.FormatWanted));
        return HaveAllRaised() ? (UpgradeStep.Done, null) : (UpgradeStep.Raising, null);
    }

    private bool HaveAllRaised() => _settings.Topology.Regions.All(region => _settings.Topology.Shards.All(shard =>
        PrimaryOf(region, shard)?.Format >= _settings.FormatWanted));

    /// <summary>What the primary of the newest epoch says of a shard in a region; null if none has answered.</summary>
    private ReplicaStanding? PrimaryOf(RegionId region, ShardId shard)
    {
        ReplicaStanding? primary = null;
        foreach (var replica in _settings.Topology.Replicas)
        {
            foreach (var standing in StatusOf(new NodeId(region, replica))?.Replicas ?? [])
            {
                if (standing.Shard == shard && standing.IsPrimary && !(primary?.Epoch > standing.Epoch))
                    primary = standing;
            }
        }
        return primary;
    }
}

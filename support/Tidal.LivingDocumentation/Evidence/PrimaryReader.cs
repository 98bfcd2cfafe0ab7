using Tidal.Replication;
using Tidal.Schema;
using Tidal.Testing.History;

namespace Tidal.LivingDocumentation.Drawing;

/// <summary>Follows which shards have a primary that answers. Not safe for use by several threads.</summary>
internal sealed class PrimaryReader(Topology topology)
{
    private readonly Dictionary<(RegionId, ShardId), List<(long From, long? To, Address Primary)>> _reigns = [];

    /// <summary>Something happened: a replica became primary, or stopped being it, or stopped.</summary>
    public void Take(in HistoryLine line)
    {
        if (line.Kind == HistoryKind.Replica && line.Event.Kind == ReplicaEventKind.PrimaryReady)
            Begin(line.Place, line.TimeMicroseconds);
        else if (line.Kind == HistoryKind.Replica && line.Event.Kind == ReplicaEventKind.SteppedDown)
            End(line.Place, line.TimeMicroseconds);
        else if (line.Kind == HistoryKind.FaultBegan && line.Scope?.Sort == HistorySort.Stop)
            Stop(line, line.TimeMicroseconds);
        else if (line.Scope is { Sort: HistorySort.Order, Replica: { } founded } && _reigns.TryGetValue((founded.Region, founded.Shard), out var reigns))
            End(reigns[^1].Primary, line.TimeMicroseconds);
    }

    /// <summary>When each shard had a primary, from a time to another.</summary>
    public IReadOnlyDictionary<(RegionId, ShardId), IReadOnlyList<Presence>> Until(long began, long ended) => _reigns.ToDictionary(
        reigns => reigns.Key,
        IReadOnlyList<Presence> (reigns) => [
            .. reigns.Value.Select(reign => new Presence(Math.Max(began, reign.From), Math.Min(ended, reign.To ?? ended))).Where(reign => reign.To > reign.From),
        ]);

    private void Begin(Address primary, long time)
    {
        if (!_reigns.TryGetValue((primary.Region, primary.Shard), out var reigns))
            _reigns.Add((primary.Region, primary.Shard), reigns = []);
        // One that was cut off may not know yet that there is another.
        if (reigns.Count > 0 && reigns[^1].To is null)
            reigns[^1] = reigns[^1] with { To = time };
        reigns.Add((time, null, primary));
    }

    private void End(Address primary, long time)
    {
        if (_reigns.TryGetValue((primary.Region, primary.Shard), out var reigns) && reigns[^1].To is null && reigns[^1].Primary == primary)
            reigns[^1] = reigns[^1] with { To = time };
    }

    private void Stop(in HistoryLine line, long time)
    {
        if (line.Scope!.Replica is { } replica)
            End(replica, time);
        foreach (var shard in line.Place.IsNode ? topology.Shards : [])
            End(new Address(line.Place.Region, shard, line.Place.Replica), time);
    }
}

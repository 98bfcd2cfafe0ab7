using Tidal.Replication;

namespace Tidal.Hosting;

/// <summary>
/// A question to a node as a whole, on its way through all of its workers: each takes the order in it and says how its replicas
/// stand, and the last one answers for all. Safe for use by several threads.
/// </summary>
internal sealed class StatusGathering(NodeStatusRequest request, int workers)
{
    private readonly Lock _lock = new();
    private readonly List<NodeStatus> _parts = [];

    /// <summary>What was asked.</summary>
    public NodeStatusRequest Request => request;

    /// <summary>Takes the part of one worker.</summary>
    /// <returns>The whole, when this was the last part; else null.</returns>
    public NodeStatus? Add(NodeStatus part)
    {
        lock (_lock)
        {
            _parts.Add(part);
            if (_parts.Count < workers)
                return null;
            return new NodeStatus
            {
                Round = part.Round,
                FormatReadable = part.FormatReadable,
                IsDraining = part.IsDraining,
                Replicas = [.. _parts.SelectMany(gathered => gathered.Replicas).OrderBy(replica => replica.Shard)],
            };
        }
    }
}

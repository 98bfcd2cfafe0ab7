using System.Diagnostics.Metrics;
using Tidal.Replication;
using Tidal.Schema;

namespace Tidal.Hosting;

/// <summary>
/// Reads a cluster when somebody who listens asks: each replica on its own thread. Threads that are held up are left out. Safe for use
/// by several threads; a thread of the cluster, which cannot wait for itself, is told nothing.
/// </summary>
internal sealed class ClusterReadings(TidalCluster cluster, TidalMetrics metrics)
{
    /// <summary>How long a reading waits for the cluster's threads.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Messages dropped since the start, by thread.</summary>
    public IEnumerable<Measurement<long>> Dropped() =>
        cluster.Mailboxes.Select(mailbox => new Measurement<long>(mailbox.Dropped, new KeyValuePair<string, object?>("thread", mailbox.Thread)));

    /// <summary>What waits now, by thread.</summary>
    public IEnumerable<Measurement<long>> Depths() => cluster.Mailboxes.Select(
        mailbox => new Measurement<long>(mailbox.Messages + mailbox.Calls, new KeyValuePair<string, object?>("thread", mailbox.Thread)));

    /// <summary>How far each region is behind each other.</summary>
    public IEnumerable<Measurement<double>> Lags()
    {
        var oldest = new Dictionary<(RegionId From, RegionId To), double>();
        foreach (var lag in Look(static replica => replica.Raft.IsReadyPrimary ? replica.Lags.ToArray() : []).SelectMany(lags => lags.Value))
            oldest[(lag.Origin, lag.Target)] = Math.Max(oldest.GetValueOrDefault((lag.Origin, lag.Target)), lag.Age.TotalSeconds);
        return oldest.Select(pair => new Measurement<double>(
            pair.Value,
            new KeyValuePair<string, object?>("from", cluster.Topology.NameOf(pair.Key.From)),
            new KeyValuePair<string, object?>("to", cluster.Topology.NameOf(pair.Key.To))));
    }

    /// <summary>Envelopes held and not known to be committed, by replica.</summary>
    public IEnumerable<Measurement<long>> Uncommitted() => Look(static replica => (long)(replica.Raft.Log.LastIndex - replica.Raft.CommitIndex))
        .Select(each => new Measurement<long>(each.Value, metrics.TagsOf(each.Key)));

    private List<KeyValuePair<Address, T>> Look<T>(Func<ShardReplica, T> look)
    {
        if (HostThread.Current is not null || cluster.IsClosing)
            return [];
        var looks = (from region in cluster.Topology.Regions
                     from shard in cluster.Topology.Shards
                     from replica in cluster.Topology.Replicas
                     let place = new Address(region, shard, replica)
                     select (Place: place, Seen: cluster.InspectAsync(place, found => found is null ? (false, default!) : (true, look(found))))).ToList();
        Task.WhenAll(looks.Select(each => each.Seen)).ContinueWith(static _ => { }, TaskScheduler.Default).Wait(Patience);
        return [.. from each in looks
                   where each.Seen.IsCompletedSuccessfully && each.Seen.Result.Item1
                   select KeyValuePair.Create(each.Place, each.Seen.Result.Item2)];
    }
}

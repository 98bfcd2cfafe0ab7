using Tidal.Crdt;
using Tidal.Placement;
using Tidal.Replication;
using Tidal.Schema;
using Tidal.Testing.Faults;

namespace Tidal.Testing.Oracles;

/// <summary>A message that arrived, as the clock of its receiver has it.</summary>
/// <param name="Place">The receiver: a replica or a gateway.</param>
/// <param name="Before">Its clock before.</param>
/// <param name="Message">The clock that the message carried.</param>
/// <param name="After">Its clock after.</param>
public readonly record struct Delivery(Address Place, HlcTimestamp Before, HlcTimestamp Message, HlcTimestamp After);

/// <summary>
/// Watches a cluster from outside, while it runs: told of every delivery, commit and answer at the moment that it
/// happens. It only looks; nothing in the engine knows of it. A watch implements what it needs. Called on the one thread of
/// a simulation; in real time on the threads where it happens.
/// </summary>
public interface IClusterWatch
{
    /// <summary>An operator founds the group of a shard, with the cluster or anew: what it held before is gone.</summary>
    /// <param name="region">The region.</param>
    /// <param name="shard">The shard.</param>
    void OnFounded(RegionId region, ShardId shard)
    {
    }

    /// <summary>A replica stopped.</summary>
    /// <param name="place">Where it stood.</param>
    /// <param name="disk">What became of its disk.</param>
    void OnCrashed(Address place, DiskFate disk)
    {
    }

    /// <summary>A replica was taken up from its disk, and has not done anything yet.</summary>
    /// <param name="replica">The replica.</param>
    void OnStarted(ShardReplica replica)
    {
    }

    /// <summary>All that a replica has written is on its disk now.</summary>
    /// <param name="replica">The replica, which has not been told yet.</param>
    void OnFlushed(ShardReplica replica)
    {
    }

    /// <summary>A message has arrived and was taken.</summary>
    /// <param name="delivery">What the clocks say.</param>
    void OnDelivery(in Delivery delivery)
    {
    }

    /// <summary>A replica has taken an input, whichever it was. Called often.</summary>
    /// <param name="replica">The replica.</param>
    void OnStepped(ShardReplica replica)
    {
    }

    /// <summary>A replica has committed something, and applied it.</summary>
    /// <param name="replica">The replica.</param>
    void OnCommitted(ShardReplica replica)
    {
    }

    /// <summary>Something happened inside a replica; for a commit, after <see cref="OnCommitted"/>.</summary>
    /// <param name="replica">The replica.</param>
    /// <param name="happened">What.</param>
    void OnHappened(ShardReplica replica, in ReplicaEvent happened)
    {
    }

    /// <summary>A client's call is completed, with the session's token if it had one.</summary>
    /// <param name="client">The client.</param>
    /// <param name="call">The call.</param>
    void OnAnswered(ClusterClient client, ClientCall call)
    {
    }

    /// <summary>A client was told how a try of a write ended.</summary>
    /// <param name="client">The client.</param>
    /// <param name="call">The try, completed.</param>
    void OnTold(ClusterClient client, WriteCall call)
    {
    }
}

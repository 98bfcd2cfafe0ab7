using Tidal.Crdt;
using Tidal.Replication;

namespace Tidal.Hosting;

/// <summary>A message that was taken, as the clock of its receiver has it.</summary>
/// <param name="Place">The receiver: a replica or a gateway.</param>
/// <param name="Before">Its clock before.</param>
/// <param name="Message">The clock that the message carried.</param>
/// <param name="After">Its clock after.</param>
public readonly record struct HostedDelivery(Address Place, HlcTimestamp Before, HlcTimestamp Message, HlcTimestamp After);

/// <summary>
/// Is told what happens in a cluster, on the thread where it happens: it must be quick, must not block, and may look at the replica
/// that it is given during the call and no longer. An exception that it throws is a failure of the place that it was told of.
/// Called by many threads at a time; of one replica it hears in order, from one thread.
/// </summary>
public interface IClusterObserver
{
    /// <summary>A replica was taken up from its store, and has not done anything yet.</summary>
    /// <param name="replica">The replica.</param>
    void OnStarted(ShardReplica replica)
    {
    }

    /// <summary>A replica stopped: by order, or because something failed.</summary>
    /// <param name="place">Where it stood.</param>
    void OnStopped(Address place)
    {
    }

    /// <summary>Something failed in the background.</summary>
    /// <param name="failure">What, where and when.</param>
    void OnFailed(ClusterFailure failure)
    {
    }

    /// <summary>All that a replica wrote before it asked for a flush is durable; it is told next.</summary>
    /// <param name="replica">The replica.</param>
    void OnFlushed(ShardReplica replica)
    {
    }

    /// <summary>A message was taken by a replica or a gateway.</summary>
    /// <param name="delivery">What the clocks say.</param>
    void OnDelivery(in HostedDelivery delivery)
    {
    }

    /// <summary>A replica has taken an input, whichever it was. Called often.</summary>
    /// <param name="replica">The replica.</param>
    void OnStepped(ShardReplica replica)
    {
    }

    /// <summary>Something happened inside a replica.</summary>
    /// <param name="replica">The replica.</param>
    /// <param name="happened">What.</param>
    /// <param name="nowMicroseconds">When, by the cluster's monotonic time.</param>
    void OnEvent(ShardReplica replica, in ReplicaEvent happened, long nowMicroseconds)
    {
    }
}

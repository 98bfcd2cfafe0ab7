using System.Collections.Concurrent;
using Tidal.Hosting;
using Tidal.Replication;

namespace Tidal.Tests.Hosting;

/// <summary>Keeps what it is told.</summary>
internal sealed class ListeningObserver : IClusterObserver
{
    public ConcurrentQueue<Address> Started { get; } = [];

    public ConcurrentQueue<Address> Stopped { get; } = [];

    public ConcurrentQueue<ClusterFailure> Failed { get; } = [];

    public ConcurrentQueue<ReplicaEventKind> Events { get; } = [];

    /// <summary>Deliveries after which the receiver's clock was not beyond the message's and its own before.</summary>
    public ConcurrentQueue<HostedDelivery> Backwards { get; } = [];

    public void OnStarted(ShardReplica replica) => Started.Enqueue(replica.Self);

    public void OnStopped(Address place) => Stopped.Enqueue(place);

    public void OnFailed(ClusterFailure failure) => Failed.Enqueue(failure);

    public void OnEvent(ShardReplica replica, in ReplicaEvent happened, long nowMicroseconds) => Events.Enqueue(happened.Kind);

    public void OnDelivery(in HostedDelivery delivery)
    {
        if (delivery.After <= delivery.Before || delivery.After <= delivery.Message)
            Backwards.Enqueue(delivery);
    }
}

using Tidal.Placement;
using Tidal.Replication;
using Tidal.Schema;
using Tidal.Testing.Faults;

namespace Tidal.Testing.Oracles;

/// <summary>A broken invariant, seen at the moment that it broke.</summary>
/// <param name="Invariant">Its number in the design.</param>
/// <param name="At">When, since the cluster was founded.</param>
/// <param name="Place">Where.</param>
/// <param name="Text">What was seen and what was expected.</param>
public readonly record struct InvariantViolation(int Invariant, TimeSpan At, string Place, string Text)
{
    /// <inheritdoc/>
    public override string ToString() =>
        FormattableString.Invariant($"invariant {Invariant} at {At.TotalSeconds:0.000000} s, {Place}: {Text}");
}

/// <summary>
/// Watches the invariants that can be told at once, at each commit, delivery and answer: what is acknowledged is on a quorum
/// and in the log of every later primary (1); a group commits one record at an index, and no operation twice (1, 3); one
/// primary acknowledges in an epoch, and epochs never go back (7); clocks grow with every delivery, and every
/// call of a session (9). It keeps its own books, from record bytes, disks and clocks, and asks the engine for nothing but
/// those. Not safe for use by several threads.
/// </summary>
public sealed class InvariantWatch : IClusterWatch
{
    /// <summary>Violations kept; more are only counted.</summary>
    public const int ViolationsKept = ViolationLog.ViolationsKept;

    private readonly Topology _topology;
    private readonly Func<TimeSpan> _now;
    private readonly WatchedPlace[] _places;
    private readonly WatchedGroup[] _groups;
    private readonly ViolationLog _log;

    /// <summary>A watch over a cluster that is about to be founded.</summary>
    /// <param name="topology">The cluster.</param>
    /// <param name="now">How long the cluster has run.</param>
    public InvariantWatch(Topology topology, Func<TimeSpan> now)
    {
        ArgumentNullException.ThrowIfNull(topology);
        _topology = topology;
        _now = now;
        _log = new ViolationLog(topology);
        _groups = [.. Enumerable.Range(0, topology.RegionCount * topology.ShardCount).Select(_ => new WatchedGroup())];
        _places = [.. Enumerable.Range(0, _groups.Length * topology.ReplicaCount).Select(_ => new WatchedPlace())];
    }

    /// <summary>The violations, in order.</summary>
    public IReadOnlyList<InvariantViolation> Violations => _log.Violations;

    /// <summary>How many there were.</summary>
    public long Count => _log.Count;

    /// <inheritdoc/>
    public void OnFounded(RegionId region, ShardId shard) => _groups[GroupOf(region, shard)] = new WatchedGroup();

    /// <inheritdoc/>
    public void OnCrashed(Address place, DiskFate disk) => PlaceOf(place).Crash(disk);

    /// <inheritdoc/>
    public void OnStarted(ShardReplica replica)
    {
        ArgumentNullException.ThrowIfNull(replica);
        PlaceOf(replica.Self).Start(replica);
        OnStepped(replica);
        OnCommitted(replica);
    }

    /// <inheritdoc/>
    public void OnFlushed(ShardReplica replica)
    {
        ArgumentNullException.ThrowIfNull(replica);
        PlaceOf(replica.Self).Flushed();
    }

    /// <inheritdoc/>
    public void OnDelivery(in Delivery delivery)
    {
        if (delivery.After <= delivery.Before)
            Tell(9, delivery.Place, $"its clock went from {delivery.Before} to {delivery.After} with a message");
        if (delivery.After <= delivery.Message)
            Tell(9, delivery.Place, $"its clock is {delivery.After} after a message of {delivery.Message}");
    }

    /// <inheritdoc/>
    public void OnAnswered(ClusterClient client, ClientCall call)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(call);
        if (call.Token is { } token)
            OnHop(client.Region, token, call.TokenAfter);
    }

    internal void OnHop(RegionId region, SessionToken token, SessionToken? after)
    {
        if (after is null || after.Hlc <= token.Hlc)
            Tell(9, Address.OfGateway(region), $"a session that had seen {token.Hlc} has seen {after?.Hlc.ToString() ?? "nothing"} after a call");
    }

    /// <inheritdoc/>
    public void OnStepped(ShardReplica replica)
    {
        ArgumentNullException.ThrowIfNull(replica);
        var place = PlaceOf(replica.Self);
        var epoch = replica.Raft.Epoch;
        if (epoch < place.Epoch)
            Tell(7, replica.Self, $"it went from epoch {place.Epoch} back to {epoch}");
        place.Epoch = epoch;
    }

    /// <inheritdoc/>
    public void OnCommitted(ShardReplica replica)
    {
        ArgumentNullException.ThrowIfNull(replica);
        var group = GroupOf(replica.Self);
        foreach (var envelope in PlaceOf(replica.Self).ReadCommitted())
        {
            if (group.Take(envelope) is { } problem)
                Tell(problem.Invariant, replica.Self, problem.Text);
        }
    }

    /// <inheritdoc/>
    public void OnHappened(ShardReplica replica, in ReplicaEvent happened)
    {
        ArgumentNullException.ThrowIfNull(replica);
        switch (happened.Kind)
        {
            case ReplicaEventKind.CutTail:
                PlaceOf(replica.Self).Cut(happened.Number);
                break;
            case ReplicaEventKind.Acknowledged:
                OnAcknowledged(replica, happened);
                break;
            case ReplicaEventKind.PrimaryReady:
                OnReady(replica, happened.Epoch);
                break;
        }
    }

    private void OnAcknowledged(ShardReplica replica, in ReplicaEvent happened)
    {
        var group = GroupOf(replica.Self);
        if (!group.AcknowledgesAlone(happened.Epoch, replica.Self.Replica))
            Tell(7, replica.Self, $"it acknowledges in epoch {happened.Epoch}, in which another replica has");
        if (happened.Operation.IsNone)
            return;
        if ((group.Find(happened.Tenant, happened.Operation) ?? FindInSnapshot(replica.Self, happened)) is not { } record)
        {
            Tell(1, replica.Self, $"it acknowledges {happened.Operation}, of which its group has committed nothing");
            return;
        }
        var holders = _topology.Replicas.Count(other => PlaceOf(replica.Self with { Replica = other }).HasOnDisk(record));
        if (holders < _topology.Quorum)
            Tell(1, replica.Self, $"it acknowledges {happened.Operation}, which is on {holders} of {_topology.ReplicaCount} disks");
        group.Acknowledged(record);
    }

    // A snapshot does not say in the open what it stands for: what another region's group has committed may be in it.
    private LogPlace? FindInSnapshot(Address place, ReplicaEvent acknowledged) =>
        _topology.Regions.Any(other => _groups[GroupOf(other, place.Shard)].HasHeld(acknowledged.Tenant, acknowledged.Operation))
            ? GroupOf(place).LastSnapshot(acknowledged.Tenant)
            : null;

    private void OnReady(ShardReplica replica, ulong epoch)
    {
        if (GroupOf(replica.Self).LastAcknowledged is { } record && !WatchedPlace.Holds(replica, record))
            Tell(1, replica.Self, $"it is the primary of epoch {epoch} without {record}, which was acknowledged");
    }

    private void Tell(int invariant, Address place, string text) => _log.Add(invariant, _now(), place, text);

    private WatchedGroup GroupOf(Address place) => _groups[GroupOf(place.Region, place.Shard)];

    private int GroupOf(RegionId region, ShardId shard) => region.Ordinal * _topology.ShardCount + shard.Number;

    private WatchedPlace PlaceOf(Address place) => _places[GroupOf(place.Region, place.Shard) * _topology.ReplicaCount + place.Replica.Number];
}

using Tidal.Query;
using Tidal.Replication;
using Tidal.Schema;

namespace Tidal.Placement;

/// <summary>Something that wants to be woken at a time. Not safe for use by several threads.</summary>
internal abstract class Sleeper
{
    /// <summary>When to be woken, monotonic microseconds; whoever changes it asks the gateway again.</summary>
    public long WakeMicroseconds { get; protected set; }

    /// <summary>Whether it wants nothing any more.</summary>
    public bool IsDone { get; protected set; }

    public abstract void Wake();
}

/// <summary>Rings once, at its time, unless it is put off before.</summary>
internal sealed class Alarm : Sleeper
{
    private readonly Action _ring;

    public Alarm(Gateway gateway, long atMicroseconds, Action ring)
    {
        _ring = ring;
        WakeMicroseconds = atMicroseconds;
        gateway.WakeLater(this);
    }

    public void PutOff() => IsDone = true;

    public override void Wake()
    {
        IsDone = true;
        _ring();
    }
}

/// <summary>
/// One question of a gateway to one shard, asked of one replica after another until it is answered or its time is up.
/// Not safe for use by several threads.
/// </summary>
internal abstract class ShardTask(Gateway gateway, TenantId tenant, ShardPlace place, long deadline) : Sleeper
{
    /// <summary>So many redirections in a row are followed at once; after that there is a pause before each.</summary>
    private const int RedirectsAtOnce = 4;

    private int _redirects;

    /// <summary>The shard.</summary>
    public ShardPlace Place { get; } = place;

    /// <summary>The version of the tenant's placement by which the shard is asked.</summary>
    public ulong PlacementVersion { get; init; } = gateway.PlacementVersionOf(tenant);

    /// <summary>When to give the region up for another one, monotonic microseconds; the highest value if there is none.</summary>
    public long LeaveMicroseconds { get; init; } = long.MaxValue;

    /// <summary>The tries made so far: a handful, bounded by the deadline.</summary>
    public List<ulong> Tries { get; } = new(capacity: 2);

    protected Gateway Gateway { get; } = gateway;

    protected TenantId Tenant { get; } = tenant;

    protected long Deadline { get; } = deadline;

    /// <summary>The last try that may be answered with what was asked for.</summary>
    protected ulong Asked { get; private set; }

    /// <summary>Whether an answer of the replica asked is outstanding; else it waits before it asks again.</summary>
    protected bool IsAsking { get; private set; }

    /// <summary>Whether the last replica that declined heard a quorum of its group.</summary>
    protected bool LastHeardQuorum { get; private set; } = true;

    protected abstract TimeSpan Timeout { get; }

    /// <summary>Asks whom the gateway takes for the primary; when it takes nobody for it, asks around first.</summary>
    public void Ask()
    {
        var route = Gateway.RouteTo(Place);
        if (!route.IsKnown && NeedsPrimary)
        {
            Locate();
            return;
        }
        IsAsking = true;
        Asked = Gateway.NextTry();
        Gateway.Send(this, route.Replica, Request(Asked, route.Epoch));
        Sleep(Timeout);
    }

    public override void Wake()
    {
        if (Gateway.NowMicroseconds >= Deadline)
            OnDeadline();
        else if (Gateway.NowMicroseconds >= LeaveMicroseconds && MayLeave)
            OnLeave();
        else if (IsAsking)
            OnTimeout();
        else
            Ask();
    }

    public void OnNotPrimary(ReplicaId asked, NotPrimary reply)
    {
        LastHeardQuorum = reply.HearsQuorum;
        var knowsMore = Gateway.RouteTo(Place).Learn(asked, reply);
        if (IsAsking && reply.Try != Asked)
            return;
        if (knowsMore && FollowsRedirects && ++_redirects % RedirectsAtOnce != 0)
            Ask();
        else if (IsAsking)
            OnNoPrimaryKnown();
    }

    /// <summary>The replica asked knows another placement of the tenant than this task goes by: nothing was appended or read.</summary>
    public virtual void OnMoved(ReplicaId asked, ulong tried)
    {
        if (Gateway.PlacementVersionOf(Tenant) != PlacementVersion)
            OnPlacementChanged();
        else
            AskAgain(asked, tried);
    }

    public abstract void OnReply(GatewayReply reply);

    /// <summary>The gateway knows a newer placement of the tenant than this task goes by.</summary>
    protected abstract void OnPlacementChanged();

    /// <summary>The replica asked knew an older placement, or none. It has been told the newer one, if one is known here.</summary>
    protected virtual void AskAgain(ReplicaId asked, ulong tried)
    {
        // Those that were asked who the primary is are asked again in a moment anyhow: all of them at once, and not for each answer.
        if (!IsAsking || tried != Asked)
            return;
        if (++_redirects % RedirectsAtOnce != 0)
            Ask();
        else
            OnNoPrimaryKnown();
    }

    protected abstract GatewayRequest Request(ulong tried, ulong epoch);

    protected abstract void OnDeadline();

    /// <summary>Whether another region may be asked now.</summary>
    protected virtual bool MayLeave => true;

    /// <summary>The region has had its time.</summary>
    protected virtual void OnLeave()
    {
    }

    /// <summary>Whether a primary that another replica names is asked; else all were asked already.</summary>
    protected virtual bool FollowsRedirects => true;

    /// <summary>Whether only a primary may be asked; else any replica is as good to begin with.</summary>
    protected virtual bool NeedsPrimary => true;

    /// <summary>The replica asked did not answer in time.</summary>
    protected virtual void OnTimeout()
    {
        Gateway.RouteTo(Place).Forget();
        Ask();
    }

    /// <summary>Nobody knows a primary: there will be one in a moment.</summary>
    protected virtual void OnNoPrimaryKnown()
    {
        IsAsking = false;
        Sleep(Gateway.Options.RerouteDelay);
    }

    /// <summary>
    /// Asks all replicas who the primary is. A write itself is sent to a replica that is taken for the primary and to no
    /// other: sent to a dead one, its outcome would be unknown for nothing.
    /// </summary>
    private void Locate()
    {
        IsAsking = false;
        foreach (var replica in Gateway.Replicas)
            Gateway.Send(this, replica, Locating(Gateway.NextTry()));
        Sleep(Gateway.Options.RerouteDelay);
    }

    /// <summary>What all replicas are asked when none is taken for the primary.</summary>
    protected virtual GatewayRequest Locating(ulong tried) => new LocateRequest { Try = tried, Tenant = Tenant };

    /// <summary>It has its answer or has given up: answers that still come are ignored, and those that never come not waited for.</summary>
    protected void Done()
    {
        IsDone = true;
        Gateway.Forget(this);
    }

    protected void Sleep(TimeSpan time)
    {
        WakeMicroseconds = Math.Min(Deadline, Gateway.NowMicroseconds + (long)time.TotalMicroseconds);
        if (LeaveMicroseconds > Gateway.NowMicroseconds)
            WakeMicroseconds = Math.Min(LeaveMicroseconds, WakeMicroseconds);
        Gateway.WakeLater(this);
    }
}

/// <summary>Looks for a shard's primary ahead of a question, while the gateway has to wait for something else anyhow.</summary>
internal sealed class LocateTask(Gateway gateway, TenantId tenant, ShardPlace place, long deadline)
    : ShardTask(gateway, tenant, place, deadline)
{
    protected override TimeSpan Timeout => Gateway.Options.ReadTimeout;

    // What it hears is heard by the route.
    protected override bool FollowsRedirects => false;

    public override void Wake()
    {
        if (Gateway.NowMicroseconds < Deadline)
            Sleep(TimeSpan.FromMicroseconds(Deadline - Gateway.NowMicroseconds));
        else
            Done();
    }

    public override void OnReply(GatewayReply reply)
    {
    }

    // Whoever waits for the other thing will be told so himself.
    public override void OnMoved(ReplicaId asked, ulong tried)
    {
    }

    protected override void OnPlacementChanged()
    {
    }

    protected override GatewayRequest Request(ulong tried, ulong epoch) => Locating(tried);

    protected override void OnDeadline() => Done();
}

/// <summary>Whom a gateway takes for the primary of a shard. Not safe for use by several threads.</summary>
internal sealed class ShardRoute
{
    /// <summary>Whether anybody is taken for it; else <see cref="Replica"/> is a guess.</summary>
    public bool IsKnown { get; private set; }

    /// <summary>The replica.</summary>
    public ReplicaId Replica { get; private set; }

    /// <summary>Its epoch; 0 while nothing was heard.</summary>
    public ulong Epoch { get; private set; }

    /// <summary>Learns from a replica that is not the primary of the epoch asked for, or that was asked who is.</summary>
    /// <returns>Whether a primary is known now.</returns>
    public bool Learn(ReplicaId asked, NotPrimary reply)
    {
        if (reply.Primary is { } primary && reply.Epoch >= Epoch)
        {
            Replica = primary;
            Epoch = reply.Epoch;
            IsKnown = true;
        }
        else if (asked == Replica && reply.Epoch >= Epoch)
        {
            Forget();
        }
        return IsKnown;
    }

    /// <summary>Another replica than is taken for the primary has answered a question that was asked of that one.</summary>
    public void HandedOn(ReplicaId asked, ReplicaId answered)
    {
        if (IsKnown && Replica == asked)
            Replica = answered;
    }

    /// <summary>It did not answer, or is the primary no more.</summary>
    public void Forget() => IsKnown = false;
}
